// No row of errors.md: `#[step]` on a call of a macro.

use workflow_runtime::step;

macro_rules! price {
    () => {
        async fn price() {}
    };
}

#[step]
price!();

fn main() {}

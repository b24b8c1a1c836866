// No row of errors.md: a name in quotes where `crate` takes a path.

use workflow_runtime::step;

#[step(crate = "workflow_runtime")]
async fn quoted() -> u32 {
    7
}

fn main() {}

//! A workflow with hundreds of steps, in a thread with the stack that threads have; and workflows
//! that take much of the compiler's.

use std::thread;

use workflow_tests::random::context::{Key, Pace};
use workflow_tests::random::{LARGE, check, interpret, run::run};

/// What `std` gives a thread that is not the main one.
const STACK: usize = 2 * 1024 * 1024;

fn pace(key: Key) -> Pace {
    Pace::Sleep(u64::from(key.id * 7 % 40))
}

#[test]
fn a_large_workflow_fits_into_the_stack_of_a_thread() {
    let thread = thread::Builder::new().stack_size(STACK).spawn(|| {
        let observed = run(&LARGE, 1, 2, &pace, None);
        let expected = interpret(&LARGE.model(), 1, 2, &pace, None);
        check(&expected, &observed)
    });
    let outcome = thread.expect("a thread can be made").join().expect("it does not panic");
    assert_eq!(outcome, Ok(()));
}

/// What is long or deep, as `build.rs` writes it.
#[allow(unused_parens, clippy::double_parens)]
mod deep {
    use workflow_runtime::{step, workflow};

    #[step]
    async fn same(n: u32) -> u32 {
        n
    }

    fn plus(n: u32) -> u32 {
        n + 1
    }

    include!(concat!(env!("OUT_DIR"), "/deep.rs"));

    #[tokio::test]
    async fn the_macro_takes_what_the_compiler_takes() {
        assert_eq!(sum(1).await, 5001);
        assert_eq!(choices(7).await, 14);
        assert_eq!(values(199).await, 1 + 199);
        assert_eq!(steps(7).await, 1);
        assert_eq!((chain(149).await, chain(150).await), (149, 7));
        assert_eq!((head(1).await, head(2).await), (1, 7));
        assert_eq!(parentheses(3).await, 6);
        assert_eq!(blocks(3).await, 3);
        assert_eq!(calls(3).await, 2 * 603);
        assert_eq!(sum_in_a_step(1).await, 5000);
    }
}

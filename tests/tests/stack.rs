//! A workflow with hundreds of steps, in a thread with the stack that threads have.

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

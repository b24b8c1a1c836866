//! What rust-analyzer shows of steps and workflows. The tests in `tests/` write the crate in `user/` to
//! a folder of its own, and ask a real rust-analyzer about it.

//! The arguments of a step that is tried again.

/// What a retried step can be given by value.
#[diagnostic::on_unimplemented(
    message = "the arguments of a retried step must be `Clone`",
    label = "`{Self}` is not `Clone`",
    note = "a retried step runs its body again, and each attempt takes the arguments: derive \
            `Clone`, or take the argument by reference"
)]
pub trait Again {
    /// One more of it.
    #[must_use]
    fn one_more(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Again for T {
    #[inline]
    fn one_more(&self) -> T {
        self.clone()
    }
}

/// The argument for the next attempt: a clone of what is kept, and for the last attempt
/// what is kept itself.
#[inline]
pub fn again<T: Again>(kept: &mut Option<T>, is_last: bool) -> T {
    let argument = if is_last { kept.take() } else { kept.as_ref().map(Again::one_more) };
    argument.expect("there is no attempt after the last one")
}

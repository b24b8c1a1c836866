//! What a node was before.

/// What `#[was]` says about a declaration.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Was {
    pub names: &'static [&'static str],
    pub functions: &'static [&'static str],
    pub outputs: &'static [&'static str],
}

impl Was {
    /// For a declaration that has always been what it is.
    pub(crate) const NOTHING: Self = Self { names: &[], functions: &[], outputs: &[] };
}

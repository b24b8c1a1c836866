//! Tells a durable workflow whether there is what it needs.

/// A durable workflow, and what stands in for it where it cannot be.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "durable")]
macro_rules! __if_durable {
    ({ $($workflow:tt)* } { $($broken:tt)* }) => { $($workflow)* };
}

/// A durable workflow, and what stands in for it where it cannot be.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "durable"))]
macro_rules! __if_durable {
    ({ $($workflow:tt)* } { $($broken:tt)* }) => {
        $($broken)*
    };
}

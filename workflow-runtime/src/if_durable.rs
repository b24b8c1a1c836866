//! Picks a durable workflow if the feature that it needs is on.

/// Picks between a durable workflow and what stands in for it without the feature `durable`.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "durable")]
macro_rules! __if_durable {
    ({ $($workflow:tt)* } { $($broken:tt)* }) => { $($workflow)* };
}

/// Picks between a durable workflow and what stands in for it without the feature `durable`.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "durable"))]
macro_rules! __if_durable {
    ({ $($workflow:tt)* } { $($broken:tt)* }) => {
        $($broken)*
    };
}

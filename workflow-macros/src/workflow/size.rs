//! The expansion grows with the graph and no faster: nothing of the user's is copied.

use std::fmt::Write;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// A ladder: each rung needs the two before it, so that no part is series-parallel.
fn ladder(steps: usize) -> String {
    let mut source = "async fn ladder(n: u64) -> Result<u64, Failed> {\n".to_owned();
    for at in 0..steps {
        let needs = match at {
            0 | 1 => "&n".to_owned(),
            2 => "&s0".to_owned(),
            _ => format!("&s{}, &s{}", at - 3, at - 2),
        };
        writeln!(source, "let s{at} = work({needs}).await?;").expect("a string takes it");
    }
    write!(source, "Ok(s{}) }}", steps - 1).expect("a string takes it");
    source
}

fn tokens(stream: TokenStream) -> usize {
    let count = |token| match token {
        TokenTree::Group(group) => 1 + tokens(group.stream()),
        _ => 1,
    };
    stream.into_iter().map(count).sum()
}

fn expanded(steps: usize) -> (usize, String) {
    let source = ladder(steps).parse().expect("it is Rust");
    let expansion = super::expand(source, &quote!(rt));
    (tokens(expansion.clone()), expansion.to_string())
}

#[test]
fn the_expansion_is_linear() {
    let (small, _) = expanded(60);
    let (large, text) = expanded(240);
    assert!(large * 60 <= small * 240 * 11 / 10, "{small} tokens for 60 steps, {large} for 240");
    assert!(text.contains("region"), "the graph has a region");
}

#[test]
fn each_call_is_written_once() {
    let (_, text) = expanded(120);
    assert_eq!(text.matches("work (").count(), 120);
}

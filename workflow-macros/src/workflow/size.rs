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

/// On a stack as large as rustc's own, of which the compiler has used some.
fn expand_on_small_stack(source: String) -> String {
    let expand = move || {
        let source = source.parse().expect("it is Rust");
        super::expand(source, &quote!(rt)).to_string()
    };
    let thread = std::thread::Builder::new().stack_size(7 << 20).spawn(expand);
    thread.expect("a thread").join().expect("the stack is large enough")
}

#[test]
fn what_is_deep_or_long_fits_on_the_stack() {
    let sum = vec!["n"; 5000].join(" + ");
    let mut choices = String::new();
    for at in 0..3000 {
        write!(choices, "if n == {at} {{ {at} }} else ").expect("a string takes it");
    }
    choices.push_str("{ 0 }");
    let nested = |innermost: &str, depth: usize| {
        (0..depth).fold(innermost.to_owned(), |inner, at| {
            format!("match n {{ {at} => {{ {inner} }} _ => 1 }}")
        })
    };
    let deep = nested("n + 1", 400);
    for (value, written) in [(&sum, "n + n"), (&choices, "else"), (&deep, "399u64")] {
        let written = written.trim_end_matches("u64");
        for body in [
            format!("let m = {value}; let a = work(m).await; a"),
            format!("let a = work(&n).await; let m = f({value}); m + a"),
            format!("let a = work(n).await; {value}"),
        ] {
            let text = expand_on_small_stack(format!("async fn long(n: u64) -> u64 {{ {body} }}"));
            assert!(text.contains(written) && !text.contains("__unparsed"), "{body}");
            assert!(!text.contains("compile_error"), "{text}");
        }
    }
    let steps = nested("work(n).await", 90);
    let text =
        expand_on_small_stack(format!("async fn deep(n: u64) -> u64 {{ let m = {steps}; m }}"));
    assert_eq!(text.matches("chose").count(), 180);
    assert!(!text.contains("__unparsed") && !text.contains("compile_error"));
    let steps = nested("work(n).await", 200);
    let text =
        expand_on_small_stack(format!("async fn deep(n: u64) -> u64 {{ let m = {steps}; m }}"));
    assert_eq!(text.matches("nested too deeply").count(), 1);
}

//! The expansion grows no faster than the graph: the user's code is not copied, but for two
//! calls that may be at odds over a value, in code that never runs.

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

/// Values that are deep or long.
fn values() -> Vec<(String, &'static str)> {
    let mut choices = String::new();
    for at in 0..3000 {
        write!(choices, "if n == {at} {{ {at} }} else ").expect("a string takes it");
    }
    choices.push_str("{ 0 }");
    let layers = |open: &str, close: &str, depth| {
        format!("{}n + 1{}", open.repeat(depth), close.repeat(depth))
    };
    vec![
        (vec!["n"; 5000].join(" + "), "n + n"),
        (choices, "else"),
        (matches_inside_each_other("n + 1", 400), "399"),
        (layers("(", ")", 1500), "n + 1"),
        (layers("{", "}", 600), "n + 1"),
        (layers("g(", ")", 1500), "g (g ("),
        (layers("[(", ")][0]", 500), "[0]"),
        (layers("if n > 1 { ", " } else { 0 }", 400), "else"),
    ]
}

fn matches_inside_each_other(innermost: &str, depth: usize) -> String {
    (0..depth).fold(innermost.to_owned(), |inner, at| {
        format!("match n {{ {at} => {{ {inner} }} _ => 1 }}")
    })
}

/// Expands on a stack as large as rustc's own, minus what the compiler has already used.
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
    for (value, written) in values() {
        for body in [
            format!("let m = {value}; let a = work(m).await; a"),
            format!("let a = work(&n).await; let m = f({value}); m + a"),
            format!("let a = work(n).await; {value}"),
            format!("let a = work(f(n), {value}).await; a"),
            format!("let a = if n == 1 {{ work(n).await }} else {{ {value} }}; a"),
            format!("let a = match f({value}) {{ 1 => work(n).await, _ => 1 }}; a"),
        ] {
            let text = expand_on_small_stack(format!("async fn long(n: u64) -> u64 {{ {body} }}"));
            assert!(text.contains(written) && !text.contains("__unparsed"), "{body}");
            assert!(!text.contains("compile_error"), "{text}");
        }
    }
}

#[test]
fn long_heads_of_branches_fit_on_the_stack() {
    let sum = vec!["n"; 5000].join(" + ");
    for body in [
        format!("let a = if {sum} == 1 {{ work(n).await }} else {{ 1 }}; a"),
        format!("let a = if n == 1 {{ 1 }} else if {sum} == 1 {{ work(n).await }} else {{ 1 }}; a"),
        format!("let a = match {sum} {{ 1 => work(n).await, m if m > n => 2, _ => 1 }}; a"),
        format!("let a = for m in 0..{sum} {{ work(m).await }}; a.len()"),
    ] {
        let text = expand_on_small_stack(format!("async fn long(n: u64) -> u64 {{ {body} }}"));
        assert!(text.contains(&sum), "{body}");
        assert!(!text.contains("__unparsed") && !text.contains("compile_error"), "{text}");
    }
}

/// Each is an arm of the same branch, however many there are.
#[test]
fn a_chain_with_steps_fits_on_the_stack() {
    for (first, second) in [("work(n).await", "work(n + 1).await"), ("1", "work(n).await")] {
        let mut chain = String::new();
        for at in 0..3000 {
            let step = if at < 1500 { first } else { second };
            write!(chain, "if n == {at} {{ {step} }} else ").expect("a string takes it");
        }
        let body = format!("let m = {chain} {{ 0 }}; m");
        let text = expand_on_small_stack(format!("async fn long(n: u64) -> u64 {{ {body} }}"));
        assert_eq!(text.matches("chose (0 ,").count(), 3001, "all are of one branch");
        assert!(!text.contains("__unparsed") && !text.contains("compile_error"));
    }
}

#[test]
fn layers_around_a_step_fit_on_the_stack() {
    for (open, close) in [("(", ")"), ("{", "}"), ("{(", ")}")] {
        for depth in [2, 20, 40] {
            let step = format!("{}work(n).await{}", open.repeat(depth), close.repeat(depth));
            let source = format!("async fn long(n: u64) -> u64 {{ let m = {step}; m }}");
            let text = expand_on_small_stack(source);
            assert_eq!(text.matches("work (n)").count(), 1, "{open}{depth}: {text}");
            assert!(!text.contains("__unparsed") && !text.contains("compile_error"), "{text}");
        }
    }
    for (open, close) in [("(", ")"), ("{", "}")] {
        let step = format!("{}work(n).await{}", open.repeat(2000), close.repeat(2000));
        let text =
            expand_on_small_stack(format!("async fn long(n: u64) -> u64 {{ let m = {step}; m }}"));
        assert_eq!(text.matches("work (n)").count(), 1);
        assert!(!text.contains("compile_error"), "{text}");
    }
}

#[test]
fn bodies_with_steps_that_are_deep_fit_on_the_stack_or_are_refused() {
    let expanded = |depth| {
        let steps = matches_inside_each_other("work(n).await", depth);
        expand_on_small_stack(format!("async fn deep(n: u64) -> u64 {{ let m = {steps}; m }}"))
    };
    let text = expanded(90);
    assert_eq!(text.matches("chose").count(), 180);
    assert!(!text.contains("__unparsed") && !text.contains("compile_error"));
    assert_eq!(expanded(200).matches("nested too deeply").count(), 1);
}

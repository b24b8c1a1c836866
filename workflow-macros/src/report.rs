//! Compile errors in the form that the project promises: a headline, then notes, then
//! help; all independent ones in one build.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Report {
    problems: Vec<Problem>,
    torn: bool,
}

/// One error. The headline says what is wrong; only help says what to do.
pub(crate) struct Problem {
    at: TokenStream,
    text: String,
    /// rustc reports it as well, if it has parsed the function.
    is_slip: bool,
}

impl Report {
    /// Adds an error whose caret is on `at`.
    pub(crate) fn error(&mut self, at: impl ToTokens, headline: impl Into<String>) -> &mut Problem {
        self.add(Problem { at: at.into_token_stream(), text: headline.into(), is_slip: false })
    }

    fn add(&mut self, problem: Problem) -> &mut Problem {
        self.problems.push(problem);
        self.problems.last_mut().expect("one has just been added")
    }

    /// Adds what syn reports about tokens that do not parse. An error without text has been
    /// reported already.
    pub(crate) fn syntax_error(&mut self, error: &syn::Error) {
        // The others are about what is left behind the first one.
        let mut errors = error.clone().into_iter().filter(|error| !error.to_string().is_empty());
        if let Some(error) = errors.next() {
            let at = proc_macro2::Ident::new("here", error.span());
            let text = expectation(&error);
            let is_slip = never_in_rust(&text, error.span());
            self.torn(at, text).is_slip = is_slip;
        }
    }

    /// Adds an error about tokens that do not parse.
    pub(crate) fn torn(&mut self, at: impl ToTokens, headline: impl Into<String>) -> &mut Problem {
        self.torn = true;
        self.error(at, headline)
    }

    /// Adds an error about tokens that certainly do not parse in any function.
    pub(crate) fn slip(&mut self, at: impl ToTokens, headline: impl Into<String>) -> &mut Problem {
        let problem = self.torn(at, headline);
        problem.is_slip = true;
        problem
    }

    /// Leaves out what rustc reports where it has parsed the function itself.
    pub(crate) fn without_slips(mut self) -> Self {
        self.problems.retain(|problem| !problem.is_slip);
        self
    }

    /// Whether something did not parse.
    pub(crate) fn is_torn(&self) -> bool {
        self.torn
    }

    /// Where the problems are: at each token of which an error speaks.
    pub(crate) fn places(&self) -> Vec<Span> {
        let tokens = self.problems.iter().flat_map(|problem| problem.at.clone());
        tokens.map(|token| token.span()).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.problems.append(&mut other.problems);
        self.torn |= other.torn;
    }

    /// A `compile_error!` for each, in the order in which they were found.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let errors = self
            .problems
            .into_iter()
            .map(|problem| syn::Error::new_spanned(problem.at, problem.text).to_compile_error());
        quote!(#(#errors)*)
    }
}

impl Problem {
    /// Adds context.
    pub(crate) fn note(&mut self, text: &str) -> &mut Self {
        self.line("note", text)
    }

    /// Says what to do.
    pub(crate) fn help(&mut self, text: &str) -> &mut Self {
        self.line("help", text)
    }

    fn line(&mut self, kind: &str, text: &str) -> &mut Self {
        self.text.push('\n');
        self.text.push_str(kind);
        self.text.push_str(": ");
        self.text.push_str(text);
        self
    }
}

/// What syn expected, in rustc's words.
pub(crate) fn expectation(error: &syn::Error) -> String {
    let text = error.to_string();
    let text = text.trim_start_matches("unexpected end of input, ");
    if text.starts_with("expected one of: `for`, parentheses") {
        return "expected a type".to_owned();
    }
    if text.starts_with("expected one of: identifier, `::`, `<`, `_`, literal") {
        return "expected a pattern".to_owned();
    }
    if text == "expected identifier or integer" {
        return "expected a name".to_owned();
    }
    text.to_owned()
}

/// Whether what syn says of the tokens at `place` holds for every Rust, so that rustc says it as well.
fn never_in_rust(text: &str, place: Span) -> bool {
    let missing =
        ["expected `,`", "expected `:`", "expected `=>`", "expected `in`", "expected curly braces"];
    if missing.contains(&text) {
        return true;
    }
    let found = place.source_text().unwrap_or_default();
    text == "expected an expression" && ENDS.contains(&&*found)
}

/// What no expression begins with.
const ENDS: [&str; 9] = [",", ";", ":", "=", ">", "?", ")", "else", "await"];

/// Where a token ends: the closing delimiter of a group, or else the whole token.
pub(crate) fn last_place(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    }
}

/// Code as written, on one line, and short enough for a help text.
pub(crate) fn shown(code: &dyn ToTokens) -> String {
    let mut text = String::new();
    let mut end = None;
    for token in code.to_token_stream() {
        let span = token.span();
        if end.is_some_and(|end| end != span.start()) {
            text.push(' ');
        }
        end = Some(span.end());
        let written = span.source_text().unwrap_or_else(|| token.to_string());
        text.push_str(&written.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if text.chars().count() <= 60 {
        return text;
    }
    let name: String = text.chars().take_while(|&letter| letter != '(').collect();
    if name.chars().count() <= 60 { format!("{name}(…)") } else { "…".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn shows_code_as_written() {
        let code = |text| syn::parse_str::<syn::Expr>(text).expect("an expression");
        assert_eq!(shown(&code("shop.charge( &order,\n    1 )")), "shop.charge( &order, 1 )");
        let long = format!("charge({})", "order, ".repeat(20));
        assert_eq!(shown(&code(&long)), "charge(…)");
    }
}

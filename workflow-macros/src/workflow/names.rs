//! Which names an expression uses from outside itself, and how.
//!
//! One walk serves two purposes: to find what a declaration depends on, and to rewrite names whose
//! value is behind a reference (`order` becomes `(*order)`). It knows the scopes of closures,
//! patterns, inner `let`s and items, and looks into macro calls.

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Lit, Macro, Pat, Stmt, Token};

use super::depth::is_unparsed;
use crate::pattern::bound_by;
use crate::tokens::rebuilt;
use crate::walk::{PartMut, inside_expr_mut};

/// How a name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// Certainly by reference: `&order`, `order.total()`, `order == other`.
    Borrow,
    /// Only a part of it, or in a way that may or may not need all of it: `order.id`,
    /// `answer.unwrap()`, the scrutinee of a `match` that binds something.
    Part,
    /// By value and as a whole: copied or consumed.
    Value,
    /// As the function of a call. Most often it is a function of that name and not a variable at
    /// all.
    Call,
}

/// Calls `on_use` for each use of a name that `expr` does not bind itself.
pub(crate) fn find(expr: &Expr, on_use: &mut dyn FnMut(&Ident, Mode)) {
    let mut expr = expr.clone();
    walk(&mut expr, &mut |ident, mode, _| {
        on_use(ident, mode);
        None
    });
}

/// Whether `expr` uses the variable `name`.
pub(crate) fn mentions(expr: &Expr, name: &Ident) -> bool {
    let mut found = false;
    find(expr, &mut |used, _| found |= used == name);
    found
}

/// Replaces the names for which `replacement` returns something. The mode is that of the use
/// itself: a use in a `move` closure may still be a borrow.
pub(crate) fn replace(expr: &Expr, replacement: &dyn Fn(&Ident, Mode) -> Option<Expr>) -> Expr {
    let mut expr = expr.clone();
    walk(&mut expr, &mut |ident, _, own| replacement(ident, own));
    expr
}

/// What is called for each use of a name: first with the mode in which the whole expression uses
/// it, then with the mode of the use itself. It may return a replacement.
type OnUse<'a> = dyn FnMut(&Ident, Mode, Mode) -> Option<Expr> + 'a;

fn walk(expr: &mut Expr, on_use: &mut OnUse<'_>) {
    Walk { bound: Vec::new(), moves: false, on_use }.expr(expr, Mode::Value);
}

/// Methods that by Rust's naming conventions consume their receiver.
fn consumes(method: &Ident) -> bool {
    let method = method.to_string();
    method.starts_with("into")
        || method.starts_with("unwrap")
        || method.starts_with("expect")
        || method.starts_with("map")
        || method.starts_with("ok")
        || matches!(
            &*method,
            "and" | "and_then" | "or" | "or_else" | "err" | "flatten" | "zip" | "chain" | "collect"
        )
}

struct Walk<'a> {
    /// Names bound inside the expression, innermost last.
    bound: Vec<String>,
    /// It is inside a `move` closure or block, which takes what it names.
    moves: bool,
    on_use: &'a mut OnUse<'a>,
}

impl Walk<'_> {
    fn used(&mut self, ident: &Ident, own: Mode) -> Option<Expr> {
        let name = ident.to_string();
        if name == "self" || self.bound.contains(&name) {
            return None;
        }
        let mode = if self.moves && own < Mode::Value { Mode::Value } else { own };
        (self.on_use)(ident, mode, own)
    }

    fn bind(&mut self, pat: &mut Pat) {
        for (ident, _) in bound_by(pat) {
            self.bound.push(ident.to_string());
        }
        if let Pat::Guard(guarded) = pat {
            self.expr(&mut guarded.guard, Mode::Value);
        }
    }

    /// Runs `inner`, and then forgets the names bound in it.
    fn scoped(&mut self, inner: impl FnOnce(&mut Self)) {
        let outside = self.bound.len();
        inner(self);
        self.bound.truncate(outside);
    }

    fn expr(&mut self, expr: &mut Expr, mode: Mode) {
        match expr {
            Expr::Path(path) => {
                if let (None, Some(ident)) = (&path.qself, path.path.get_ident()) {
                    let ident = ident.clone();
                    if let Some(replacement) = self.used(&ident, mode) {
                        *expr = replacement;
                    }
                }
            }
            Expr::Paren(paren) => self.expr(&mut paren.expr, mode),
            Expr::Group(group) => self.expr(&mut group.expr, mode),
            Expr::Reference(reference) => {
                let shared = reference.mutability.is_none();
                self.expr(&mut reference.expr, if shared { Mode::Borrow } else { Mode::Value });
            }
            Expr::Field(field) => self.expr(&mut field.base, mode.min(Mode::Part)),
            Expr::Index(index) => {
                self.expr(&mut index.expr, Mode::Borrow);
                self.expr(&mut index.index, Mode::Value);
            }
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => {
                self.expr(&mut unary.expr, Mode::Borrow);
            }
            Expr::Cast(cast) => self.expr(&mut cast.expr, Mode::Borrow),
            Expr::Call(call) => {
                self.expr(&mut call.func, Mode::Call);
                for arg in &mut call.args {
                    self.expr(arg, Mode::Value);
                }
            }
            Expr::MethodCall(call) => {
                let mode = if consumes(&call.method) { Mode::Part } else { Mode::Borrow };
                self.expr(&mut call.receiver, mode);
                for arg in &mut call.args {
                    self.expr(arg, Mode::Value);
                }
            }
            Expr::Binary(binary) if compares(&binary.op) => {
                self.expr(&mut binary.left, Mode::Borrow);
                self.expr(&mut binary.right, Mode::Borrow);
            }
            Expr::Struct(literal) => {
                for field in &mut literal.fields {
                    self.expr(&mut field.expr, Mode::Value);
                    // `Order { id }` has become `Order { id: (*id) }`.
                    if field.colon_token.is_none() && !matches!(field.expr, Expr::Path(_)) {
                        field.colon_token = Some(Token![:](Span::mixed_site()));
                    }
                }
                if let Some(rest) = &mut literal.rest {
                    self.expr(rest, Mode::Value);
                }
            }
            Expr::Macro(call) => self.macro_call(&mut call.mac),
            _ => self.scopes(expr),
        }
    }

    /// The expressions that bind names.
    fn scopes(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Let(condition) => {
                let mode = scrutinee_mode([&*condition.pat]);
                self.expr(&mut condition.expr, mode);
                self.bind(&mut condition.pat);
            }
            Expr::If(branch) => {
                self.scoped(|walk| {
                    walk.expr(&mut branch.cond, Mode::Value);
                    walk.block(&mut branch.then_branch);
                });
                if let Some((_, otherwise)) = &mut branch.else_branch {
                    self.expr(otherwise, Mode::Value);
                }
            }
            Expr::While(repeat) => self.scoped(|walk| {
                walk.expr(&mut repeat.cond, Mode::Value);
                walk.block(&mut repeat.body);
            }),
            Expr::Match(choice) => {
                let mode = scrutinee_mode(choice.arms.iter().map(|arm| &arm.pat));
                self.expr(&mut choice.expr, mode);
                for arm in &mut choice.arms {
                    self.scoped(|walk| {
                        walk.bind(&mut arm.pat);
                        walk.expr(&mut arm.body, Mode::Value);
                    });
                }
            }
            Expr::ForLoop(repeat) => {
                self.expr(&mut repeat.expr, Mode::Value);
                self.scoped(|walk| {
                    walk.bind(&mut repeat.pat);
                    walk.block(&mut repeat.body);
                });
            }
            Expr::Closure(closure) => {
                let moves = self.moves;
                self.moves |= closure.capture.is_some();
                self.scoped(|walk| {
                    for input in &mut closure.inputs {
                        walk.bind(input);
                    }
                    walk.expr(&mut closure.body, Mode::Value);
                });
                self.moves = moves;
            }
            Expr::Async(block) => {
                let moves = self.moves;
                self.moves |= block.capture.is_some();
                self.block(&mut block.block);
                self.moves = moves;
            }
            _ => inside_expr_mut(expr, &mut |part| {
                self.part(part);
                false
            }),
        }
    }

    fn macro_call(&mut self, mac: &mut Macro) {
        let name = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if name == "matches" || name.ends_with("assert_matches") {
            let parsed = parse_matches.parse2(mac.tokens.clone());
            if let Ok((mut scrutinee, comma, mut pat, rest)) = parsed {
                self.scoped(|walk| {
                    walk.expr(&mut scrutinee, Mode::Borrow);
                    walk.bind(&mut pat);
                });
                mac.tokens = scrutinee.into_token_stream();
                comma.to_tokens(&mut mac.tokens);
                pat.to_tokens(&mut mac.tokens);
                mac.tokens.extend(rest);
                return;
            }
        }
        if is_unparsed(&mac.path) {
            mac.tokens = self.macro_tokens(mac.tokens.clone());
            return;
        }
        let formats = formats(&name);
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(mut args) = list.parse2(mac.tokens.clone()) {
            let named: Vec<String> = args.iter().filter_map(argument_name).collect();
            for arg in &mut args {
                let mode = match &*name {
                    _ if formats => Mode::Borrow,
                    "vec" => Mode::Value,
                    // What it does with its arguments is unknown.
                    _ => Mode::Part,
                };
                match arg {
                    Expr::Assign(named) => self.expr(&mut named.right, mode),
                    Expr::Lit(lit) => {
                        if let Lit::Str(text) = &lit.lit {
                            self.captures(&text.value(), text.span(), &named);
                        }
                    }
                    _ => self.expr(arg, mode),
                }
            }
            mac.tokens = args.into_token_stream();
        } else if let Ok((mut value, semi, mut count)) = parse_repeat.parse2(mac.tokens.clone()) {
            self.expr(&mut value, Mode::Value);
            self.expr(&mut count, Mode::Value);
            mac.tokens = value.into_token_stream();
            semi.to_tokens(&mut mac.tokens);
            count.to_tokens(&mut mac.tokens);
        } else {
            mac.tokens = self.macro_tokens(mac.tokens.clone());
        }
    }

    /// The names in `{order:?}` and `{total:width$}`.
    fn captures(&mut self, text: &str, span: Span, named: &[String]) {
        for name in captured_names(text) {
            if let (false, Ok(ident)) = (named.contains(&name), syn::parse_str::<Ident>(&name)) {
                self.used(&Ident::new(&ident.to_string(), span), Mode::Borrow);
            }
        }
    }

    /// The tokens of a macro whose grammar is unknown: every identifier that can be a variable
    /// counts as one.
    fn macro_tokens(&mut self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut result = TokenStream::new();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    result.extend([rebuilt(group, self.macro_tokens(group.stream()))]);
                }
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal.clone()) {
                        self.captures(&text.value(), text.span(), &[]);
                    }
                    result.extend([token.clone()]);
                }
                TokenTree::Ident(ident) if may_be_variable(&tokens, at) => {
                    let mode = token_mode(&tokens, at);
                    match self.used(ident, mode) {
                        Some(replacement) => replacement.to_tokens(&mut result),
                        None => result.extend([token.clone()]),
                    }
                }
                _ => result.extend([token.clone()]),
            }
        }
        result
    }

    fn part(&mut self, part: PartMut<'_>) {
        match part {
            PartMut::Block(block) => self.block(block),
            PartMut::Expr(expr) => self.expr(expr, Mode::Value),
            // Types, items and patterns use no local variables.
            PartMut::Item | PartMut::Pat(_) | PartMut::Path | PartMut::Type(_) => {}
        }
    }

    fn block(&mut self, block: &mut syn::Block) {
        self.scoped(|walk| {
            // An item's name is visible in the whole block, even before the item.
            for stmt in &block.stmts {
                if let Stmt::Item(item) = stmt {
                    walk.bound.extend(item_name(item));
                }
            }
            for stmt in &mut block.stmts {
                match stmt {
                    Stmt::Local(local) => {
                        if let Some(init) = &mut local.init {
                            walk.expr(&mut init.expr, Mode::Value);
                            if let Some((_, otherwise)) = &mut init.diverge {
                                walk.expr(otherwise, Mode::Value);
                            }
                        }
                        walk.bind(&mut local.pat);
                    }
                    Stmt::Expr(expr, _) => walk.expr(expr, Mode::Value),
                    Stmt::Macro(call) => walk.macro_call(&mut call.mac),
                    Stmt::Item(_) => {}
                }
            }
        });
    }
}

/// What a name refers to, if its variable holds a reference. The parentheses come from the macro,
/// so that lints do not mistake them for the user's.
pub(crate) fn behind(ident: &Ident) -> Expr {
    let span = Span::mixed_site().located_at(ident.span());
    Expr::Verbatim(quote_spanned!(span=> (*#ident)))
}

fn compares(op: &syn::BinOp) -> bool {
    use syn::BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// A scrutinee is consumed only where a pattern binds something.
fn scrutinee_mode<'a>(pats: impl IntoIterator<Item = &'a Pat>) -> Mode {
    if pats.into_iter().any(|pat| !bound_by(pat).is_empty()) { Mode::Part } else { Mode::Borrow }
}

fn item_name(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Fn(item) => Some(item.sig.ident.to_string()),
        syn::Item::Const(item) => Some(item.ident.to_string()),
        syn::Item::Static(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// Whether the macro takes its arguments by reference, as `format!` does.
pub(crate) fn formats(name: &str) -> bool {
    matches!(
        name,
        "format"
            | "format_args"
            | "print"
            | "println"
            | "eprint"
            | "eprintln"
            | "write"
            | "writeln"
            | "panic"
            | "unreachable"
            | "todo"
            | "assert"
            | "assert_eq"
            | "assert_ne"
            | "debug_assert"
            | "debug_assert_eq"
            | "debug_assert_ne"
            | "dbg_ref"
            | "trace"
            | "debug"
            | "info"
            | "warn"
            | "error"
            | "log"
            | "bail"
            | "anyhow"
            | "ensure"
    )
}

fn argument_name(arg: &Expr) -> Option<String> {
    let Expr::Assign(assign) = arg else { return None };
    let Expr::Path(path) = &*assign.left else { return None };
    path.path.get_ident().map(ToString::to_string)
}

type Matches = (Expr, Token![,], Pat, TokenStream);

fn parse_matches(input: ParseStream<'_>) -> syn::Result<Matches> {
    let scrutinee = input.parse()?;
    let comma = input.parse()?;
    let mut pat = Pat::parse_multi_with_leading_vert(input)?;
    if input.peek(Token![if]) {
        pat = Pat::Guard(syn::PatGuard {
            attrs: Vec::new(),
            pat: Box::new(pat),
            if_token: input.parse()?,
            guard: input.parse()?,
        });
    }
    Ok((scrutinee, comma, pat, input.parse()?))
}

fn parse_repeat(input: ParseStream<'_>) -> syn::Result<(Expr, Token![;], Expr)> {
    Ok((input.parse()?, input.parse()?, input.parse()?))
}

/// The names that a format string captures from its surroundings.
pub(super) fn captured_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        if let Some(escaped) = rest.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let Some(close) = rest.find('}') else { break };
        let (name, spec) = rest[..close].split_once(':').unwrap_or((&rest[..close], ""));
        names.push(name.trim().to_owned());
        // Width and precision may be names, too: `{total:>width$.places$}`.
        for part in spec.split_inclusive('$').filter_map(|part| part.strip_suffix('$')) {
            let start = part
                .rfind(|letter: char| letter != '_' && !letter.is_alphanumeric())
                .map_or(0, |before| before + 1);
            names.push(part[start..].to_owned());
        }
        rest = &rest[close + 1..];
    }
    names.retain(|name| name.starts_with(|first: char| first == '_' || first.is_alphabetic()));
    names
}

fn punct_at(tokens: &[TokenTree], at: Option<usize>) -> Option<(char, Spacing)> {
    match tokens.get(at?)? {
        TokenTree::Punct(punct) => Some((punct.as_char(), punct.spacing())),
        _ => None,
    }
}

/// Whether the identifier at `at` can be a variable: not a field, method, path segment, lifetime,
/// macro or named field.
fn may_be_variable(tokens: &[TokenTree], at: usize) -> bool {
    let before = |back: usize| punct_at(tokens, at.checked_sub(back)).map(|(punct, _)| punct);
    let after = punct_at(tokens, Some(at + 1));
    let field = before(1) == Some('.') && before(2) != Some('.');
    let segment = before(1) == Some(':') && before(2) == Some(':');
    let lifetime = before(1) == Some('\'');
    let colon = matches!(after, Some((':', _)));
    let calls_macro = matches!(after, Some(('!', Spacing::Alone)))
        && matches!(tokens.get(at + 2), Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::None);
    !field && !segment && !lifetime && !colon && !calls_macro
}

fn token_mode(tokens: &[TokenTree], at: usize) -> Mode {
    if matches!(tokens.get(at + 1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
    {
        return Mode::Call;
    }
    let referenced = matches!(punct_at(tokens, at.checked_sub(1)), Some(('&', Spacing::Alone)));
    let method = match (punct_at(tokens, Some(at + 1)), tokens.get(at + 2), tokens.get(at + 3)) {
        (Some(('.', _)), Some(TokenTree::Ident(method)), Some(TokenTree::Group(_))) => {
            !consumes(method)
        }
        _ => false,
    };
    if referenced || method { Mode::Borrow } else { Mode::Part }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Ident;
    use quote::ToTokens;

    use super::{Mode, behind, captured_names, find, replace};

    /// The names that `code` uses, with `&` in front of those that it only borrows.
    fn uses(code: &str) -> Vec<String> {
        let expr = syn::parse_str(code).expect("an expression");
        let mut uses = Vec::new();
        find(&expr, &mut |ident, mode| match mode {
            Mode::Borrow => uses.push(format!("&{ident}")),
            Mode::Part => uses.push(format!("{ident}.")),
            Mode::Value => uses.push(ident.to_string()),
            Mode::Call => {}
        });
        uses
    }

    #[test]
    fn tells_borrows_from_values() {
        assert_eq!(
            uses("f(&a, b, c.len(), d.into_iter(), e == g)"),
            ["&a", "b", "&c", "d.", "&e", "&g"]
        );
        assert_eq!(uses("Foo { a, b: c.d, ..e }"), ["a", "c.", "e"]);
        assert_eq!(uses("a as u64 + *b + c[d]"), ["&a", "&b", "&c", "d"]);
        assert_eq!(uses("move || a.len()"), ["a"]);
    }

    #[test]
    fn knows_scopes() {
        assert_eq!(uses("|a| a + b"), ["b"]);
        assert_eq!(uses("match a { Some(b) if b > c => b, None => d }"), ["a.", "&c", "d"]);
        assert_eq!(uses("{ let a = a; a + b }"), ["a", "b"]);
        assert_eq!(uses("if let Some(a) = a && a > b { a } else { c }"), ["a.", "&b", "c"]);
        assert_eq!(uses("'outer: { break 'outer a }"), ["a"]);
        assert_eq!(uses("{ fn a() {} a() }"), Vec::<String>::new());
        assert_eq!(uses("module::a(Type::b, crate::c)"), Vec::<String>::new());
    }

    #[test]
    fn looks_into_macros() {
        assert_eq!(
            uses(r#"format!("{a:?} {} {b:>c$} {{d}}", e, f = g)"#),
            ["&a", "&b", "&c", "&e", "&g"]
        );
        assert_eq!(uses("vec![a; b]"), ["a", "b"]);
        assert_eq!(uses("matches!(a, Some(b) if b > c)"), ["&a", "&c"]);
        assert_eq!(uses(r#"json!({ "k": a.b, "l": &c, key: d::e })"#), ["a.", "&c"]);
        assert_eq!(uses("custom!(a, b.c)"), ["a.", "b."]);
    }

    #[test]
    fn rewrites_references() {
        let rewrite = |code: &str| {
            let expr = syn::parse_str(code).expect("an expression");
            let behind_a = |ident: &Ident, _| (ident == "a").then(|| behind(ident));
            replace(&expr, &behind_a).into_token_stream().to_string()
        };
        assert_eq!(rewrite("f(a, &a, b)"), "f ((* a) , & (* a) , b)");
        assert_eq!(rewrite("Foo { a }"), "Foo { a : (* a) }");
        assert_eq!(rewrite("|a| a"), "| a | a");
        assert_eq!(rewrite("vec![a]"), "vec ! [(* a)]");
    }

    #[test]
    fn reads_format_strings() {
        assert_eq!(captured_names("{a} {0} {} {b:?} {:w$.p$} {{c}} {"), ["a", "b", "w", "p"]);
    }
}

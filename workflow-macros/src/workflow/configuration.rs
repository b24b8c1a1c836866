//! `#[cfg(…)]` and `#[cfg_attr(…)]` inside a `workflow!`.
//!
//! A macro cannot evaluate a predicate, but rustc applies the configuration to what it hands to a
//! derive. So a `workflow!` with predicates in it expands to an enum with a variant for each, and
//! carries its own source along in an attribute. The derive sees which variants are left, and
//! expands the source accordingly.

use std::hash::{DefaultHasher, Hash, Hasher};

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, FnArg, GenericParam, Meta, Pat, Signature, Stmt, Token};

use crate::sorted::SortedMap;
use crate::walk::{self, PartMut};

/// Whether each predicate holds, by its text.
#[derive(Default)]
pub(crate) struct Configuration(SortedMap<String, bool>);

/// The attribute that carries the source.
pub(crate) const SOURCE: &str = "workflow_source";

/// Whether something in the source depends on the configuration.
pub(crate) fn is_configured(source: &TokenStream) -> bool {
    !predicates(source).is_empty()
}

/// The source, handed to rustc with its predicates, if it has any.
pub(crate) fn ask(source: &TokenStream, runtime: &TokenStream) -> Option<TokenStream> {
    let predicates = predicates(source);
    if predicates.is_empty() {
        return None;
    }
    let mixed_site = Span::mixed_site();
    let variants = predicates.iter().enumerate().map(|(at, predicate)| {
        let name = variant(at);
        quote_spanned!(mixed_site=> #[cfg(#predicate)] #name,)
    });
    let mut hash = DefaultHasher::new();
    source.to_string().hash(&mut hash);
    let name = format_ident!("__Configuration{:x}", hash.finish(), span = mixed_site);
    let source_attribute = Ident::new(SOURCE, mixed_site);
    Some(quote_spanned! {mixed_site=>
        #[derive(#runtime::Workflow)]
        #[#source_attribute(#source)]
        #[allow(dead_code)]
        enum #name { #(#variants)* }
    })
}

/// The source, and whether each of its predicates holds, from the output of `ask`.
pub(crate) fn answer(item: TokenStream) -> syn::Result<(TokenStream, Configuration)> {
    let item: syn::ItemEnum = syn::parse2(item)?;
    let carries = |attr: &&Attribute| attr.path().is_ident(SOURCE);
    let source = match item.attrs.iter().find(carries).map(|attr| &attr.meta) {
        Some(Meta::List(list)) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let predicates = predicates(&source);
    let truths = predicates.iter().enumerate().map(|(at, predicate)| {
        let name = variant(at);
        let holds = item.variants.iter().any(|variant| variant.ident == name);
        (predicate.to_string(), holds)
    });
    Ok((source, Configuration(truths.collect())))
}

fn variant(at: usize) -> Ident {
    format_ident!("P{at}", span = Span::mixed_site())
}

/// The predicates of all attributes, each once.
fn predicates(source: &TokenStream) -> Vec<TokenStream> {
    let mut predicates = Vec::new();
    collect(source.clone(), &mut predicates);
    predicates
}

fn collect(tokens: TokenStream, predicates: &mut Vec<TokenStream>) {
    let mut hash = false;
    for token in tokens {
        match &token {
            TokenTree::Group(group) => {
                if hash && group.delimiter() == Delimiter::Bracket {
                    collect_attribute(group.stream(), predicates);
                } else {
                    collect(group.stream(), predicates);
                }
                hash = false;
            }
            TokenTree::Punct(punct) => {
                hash = punct.as_char() == '#' || (hash && punct.as_char() == '!');
            }
            _ => hash = false,
        }
    }
}

fn collect_attribute(attribute: TokenStream, predicates: &mut Vec<TokenStream>) {
    let mut tokens = attribute.into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(list))) =
        (tokens.next(), tokens.next())
    else {
        return;
    };
    if list.delimiter() != Delimiter::Parenthesis {
        return;
    }
    let mut add = |predicate: TokenStream| {
        let text = predicate.to_string();
        if !text.is_empty() && !predicates.iter().any(|known| known.to_string() == text) {
            predicates.push(predicate);
        }
    };
    if name == "cfg" {
        add(without_last_comma(list.stream()));
    } else if name == "cfg_attr"
        && let Ok((predicate, attributes)) = conditional(&list)
    {
        add(predicate);
        for attribute in attributes {
            collect_attribute(attribute.into_token_stream(), predicates);
        }
    }
}

/// The predicate and the attributes of a `cfg_attr`.
fn conditional(list: &Group) -> syn::Result<(TokenStream, Punctuated<Meta, Token![,]>)> {
    let parse = |input: ParseStream<'_>| {
        let mut predicate = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            predicate.extend([input.parse::<TokenTree>()?]);
        }
        input.parse::<Option<Token![,]>>()?;
        Ok((predicate, Punctuated::parse_terminated(input)?))
    };
    parse.parse2(list.stream())
}

fn without_last_comma(tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if matches!(tokens.last(), Some(TokenTree::Punct(comma)) if comma.as_char() == ',') {
        tokens.pop();
    }
    tokens.into_iter().collect()
}

impl Configuration {
    /// Whether there are no predicates.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the code with these attributes is configured in. A `cfg` is removed, and a
    /// `cfg_attr` is replaced by its contents.
    pub(crate) fn keeps(&self, attrs: &mut Vec<Attribute>) -> bool {
        let mut kept = true;
        let mut configured = Vec::new();
        for attr in std::mem::take(attrs) {
            self.configure(attr, &mut configured, &mut kept);
        }
        *attrs = configured;
        kept
    }

    fn configure(&self, attr: Attribute, to: &mut Vec<Attribute>, kept: &mut bool) {
        let list = match &attr.meta {
            Meta::List(list) => Group::new(Delimiter::Parenthesis, list.tokens.clone()),
            Meta::Path(_) | Meta::NameValue(_) => return to.push(attr),
        };
        if attr.path().is_ident("cfg") {
            *kept &= self.holds(&without_last_comma(list.stream()));
        } else if attr.path().is_ident("cfg_attr")
            && let Ok((predicate, attributes)) = conditional(&list)
        {
            if self.holds(&predicate) {
                for meta in attributes {
                    self.configure(Attribute { meta, ..attr.clone() }, to, kept);
                }
            }
        } else {
            to.push(attr);
        }
    }

    /// Whether rustc found that a predicate holds. One that rustc was not asked about gets an error
    /// elsewhere.
    fn holds(&self, predicate: &TokenStream) -> bool {
        self.0.get(&predicate.to_string()).copied().unwrap_or(true)
    }

    /// Removes the parameters that are configured out.
    pub(crate) fn signature(&self, sig: &mut Signature) {
        if self.0.is_empty() {
            return;
        }
        let inputs = std::mem::take(&mut sig.inputs).into_iter().filter_map(|mut input| {
            let attrs = match &mut input {
                FnArg::Receiver(receiver) => &mut receiver.attrs,
                FnArg::Typed(typed) => &mut typed.attrs,
            };
            self.keeps(attrs).then_some(input)
        });
        sig.inputs = inputs.collect();
        let params =
            std::mem::take(&mut sig.generics.params).into_iter().filter_map(|mut param| {
                let attrs = match &mut param {
                    GenericParam::Lifetime(param) => &mut param.attrs,
                    GenericParam::Type(param) => &mut param.attrs,
                    GenericParam::Const(param) => &mut param.attrs,
                };
                self.keeps(attrs).then_some(param)
            });
        sig.generics.params = params.collect();
    }

    /// Removes the parts of an expression that are configured out.
    pub(crate) fn expr(&self, expr: &mut Expr) {
        if !self.0.is_empty() {
            walk::expr_mut(expr, &mut |part| self.part(part));
        }
    }

    /// The same for a pattern.
    pub(crate) fn pat(&self, pat: &mut Pat) {
        if !self.0.is_empty() {
            walk::pat_mut(pat, &mut |part| self.part(part));
        }
    }

    fn part(&self, part: PartMut<'_>) -> bool {
        match part {
            PartMut::Block(block) => block.stmts.retain_mut(|stmt| match stmt {
                Stmt::Local(local) => self.keeps(&mut local.attrs),
                Stmt::Macro(call) => self.keeps(&mut call.attrs),
                Stmt::Expr(expr, _) => self.keeps_expr(expr),
                // Nothing in the macro depends on these.
                Stmt::Item(_) => true,
            }),
            PartMut::Expr(Expr::Match(choice)) => {
                choice.arms.retain_mut(|arm| self.keeps(&mut arm.attrs));
            }
            PartMut::Expr(Expr::Struct(literal)) => {
                let fields = std::mem::take(&mut literal.fields).into_iter();
                let kept =
                    fields.filter_map(|mut field| self.keeps(&mut field.attrs).then_some(field));
                literal.fields = kept.collect();
            }
            PartMut::Pat(Pat::Struct(pat)) => {
                let fields = std::mem::take(&mut pat.fields).into_iter();
                let kept =
                    fields.filter_map(|mut field| self.keeps(&mut field.attrs).then_some(field));
                pat.fields = kept.collect();
            }
            PartMut::Expr(Expr::Call(call)) => self.list(&mut call.args),
            PartMut::Expr(Expr::MethodCall(call)) => self.list(&mut call.args),
            PartMut::Expr(Expr::Array(array)) => self.list(&mut array.elems),
            PartMut::Item => return false,
            PartMut::Expr(_) | PartMut::Pat(_) | PartMut::Path | PartMut::Type(_) => {}
        }
        true
    }

    fn keeps_expr(&self, expr: &mut Expr) -> bool {
        statement_attributes(expr).is_none_or(|attrs| self.keeps(attrs))
    }

    fn list(&self, list: &mut Punctuated<Expr, Token![,]>) {
        let kept = std::mem::take(list).into_iter().filter_map(|mut expr| {
            let kept = self.keeps_expr(&mut expr);
            kept.then_some(expr)
        });
        *list = kept.collect();
    }
}

/// The attributes in front of an expression that is a statement. In `#[a] b + c` they are on `b`.
pub(crate) fn statement_attributes(expr: &mut Expr) -> Option<&mut Vec<Attribute>> {
    match expr {
        Expr::Assign(assign) => statement_attributes(&mut assign.left),
        Expr::Binary(binary) => statement_attributes(&mut binary.left),
        Expr::Cast(cast) => statement_attributes(&mut cast.expr),
        Expr::Array(syn::ExprArray { attrs, .. })
        | Expr::Async(syn::ExprAsync { attrs, .. })
        | Expr::Await(syn::ExprAwait { attrs, .. })
        | Expr::Block(syn::ExprBlock { attrs, .. })
        | Expr::Break(syn::ExprBreak { attrs, .. })
        | Expr::Call(syn::ExprCall { attrs, .. })
        | Expr::Closure(syn::ExprClosure { attrs, .. })
        | Expr::Const(syn::ExprConst { attrs, .. })
        | Expr::Continue(syn::ExprContinue { attrs, .. })
        | Expr::Field(syn::ExprField { attrs, .. })
        | Expr::ForLoop(syn::ExprForLoop { attrs, .. })
        | Expr::Group(syn::ExprGroup { attrs, .. })
        | Expr::If(syn::ExprIf { attrs, .. })
        | Expr::Index(syn::ExprIndex { attrs, .. })
        | Expr::Lit(syn::ExprLit { attrs, .. })
        | Expr::Loop(syn::ExprLoop { attrs, .. })
        | Expr::Macro(syn::ExprMacro { attrs, .. })
        | Expr::Match(syn::ExprMatch { attrs, .. })
        | Expr::MethodCall(syn::ExprMethodCall { attrs, .. })
        | Expr::Paren(syn::ExprParen { attrs, .. })
        | Expr::Path(syn::ExprPath { attrs, .. })
        | Expr::Range(syn::ExprRange { attrs, .. })
        | Expr::RawAddr(syn::ExprRawAddr { attrs, .. })
        | Expr::Reference(syn::ExprReference { attrs, .. })
        | Expr::Repeat(syn::ExprRepeat { attrs, .. })
        | Expr::Return(syn::ExprReturn { attrs, .. })
        | Expr::Struct(syn::ExprStruct { attrs, .. })
        | Expr::Try(syn::ExprTry { attrs, .. })
        | Expr::TryBlock(syn::ExprTryBlock { attrs, .. })
        | Expr::Tuple(syn::ExprTuple { attrs, .. })
        | Expr::Unary(syn::ExprUnary { attrs, .. })
        | Expr::Unsafe(syn::ExprUnsafe { attrs, .. })
        | Expr::While(syn::ExprWhile { attrs, .. }) => Some(attrs),
        _ => None,
    }
}

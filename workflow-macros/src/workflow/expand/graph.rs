//! The graph: the module beside the function that holds it as a constant, and its pictures.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Visibility;
use workflow_graph::owned::{OwnedGraph, OwnedKind, OwnedNode};
use workflow_graph::{Edge, EdgeKind, Parent, Source};

use super::nodes::{mixed_site_at, number};
use crate::paths;
use crate::sorted::SortedSet;
use crate::workflow::depth::restored;
use crate::workflow::functions::{function_path, value_path};
use crate::workflow::model::{Kind, Model, Node, Origin, Scope};
use crate::workflow::syntax::{Was, Workflow};

/// A workflow's graph.
pub(super) struct Drawn {
    graph: OwnedGraph,
    /// Where the nodes are declared, and what they were before.
    declared: Vec<(Span, TokenStream)>,
    /// The names of signals that a durable workflow waits for.
    signals: Option<SortedSet<String>>,
}

impl Drawn {
    pub(super) fn new(workflow: &Workflow, model: &Model) -> Self {
        let plain = |name: String| name.trim_start_matches("r#").to_owned();
        let inputs = model.inputs.iter().map(|input| plain(input.to_string())).collect();
        let edges = model.edges.iter().filter_map(|edge| {
            let kind = if edge.data { EdgeKind::Data } else { EdgeKind::Order };
            let from = match edge.from {
                // An input is available from the start.
                Origin::Input(_) if !edge.data => return None,
                Origin::Input(input) => Source::Input(input),
                Origin::Node(node) => Source::Node(node),
            };
            let new = Edge::new(from, edge.to, kind);
            Some(if edge.in_result { new.in_result() } else { new })
        });
        let graph = OwnedGraph {
            name: plain(workflow.sig.ident.to_string()),
            inputs,
            nodes: Vec::new(),
            edges: edges.collect(),
        };
        let durable = workflow.options.durable.is_some();
        let signals = model.signals.clone().filter(|_| durable);
        let mut drawn = Self { graph, declared: Vec::new(), signals };
        drawn.collect(&model.body, None, &workflow.siblings, &paths::alias());
        drawn
    }

    /// The nodes of a scope, each followed by those inside it. `siblings` are the workflows that
    /// the same macro call declares.
    fn collect(
        &mut self,
        scope: &Scope,
        parent: Option<Parent>,
        siblings: &[String],
        rt: &TokenStream,
    ) {
        for node in scope.nodes.iter().filter(|node| !node.early) {
            self.graph.nodes.push(owned_node(node, parent, siblings));
            self.declared.push((node.span, was(node, rt)));
            for (arm, inner) in node.scopes().into_iter().enumerate() {
                self.collect(inner, Some(Parent::new(node.id, arm)), siblings, rt);
            }
        }
    }

    /// `pub mod name { pub const GRAPH: Graph = …; }`, with whatever else belongs in it.
    pub(super) fn module(
        &self,
        workflow: &Workflow,
        rt: &TokenStream,
        more: &TokenStream,
    ) -> TokenStream {
        let (vis, name) = (&workflow.vis, &workflow.sig.ident);
        let outside = rt;
        let rt = &paths::alias();
        let OwnedGraph { name: text, inputs, nodes, edges } = &self.graph;
        let doc = format!("What is known of the workflow `{text}` before it runs.");
        let nodes = nodes.iter().zip(&self.declared).map(|(node, (place, was))| {
            let node = constant(node, *place, rt);
            hygienic!(#node #was)
        });
        let edges = edges.iter().map(|edge| {
            let Edge { from, to, kind, .. } = *edge;
            let in_result = edge.is_in_result().then(|| hygienic!(.in_result()));
            let to = number(to);
            let edge = match (from, kind) {
                (Source::Input(input), _) => {
                    let input = number(input);
                    hygienic!(#rt::needs_input(#input, #to))
                }
                (Source::Node(node), EdgeKind::Data) => {
                    let node = number(node);
                    hygienic!(#rt::needs(#node, #to))
                }
                (Source::Node(node), EdgeKind::Order) => {
                    let node = number(node);
                    hygienic!(#rt::after(#node, #to))
                }
                _ => unreachable!("`Drawn::new` makes no other edges"),
            };
            hygienic!(#edge #in_result)
        });
        let former = &workflow.options.was;
        let former = (!former.is_empty()).then(|| {
            let paths = former.iter().map(|path| {
                let names = path.segments.iter().map(|part| part.ident.to_string());
                names
                    .map(|name| name.trim_start_matches("r#").to_owned())
                    .collect::<Vec<_>>()
                    .join("::")
            });
            hygienic!(.was(&[#(#paths),*]))
        });
        let signals = self.signals.as_ref().map(|signals| {
            let names = signals.iter();
            hygienic!(.waits_for(&[#(#names),*]))
        });
        let graph_doc = format!("The graph of the workflow `{text}`.");
        let content = hygienic! {
            #[doc = #graph_doc]
            pub const GRAPH: #outside::Graph = {
                use #outside as #rt;
                #rt::Graph::new(
                    #text,
                    &[#(#inputs),*],
                    &[#(#nodes),*],
                    &[#(#edges),*],
                )#former #signals
            };
        };
        if workflow.options.durable.is_some() {
            return durable_module(vis, name, &doc, &hygienic!(#content #more));
        }
        quote_spanned! {mixed_site_at(name.span())=>
            #[doc = #doc]
            #[allow(non_snake_case)]
            #vis mod #name {
                #content
                #more
            }
        }
    }

    /// The picture in the function's documentation. Only rustdoc draws it.
    pub(super) fn documentation(&self, workflow: &Workflow, rt: &TokenStream) -> TokenStream {
        // A list of functions shows the first line, so it must be a summary.
        let documented = workflow.attrs.iter().any(|attr| attr.path().is_ident("doc"));
        let summary = (!documented).then(|| {
            let text = format!("The workflow `{}`.", self.graph.name);
            hygienic!(#[cfg_attr(doc, doc = #text)])
        });
        let text = self.graph.to_text();
        hygienic!(#summary #[cfg_attr(doc, doc = #rt::picture!(#text))])
    }

    /// What `#[graph]` prints.
    pub(super) fn printed(&self, workflow: &Workflow) -> String {
        let name = &self.graph.name;
        let span = workflow.sig.ident.span();
        let place = format!("{}:{}", span.file(), span.start().line);
        let mermaid = self.graph.clone().leak().to_mermaid();
        format!("graph of workflow `{name}` ({place}):\n{mermaid}end of the graph of `{name}`")
    }
}

/// The type beside a durable workflow, in place of a module. It names the workflow's types and the
/// workflow itself, which a module could not do if they are declared in a function's body.
pub(crate) fn durable_module(
    vis: &Visibility,
    name: &Ident,
    doc: &str,
    content: &TokenStream,
) -> TokenStream {
    quote_spanned! {mixed_site_at(name.span())=>
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #name {
            nothing: (),
        }

        #[allow(dead_code)]
        impl #name {
            #content
        }
    }
}

fn owned_node(node: &Node, parent: Option<Parent>, siblings: &[String]) -> OwnedNode {
    let mut function = None;
    let kind = match &node.kind {
        Kind::Step(call) if call.record.is_some() => {
            function = value_path(&call.expr);
            OwnedKind::Step
        }
        Kind::Step(call) => {
            function = function_path(&call.expr);
            let workflow = function.as_ref().is_some_and(|path| siblings.contains(path));
            if workflow { OwnedKind::Workflow } else { OwnedKind::Step }
        }
        Kind::Value(_) => OwnedKind::Value,
        Kind::Block(_) => OwnedKind::Block,
        Kind::If(arms) => {
            let arms = arms.iter().map(|(condition, _)| match condition {
                Some((_, condition)) => written(condition),
                None => "else".to_owned(),
            });
            OwnedKind::Branch { arms: arms.collect() }
        }
        Kind::Match { arms, .. } => {
            OwnedKind::Branch { arms: arms.iter().map(|(pat, _)| written(pat)).collect() }
        }
        Kind::FanOut { concurrency, .. } => {
            OwnedKind::FanOut { concurrency: concurrency.as_ref().map(written) }
        }
    };
    OwnedNode { path: node.path.clone(), kind, function, parent }
}

fn constant(node: &OwnedNode, place: Span, rt: &TokenStream) -> TokenStream {
    let OwnedNode { path, kind, function, parent } = node;
    // `file!` and `line!` return the place of the span that they are called with.
    let place = quote_spanned!(place=> ::core::file!(), ::core::line!());
    if let (OwnedKind::Step, Some(function), None) = (kind, function, parent) {
        return hygienic!(#rt::calls(#path, #function, #place));
    }
    let optional = |text: &Option<String>| match text {
        Some(text) => hygienic!(#rt::Some(#text)),
        None => hygienic!(#rt::None),
    };
    let kind = match kind {
        OwnedKind::Step => hygienic!(Step),
        OwnedKind::Workflow => hygienic!(Workflow),
        OwnedKind::Branch { arms } => hygienic!(Branch { arms: &[#(#arms),*] }),
        OwnedKind::FanOut { concurrency } => {
            let limit = optional(concurrency);
            hygienic!(FanOut { concurrency: #limit })
        }
        OwnedKind::Value => hygienic!(Value),
        OwnedKind::Block => hygienic!(Block),
    };
    let function = optional(function);
    let parent = match parent {
        Some(Parent { node, arm, .. }) => {
            let (node, arm) = (number(*node), number(*arm));
            hygienic!(#rt::inside(#node, #arm))
        }
        None => hygienic!(#rt::None),
    };
    hygienic!(#rt::Node::new(#path, #rt::NodeKind::#kind, #function, #place, #parent))
}

/// What the constant of a node says about what the node was before.
fn was(node: &Node, rt: &TokenStream) -> TokenStream {
    let Some(Was { names, functions, outputs, .. }) = &node.was else {
        return TokenStream::new();
    };
    let names = names.iter().map(|name| name.to_string().trim_start_matches("r#").to_owned());
    hygienic! {
        .was(#rt::Was {
            names: &[#(#names),*],
            functions: &[#(#functions),*],
            outputs: &[#(#outputs),*],
        })
    }
}

/// Whether the last word is one that can be called.
fn ends_with_name(text: &str) -> bool {
    const KEYWORDS: [&str; 13] = [
        "as", "box", "dyn", "else", "if", "in", "let", "match", "move", "mut", "ref", "return",
        "where",
    ];
    let is_word = |letter: char| letter == '_' || letter.is_alphanumeric();
    let word = text.rsplit(|letter: char| !is_word(letter)).next().unwrap_or_default();
    !word.is_empty() && !KEYWORDS.contains(&word)
}

/// The tokens, close to how the user wrote them.
fn written(tokens: &impl ToTokens) -> String {
    let text = restored(tokens.to_token_stream()).to_string();
    let mut written = String::new();
    for (at, letter) in text.char_indices() {
        let next = text[at + letter.len_utf8()..].chars().next();
        let before = written.chars().last();
        let tight =
            |letter: Option<char>| matches!(letter, Some('.' | ',' | ';' | '?' | ')' | ']' | ':'));
        let opens = matches!(before, None | Some('(' | '[' | '.' | '!'))
            || ["&", "(&", "[&", "= &", ", &"].iter().any(|borrow| match borrow.len() {
                1 => written == *borrow,
                _ => written.ends_with(borrow),
            });
        let called = next == Some('(') && ends_with_name(&written);
        if letter == ' ' && (tight(next) || opens || called || before == Some(':')) {
            continue;
        }
        written.push(letter);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn labels_keep_their_spaces() {
        for label in [
            "text == (\"a\")",
            "n > 1 && (m < 2)",
            "let Some(x) = of::<&'static str>(y)",
            "<u8 as From<bool>>::from(b)",
            "f(a, (b, c))",
            "x as (u8, u8)",
        ] {
            let tokens: proc_macro2::TokenStream = label.parse().expect("tokens");
            let same = |text: &str| text.replace(' ', "");
            let text = written(&tokens);
            assert_eq!(same(&text), same(label));
            for kept in ["== (", "&& (", "'static str", "u8 as", ", (", "as ("] {
                assert_eq!(text.contains(kept), label.contains(kept), "{text}");
            }
        }
    }
}

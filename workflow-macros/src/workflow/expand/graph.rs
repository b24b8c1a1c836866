//! The module beside the function, with the graph as a constant.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};

use super::nodes::glue_at;
use crate::workflow::model::{Kind, Model, Node, Origin, Scope};
use crate::workflow::resolve::function_path;
use crate::workflow::syntax::Workflow;

/// `pub mod name { pub const GRAPH: Graph = …; }`
pub(super) fn module(workflow: &Workflow, model: &Model, rt: &TokenStream) -> TokenStream {
    let (vis, name) = (&workflow.vis, &workflow.sig.ident);
    let text = name.to_string();
    let text = text.trim_start_matches("r#");
    let doc = format!("What is known of the workflow `{text}` before it runs.");
    let inputs =
        model.inputs.iter().map(|input| input.to_string().trim_start_matches("r#").to_owned());
    let mut nodes = Vec::new();
    collect(&model.body, None, &workflow.siblings, rt, &mut nodes);
    let edges = model.edges.iter().filter_map(|edge| {
        let to = edge.to;
        match edge.from {
            Origin::Input(input) if edge.data => Some(glue!(#rt::needs_input(#input, #to))),
            // An input is there from the start.
            Origin::Input(_) => None,
            Origin::Node(node) if edge.data => Some(glue!(#rt::needs(#node, #to))),
            Origin::Node(node) => Some(glue!(#rt::after(#node, #to))),
        }
    });
    let graph_doc = format!("The graph of the workflow `{text}`.");
    let content = glue! {
        #[doc = #graph_doc]
        pub const GRAPH: #rt::Graph = #rt::Graph::new(
            #text,
            &[#(#inputs),*],
            &[#(#nodes),*],
            &[#(#edges),*],
        );
    };
    quote_spanned! {glue_at(name.span())=>
        #[doc = #doc]
        #[allow(non_snake_case)]
        #vis mod #name {
            #content
        }
    }
}

/// The nodes of a scope, each followed by those inside it. `siblings` are the workflows
/// that the same macro call declares.
fn collect(
    scope: &Scope,
    parent: Option<(usize, usize)>,
    siblings: &[String],
    rt: &TokenStream,
    nodes: &mut Vec<TokenStream>,
) {
    for node in scope.nodes.iter().filter(|node| !node.early) {
        nodes.push(constant(node, parent, siblings, rt));
        for (arm, inner) in node.scopes().into_iter().enumerate() {
            collect(inner, Some((node.id, arm)), siblings, rt, nodes);
        }
    }
}

fn constant(
    node: &Node,
    parent: Option<(usize, usize)>,
    siblings: &[String],
    rt: &TokenStream,
) -> TokenStream {
    let path = &node.path;
    let mut function = None;
    let kind = match &node.kind {
        Kind::Step(call) => {
            function = function_path(&call.expr);
            let workflow = function.as_ref().is_some_and(|path| siblings.contains(path));
            if workflow { glue!(Workflow) } else { glue!(Step) }
        }
        Kind::Value(_) => glue!(Value),
        Kind::Block(_) => glue!(Block),
        Kind::If(arms) => {
            let arms = arms.iter().map(|(condition, _)| match condition {
                Some((_, condition)) => written(condition),
                None => "else".to_owned(),
            });
            glue!(Branch { arms: &[#(#arms),*] })
        }
        Kind::Match { arms, .. } => {
            let arms = arms.iter().map(|(pat, _)| written(pat));
            glue!(Branch { arms: &[#(#arms),*] })
        }
        Kind::FanOut { concurrency, .. } => {
            let limit = match concurrency {
                Some(limit) => {
                    let limit = written(limit);
                    glue!(#rt::Some(#limit))
                }
                None => glue!(#rt::None),
            };
            glue!(FanOut { concurrency: #limit })
        }
    };
    let function = match function {
        Some(function) => glue!(#rt::Some(#function)),
        None => glue!(#rt::None),
    };
    let parent = match parent {
        Some((node, arm)) => glue!(#rt::inside(#node, #arm)),
        None => glue!(#rt::None),
    };
    // `file!` and `line!` give the place of the span that they are called with.
    let place = quote_spanned!(node.span=> ::core::file!(), ::core::line!());
    glue!(#rt::Node::new(#path, #rt::NodeKind::#kind, #function, #place, #parent))
}

/// Tokens much as the user wrote them.
fn written(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
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
        if letter == ' ' && (tight(next) || opens || next == Some('(') || before == Some(':')) {
            continue;
        }
        written.push(letter);
    }
    written
}

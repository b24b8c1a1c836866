//! The picture of a graph for a page of rustdoc, as a string literal.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;
use workflow_graph::owned::OwnedGraph;

/// Draws the graph that is written in a literal.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let graph =
        syn::parse2::<LitStr>(input).ok().and_then(|text| OwnedGraph::from_text(&text.value()));
    match graph {
        Some(graph) => {
            let text = section(graph);
            quote!(#text)
        }
        None => quote!(::core::compile_error!("only `workflow!` writes this")),
    }
}

/// A section of a page in Markdown. An empty line would end the HTML in it.
fn section(graph: OwnedGraph) -> String {
    let svg = graph.leak().to_svg();
    format!("\n# Graph\n\n<div style=\"overflow:auto\">\n{svg}</div>\n")
}

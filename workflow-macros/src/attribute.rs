//! Attributes that are macros.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// Whether the attribute is, or may be, a macro.
pub(crate) fn is_macro(attr: &Attribute) -> bool {
    meta_is_macro(&attr.meta)
}

fn meta_is_macro(meta: &Meta) -> bool {
    let path = meta.path();
    let first = path.segments.first().map(|first| first.ident.to_string()).unwrap_or_default();
    if path.segments.len() > 1 {
        return !TOOLS.contains(&&*first);
    }
    if first == "cfg_attr" {
        let Meta::List(list) = meta else { return false };
        let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        return inner.is_ok_and(|inner| inner.iter().skip(1).any(meta_is_macro));
    }
    !BUILT_IN.contains(&&*first)
}

const TOOLS: [&str; 5] = ["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];

const BUILT_IN: [&str; 21] = [
    "allow",
    "automatically_derived",
    "cfg",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "inline",
    "link_section",
    "must_use",
    "no_mangle",
    "step",
    "target_feature",
    "track_caller",
    "unsafe",
    "warn",
    "workflow",
    "coverage",
];

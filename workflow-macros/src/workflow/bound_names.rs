//! Every variable that the macros introduce has a name that none of the user's constants, statics,
//! unit structs or variants has: it begins with two underscores. Any other name in a pattern could
//! refer to something that is in scope.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemFn, Macro, PatIdent};

/// Finds steps and workflows in a file, including those inside functions and macros.
#[derive(Default)]
struct Written {
    workflows: Vec<TokenStream>,
    steps: Vec<(TokenStream, ItemFn)>,
}

impl<'ast> Visit<'ast> for Written {
    fn visit_macro(&mut self, call: &'ast Macro) {
        if call.path.segments.last().is_some_and(|last| last.ident == "workflow") {
            self.workflows.push(call.tokens.clone());
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let is_step = |attr: &Attribute| attr.path().is_ident("step");
        if let Some(at) = function.attrs.iter().position(is_step) {
            let mut function = function.clone();
            let options = match function.attrs.remove(at).meta {
                syn::Meta::List(list) => list.tokens,
                _ => TokenStream::new(),
            };
            self.steps.push((options, function));
        }
        visit::visit_item_fn(self, function);
    }
}

/// The names that patterns bind.
#[derive(Default)]
struct Bound(BTreeSet<String>);

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        self.0.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    /// The contents of a call of one of the library's own macros are code, too.
    fn visit_macro(&mut self, call: &'ast Macro) {
        for token in call.tokens.clone() {
            if let TokenTree::Group(group) = token
                && let Ok(file) = syn::parse2::<syn::File>(group.stream())
            {
                self.visit_file(&file);
            }
        }
    }
}

fn words(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => _ = words.insert(word.to_string()),
            TokenTree::Group(group) => self::words(group.stream(), words),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The names that an expansion binds and that the user has not written.
fn invented(source: TokenStream, expansion: TokenStream) -> Vec<String> {
    let mut written = BTreeSet::new();
    words(source, &mut written);
    let mut bound = Bound::default();
    bound.visit_file(&syn::parse2(expansion).expect("the expansion parses"));
    bound.0.into_iter().filter(|name| !written.contains(name)).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        // Code with errors in it expands to less.
        if path.is_dir() && !path.ends_with("errors") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_constant_has_the_name_of_a_variable_of_the_macros() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in [
        "tests/tests",
        "tests/errors/tests",
        "tests/durable/tests",
        "tests/durable-errors/tests",
        "examples",
        "benches/src",
    ] {
        sources(&root.join(folder), &mut files);
    }
    let runtime = quote!(rt);
    let (mut expansions, mut own) = (0, BTreeSet::new());
    for file in files {
        let text = fs::read_to_string(&file).expect("the file can be read");
        // Files of a later edition, or with code that rustc has to complete, do not parse.
        let Ok(parsed) = syn::parse_file(&text) else { continue };
        let mut written = Written::default();
        written.visit_file(&parsed);
        let workflows = written.workflows.into_iter().map(|source| {
            let expansion = super::expand(source.clone(), &runtime);
            (source, expansion)
        });
        let steps = written.steps.into_iter().map(|(options, function)| {
            let source = quote!(#options #function);
            (source, crate::step::expand(options, function.to_token_stream(), &runtime))
        });
        for (source, expansion) in workflows.chain(steps) {
            expansions += 1;
            own.extend(invented(source, expansion).into_iter().map(|name| (name, file.clone())));
        }
    }
    assert!(expansions > 500, "only {expansions} have been found");
    let names: BTreeSet<&str> = own.iter().map(|(name, _)| &**name).collect();
    for name in ["__output", "__value", "__failures", "__branch", "__position", "__attempts"] {
        assert!(names.contains(name), "`{name}` is not among {names:?}");
    }
    let plain: Vec<_> = own.iter().filter(|(name, _)| !name.starts_with("__")).collect();
    assert!(plain.is_empty(), "{plain:?}");
}

//! Variables that certainly can be copied.

use syn::{FnArg, Type};

use super::syntax::Workflow;
use crate::pattern::bound_by;
use crate::sorted::SortedSet;

/// The inputs of a type that is certainly `Copy`: references and numbers.
pub(crate) fn copied_inputs(workflow: &Workflow) -> SortedSet<String> {
    let inputs = workflow.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    let copied = inputs.filter(|input| is_copied(&input.ty));
    let names = copied.flat_map(|input| bound_by(&input.pat));
    names.map(|(name, _)| name.to_string()).collect()
}

fn is_copied(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => reference.mutability.is_none(),
        Type::Path(path) => path.path.get_ident().is_some_and(|name| {
            let name = name.to_string();
            let number = name.strip_prefix(['u', 'i', 'f']).unwrap_or_default();
            let is_number = matches!(number, "8" | "16" | "32" | "64" | "128" | "size");
            is_number || matches!(&*name, "bool" | "char")
        }),
        _ => false,
    }
}

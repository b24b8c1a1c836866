//! A return type that holds a value of no known size, such as `Result<dyn Display, Error>`.

use syn::{GenericArgument, PathArguments, ReturnType, Type};

use crate::report::{Report, shown};

/// Reports what has no size in a return type, and puts it into a `Box`, so that nothing else is said
/// of it. Returns whether there is any.
pub(crate) fn refuse_unsized(output: &mut ReturnType, report: &mut Report) -> bool {
    match output {
        ReturnType::Type(_, ty) => refuse_in(ty, report),
        ReturnType::Default => false,
    }
}

fn refuse_in(ty: &mut Type, report: &mut Report) -> bool {
    if let Some((note, instead)) = sized(ty) {
        report
            .error(&*ty, format!("`{}` has no size that is known when this compiles", shown(ty)))
            .note(&format!("it stands for {note}, and only values of one size can be returned"))
            .help(&format!("return `{instead}`"));
        *ty = syn::parse_quote!(::std::boxed::Box<#ty>);
        return true;
    }
    match ty {
        Type::Paren(paren) => refuse_in(&mut paren.elem, report),
        Type::Group(group) => refuse_in(&mut group.elem, report),
        Type::Tuple(tuple) => refuse_any(tuple.elems.iter_mut(), report),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last_mut() else { return false };
            let holds = HOLDERS.contains(&&*last.ident.to_string());
            let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
                return false;
            };
            let types = arguments.args.iter_mut().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            holds && refuse_any(types, report)
        }
        _ => false,
    }
}

/// Types that hold their parameters as they are.
const HOLDERS: [&str; 3] = ["Option", "Result", "Vec"];

/// Reports all that have no size.
fn refuse_any<'a>(types: impl Iterator<Item = &'a mut Type>, report: &mut Report) -> bool {
    let refused: Vec<bool> = types.map(|ty| refuse_in(ty, report)).collect();
    refused.contains(&true)
}

/// What a type without a size stands for, and what to return in its place.
fn sized(ty: &Type) -> Option<(&'static str, String)> {
    match ty {
        Type::TraitObject(object) if object.dyn_token.is_some() => {
            Some(("any type that implements the trait", format!("Box<{}>", shown(ty))))
        }
        Type::Slice(slice) => Some(("any number of items", format!("Vec<{}>", shown(&slice.elem)))),
        Type::Path(path) if path.path.is_ident("str") => {
            Some(("text of any length", "String".to_owned()))
        }
        _ => None,
    }
}

//! Copies of values that one step consumes while another borrows it: a trait of which the error says
//! why there has to be a copy.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprCall};

use crate::sorted::SortedMap;

/// A value that has to be copied, and why.
pub(super) struct Reason<'a> {
    pub(super) variable: &'a Ident,
    pub(super) message: String,
    pub(super) notes: Vec<String>,
}

/// The traits of a function, which can copy what can be copied.
#[derive(Default)]
pub(crate) struct Traits {
    /// The names of the traits, by what they say.
    names: SortedMap<String, Ident>,
    pub(crate) items: TokenStream,
}

impl Traits {
    /// The trait that says so. All of it is at the place of the variable, so that the error has no
    /// label for anything around it.
    fn name(&mut self, Reason { variable, message, notes }: &Reason<'_>) -> Ident {
        let place = Span::mixed_site().located_at(variable.span());
        let start = variable.span().start();
        let key = format!("{}:{} {message}", start.line, start.column);
        let count = self.names.keys().count();
        if let Some(known) = self.names.get(&key) {
            return known.clone();
        }
        let number = if count == 0 { String::new() } else { format!("_{}", count + 1) };
        let name = Ident::new(&format!("MayBeCopied{number}"), place);
        self.items.extend(quote_spanned! {place=>
            #[diagnostic::on_unimplemented(
                message = #message,
                label = "consumed here",
                #(note = #notes,)*
            )]
            #[allow(dead_code, non_camel_case_types)]
            trait #name: ::core::marker::Sized {
                fn copied(&self) -> Self;
            }
            #[diagnostic::do_not_recommend]
            impl<T: ::core::marker::Copy> #name for T {
                fn copied(&self) -> Self {
                    *self
                }
            }
        });
        self.names.insert(key, name.clone());
        name
    }

    /// A copy of the variable.
    pub(super) fn copy(&mut self, reason: &Reason<'_>) -> Expr {
        let (variable, copied) = (reason.variable, self.name(reason));
        let copy = quote_spanned!(copied.span()=> #copied::copied(&#variable));
        syn::parse2::<ExprCall>(copy).map(Expr::Call).expect("it is a call")
    }

    /// Code that runs nothing, and does not compile unless the variable can be copied, or what it
    /// refers to if it `is_reference`.
    pub(super) fn check(&mut self, reason: &Reason<'_>, is_reference: bool) -> TokenStream {
        let (variable, copied) = (reason.variable, self.name(reason));
        let star = is_reference.then(|| quote!(*));
        quote_spanned! {copied.span()=>
            let _ = || {
                #copied::copied(&#star #variable);
            };
        }
    }
}

pub(super) fn consumed(variable: &Ident, name: &str, borrower: &str) -> String {
    format!("step `{name}` consumes `{variable}` while step `{borrower}` borrows it")
}

pub(super) fn in_order_or_clone(variable: &Ident, name: &str, borrower: &str) -> String {
    format!(
        "`#[after({borrower})]` above `{name}` makes it run after `{borrower}`; or give it a clone: \
         `{variable}.clone()`",
    )
}

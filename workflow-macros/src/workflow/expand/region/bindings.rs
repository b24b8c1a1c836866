//! How a branch of a region gets at the variables that it uses.

use proc_macro2::TokenStream;

use super::Region;
use super::keep::Keep;
use super::variables::Variable;
use crate::workflow::expand::variables::{Env, LateKey, LateKind, LateSlot};

/// What stands in front of a branch's own code.
pub(super) struct Bindings {
    pub(super) env: Env,
    /// Outside of its async block.
    pub(super) outside: TokenStream,
    /// Inside, where it has one.
    pub(super) inside: TokenStream,
}

impl Region<'_> {
    /// How a branch gets at the variables that it uses.
    pub(super) fn bindings(&self, at: usize, env: Env) -> Bindings {
        let rt = self.shared().rt;
        let mut bindings =
            Bindings { env, outside: TokenStream::new(), inside: TokenStream::new() };
        for variable in &self.variables {
            let Some(user) = variable.users.iter().find(|user| user.branch == at) else {
                continue;
            };
            let Variable { ident, slot, .. } = variable;
            // Whoever has the value itself may change it, if the user's `let` says so.
            let mutable = variable.mutable.then(|| glue!(mut));
            let env = &mut bindings.env;
            match variable.keep {
                Keep::Before if self.copies(variable, at) => {
                    env.declare(ident);
                    bindings.outside.extend(glue!(let #ident = #rt::copied!(#ident);));
                }
                Keep::Shared | Keep::Late if self.copies(variable, at) => {
                    env.declare(ident);
                    let value = self.shared_value(variable);
                    bindings.outside.extend(glue!(let #ident = #rt::copied!(#value);));
                }
                Keep::Before => {}
                Keep::Place if user.late => {
                    let late = LateSlot { slot: slot.clone(), kind: LateKind::Borrowed };
                    env.declare_late(LateKey::Value(ident.to_string()), late);
                }
                Keep::Place => {
                    env.declare_kept(ident);
                    bindings.outside.extend(glue!(let #ident = #rt::late(#slot);));
                }
                Keep::Held => {
                    env.declare_reference(ident);
                    bindings.outside.extend(glue!(let #ident = #rt::shared(#slot);));
                }
                Keep::Owned => {
                    env.declare(ident);
                    bindings.outside.extend(glue!(let #mutable #ident = #rt::take(&mut #slot);));
                }
                Keep::Lent | Keep::LateLent if user.last && !user.late => {
                    env.declare(ident);
                    let lent = lent(variable);
                    bindings.outside.extend(glue!(let #mutable #ident = #rt::reclaim(#lent);));
                }
                Keep::Late | Keep::LateLent | Keep::LateOwned if user.late => {
                    let kind = match variable.keep {
                        Keep::LateOwned => LateKind::Owned,
                        Keep::LateLent if user.last && self.takes_once(at, ident) => {
                            LateKind::Reclaimed
                        }
                        Keep::LateLent if user.last => LateKind::LentOrReclaimed,
                        Keep::LateLent => LateKind::Lent,
                        _ => LateKind::Borrowed,
                    };
                    let late = LateSlot { slot: slot.clone(), kind };
                    env.declare_late(LateKey::Value(ident.to_string()), late);
                    bindings.outside.extend(glue!(let #slot = &#slot;));
                }
                Keep::Lent | Keep::LateLent => {
                    env.declare_reference(ident);
                    let lent = lent(variable);
                    bindings.outside.extend(glue!(let #slot = #lent;));
                    bindings.inside.extend(glue! {
                        let #slot = #rt::borrow(#slot);
                        let #ident = &*#slot;
                    });
                }
                // Its slot is known; who needs it waits there.
                Keep::Outside if user.late => {}
                Keep::Outside => {
                    let external = variable.external.expect("it stands outside");
                    let external = self.emitter.external(external);
                    bindings.outside.extend(self.emitter.bind_external(external, env));
                }
                Keep::Shared | Keep::Late | Keep::LateOwned => {
                    env.declare_reference(ident);
                    let value = self.shared_value(variable);
                    bindings.outside.extend(glue!(let #ident = #value;));
                }
            }
        }
        for done in &self.signals {
            let slot = &done.slot;
            let names = done.names.iter().filter(|(branch, _)| *branch == at);
            for (_, name) in names.clone() {
                let late = LateSlot { slot: slot.clone(), kind: LateKind::Borrowed };
                bindings.env.declare_late(LateKey::Done(name.clone()), late);
            }
            if names.count() > 0 {
                bindings.outside.extend(glue!(let #slot = &#slot;));
            }
        }
        bindings
    }
}

impl Region<'_> {
    /// A reference to the value of a variable that is shared.
    pub(super) fn shared_value(&self, variable: &Variable) -> TokenStream {
        let rt = self.shared().rt;
        let slot = &variable.slot;
        match variable.keep {
            Keep::Late => glue!(#rt::late(&#slot)),
            _ => glue!(#rt::shared(&#slot)),
        }
    }
}

/// The `Lent` of a variable that is kept in one.
fn lent(variable: &Variable) -> TokenStream {
    let slot = &variable.slot;
    if variable.keep == Keep::LateLent { glue!(#slot.lent()) } else { glue!(&#slot) }
}

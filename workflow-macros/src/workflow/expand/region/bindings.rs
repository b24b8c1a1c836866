//! How a branch of a region gets access to the variables that it uses.

use proc_macro2::TokenStream;

use super::Region;
use super::variables::Variable;
use crate::workflow::expand::variables::{DeferredSlot, Env};
use crate::workflow::values::deferred::{DeferredKey, DeferredKind};
use crate::workflow::values::storage::Storage;

/// The code in front of a branch's own code.
pub(super) struct Bindings {
    pub(super) env: Env,
    /// Outside of its async block.
    pub(super) outside: TokenStream,
    /// Inside the block, if it has one.
    pub(super) inside: TokenStream,
}

impl Region<'_> {
    /// How a branch gets access to the variables that it uses.
    pub(super) fn bindings(&self, at: usize, env: Env) -> Bindings {
        let rt = self.shared().rt;
        let mut bindings =
            Bindings { env, outside: TokenStream::new(), inside: TokenStream::new() };
        for variable in &self.variables {
            let Some(user) = variable.users.iter().find(|user| user.branch == at) else {
                continue;
            };
            let Variable { ident, slot, .. } = variable;
            // A user that has the value itself may change it, if the user's `let` says so.
            let mutable = variable.mutable.then(|| hygienic!(mut));
            let env = &mut bindings.env;
            match variable.storage {
                Storage::Before if self.copies(variable, at) => {
                    env.declare(ident);
                    bindings.outside.extend(hygienic!(let #ident = #rt::copied!(#ident);));
                }
                Storage::Shared | Storage::Deferred if self.copies(variable, at) => {
                    env.declare(ident);
                    let value = self.shared_value(variable);
                    bindings.outside.extend(hygienic!(let #ident = #rt::copied!(#value);));
                }
                Storage::Before => {}
                Storage::Place if user.deferred => {
                    let deferred =
                        DeferredSlot { slot: slot.clone(), kind: DeferredKind::Borrowed };
                    env.declare_deferred(DeferredKey::Value(ident.to_string()), deferred);
                }
                Storage::Place => {
                    env.declare_kept(ident);
                    bindings.outside.extend(hygienic!(let #ident = #rt::deferred(#slot);));
                }
                Storage::Held => {
                    env.declare_reference(ident);
                    bindings.outside.extend(hygienic!(let #ident = #rt::shared(#slot);));
                }
                Storage::Owned => {
                    env.declare(ident);
                    bindings
                        .outside
                        .extend(hygienic!(let #mutable #ident = #rt::take(&mut #slot);));
                }
                Storage::Lent | Storage::DeferredLent if user.last && !user.deferred => {
                    env.declare(ident);
                    let lent = lent(variable);
                    bindings.outside.extend(hygienic!(let #mutable #ident = #rt::reclaim(#lent);));
                }
                Storage::Deferred | Storage::DeferredLent | Storage::DeferredOwned
                    if user.deferred =>
                {
                    let kind = match variable.storage {
                        Storage::DeferredOwned => DeferredKind::Owned,
                        Storage::DeferredLent if user.last && self.takes_once(at, ident) => {
                            DeferredKind::Reclaimed
                        }
                        Storage::DeferredLent if user.last => DeferredKind::LentOrReclaimed,
                        Storage::DeferredLent => DeferredKind::Lent,
                        _ => DeferredKind::Borrowed,
                    };
                    let deferred = DeferredSlot { slot: slot.clone(), kind };
                    env.declare_deferred(DeferredKey::Value(ident.to_string()), deferred);
                    bindings.outside.extend(hygienic!(let #slot = &#slot;));
                }
                Storage::Lent | Storage::DeferredLent => {
                    env.declare_reference(ident);
                    let lent = lent(variable);
                    bindings.outside.extend(hygienic!(let #slot = #lent;));
                    bindings.inside.extend(hygienic! {
                        let #slot = #rt::borrow(#slot);
                        let #ident = &*#slot;
                    });
                }
                // Its slot is known; each user waits there.
                Storage::Outside if user.deferred => {}
                Storage::Outside => {
                    let external = variable.external.expect("it stands outside");
                    let external = self.emitter.external(external);
                    bindings.outside.extend(self.emitter.bind_external(external, env));
                }
                Storage::Shared | Storage::Deferred | Storage::DeferredOwned => {
                    env.declare_reference(ident);
                    let value = self.shared_value(variable);
                    bindings.outside.extend(hygienic!(let #ident = #value;));
                }
            }
        }
        for done in &self.signals {
            let slot = &done.slot;
            let names = done.names.iter().filter(|(branch, _)| *branch == at);
            for (_, name) in names.clone() {
                let deferred = DeferredSlot { slot: slot.clone(), kind: DeferredKind::Borrowed };
                bindings.env.declare_deferred(DeferredKey::Done(name.clone()), deferred);
            }
            if names.count() > 0 {
                bindings.outside.extend(hygienic!(let #slot = &#slot;));
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
        match variable.storage {
            Storage::Deferred => hygienic!(#rt::deferred(&#slot)),
            _ => hygienic!(#rt::shared(&#slot)),
        }
    }
}

/// The `Lent` that a variable is kept in.
fn lent(variable: &Variable) -> TokenStream {
    let slot = &variable.slot;
    if variable.storage == Storage::DeferredLent {
        hygienic!(#slot.lent())
    } else {
        hygienic!(&#slot)
    }
}

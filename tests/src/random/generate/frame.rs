//! What is known of a scope while it is being made.

use super::model::{Node, Ty, Var};

/// A scope that is being made.
pub(super) struct Frame {
    /// The variables that can be used.
    pub(super) seen: Vec<Seen>,
    pub(super) nodes: Vec<Node>,
    /// Names from outside that are not used inside, to be given to something inside.
    pub(super) shadowed: Vec<String>,
    /// The nodes that borrow what the next node consumes.
    pub(super) lenders: Vec<usize>,
    /// How many scopes stand around it.
    pub(super) depth: usize,
    /// How many of them are bodies of a `for`.
    pub(super) loops: usize,
}

/// A variable that can be used in a scope.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(super) struct Seen {
    pub(super) var: Var,
    /// It belongs to this scope.
    pub(super) own: bool,
    /// A declaration binds it, so that `#[after]` can name it.
    pub(super) declared: bool,
    /// It may be consumed in this scope.
    pub(super) consumable: bool,
    pub(super) consumed: bool,
    /// A view borrows from it, so that nothing consumes it.
    pub(super) viewed: bool,
    /// The nodes of this scope that borrow it.
    pub(super) borrowed_by: Vec<usize>,
}

impl Seen {
    pub(super) fn new(var: Var, declared: bool) -> Self {
        Self {
            var,
            own: true,
            declared,
            consumable: true,
            consumed: false,
            viewed: false,
            borrowed_by: Vec::new(),
        }
    }

    /// Whether the node can consume it, which does not borrow it too.
    pub(super) fn can_be_consumed(&self, node: usize) -> bool {
        self.consumable && !self.consumed && !self.viewed && !self.borrowed_by.contains(&node)
    }
}

/// What is asked of a variable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Any,
    Number,
    Text,
    Outcome,
    List,
    /// A number or a text.
    Shown,
    /// What can't be copied.
    Owned,
}

impl Wanted {
    pub(super) fn is(self, ty: &Ty) -> bool {
        match self {
            Self::Any => true,
            Self::Number => *ty == Ty::Number,
            Self::Text => *ty == Ty::Text,
            Self::Outcome => *ty == Ty::Outcome,
            Self::List => matches!(ty, Ty::List(_)),
            Self::Shown => matches!(ty, Ty::Number | Ty::Text),
            Self::Owned => !ty.is_copy(),
        }
    }
}

/// How a variable may be used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// By value, where that copies it.
    Copy,
    /// By reference, or by value where that copies it.
    Look,
    /// By reference.
    Borrow,
    /// In any way.
    Any,
    /// By value.
    Consume,
}

impl Frame {
    pub(super) fn new(seen: Vec<Seen>) -> Self {
        Self {
            seen,
            nodes: Vec::new(),
            shadowed: Vec::new(),
            lenders: Vec::new(),
            depth: 0,
            loops: 0,
        }
    }

    /// The frame of a scope inside the next node.
    pub(super) fn enter(&self, repeats: bool) -> Self {
        let inherit = |seen: &Seen| Seen {
            own: false,
            consumable: seen.consumable && !repeats,
            borrowed_by: Vec::new(),
            ..seen.clone()
        };
        Self {
            seen: self.seen.iter().filter(|seen| !seen.consumed).map(inherit).collect(),
            nodes: Vec::new(),
            shadowed: Vec::new(),
            lenders: Vec::new(),
            depth: self.depth + 1,
            loops: self.loops + usize::from(repeats),
        }
    }

    /// Takes over how the scopes inside the next node use what is visible here.
    pub(super) fn leave(&mut self, inner: &[Self]) {
        let node = self.nodes.len();
        for seen in self.seen.iter_mut().filter(|seen| !seen.consumed) {
            let uses = inner.iter().flat_map(|frame| &frame.seen);
            let uses = uses.filter(|inner| !inner.own && inner.var.name == seen.var.name);
            let (mut consumed, mut borrowed) = (false, false);
            for inner in uses {
                seen.viewed |= inner.viewed;
                consumed |= inner.consumed;
                borrowed |= !inner.borrowed_by.is_empty();
            }
            if consumed {
                seen.consumed = true;
                self.lenders.append(&mut seen.borrowed_by);
            } else if borrowed && !seen.borrowed_by.contains(&node) {
                seen.borrowed_by.push(node);
            }
        }
    }

    /// The nodes that the next node has to wait for, as it consumes what they borrow.
    pub(super) fn take_lenders(&mut self) -> Vec<usize> {
        let mut lenders = std::mem::take(&mut self.lenders);
        lenders.retain(|&lender| lender != self.nodes.len());
        lenders.sort_unstable();
        lenders.dedup();
        lenders
    }

    pub(super) fn take_nodes(mut self) -> (Vec<Node>, Self) {
        (std::mem::take(&mut self.nodes), self)
    }

    /// The type of a variable.
    pub(super) fn ty(&self, name: &str) -> Ty {
        let seen = self.seen.iter().rev().find(|seen| seen.var.name == name);
        seen.expect("it can be used").var.ty.clone()
    }
}

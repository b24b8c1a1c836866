//! How variables are used.

use syn::Expr;

use crate::sorted::SortedMap;
use crate::workflow::model::{How, Node, Use};
use crate::workflow::names::{self, Mode};

/// How a part of a workflow uses variables.
pub(crate) type Usage = SortedMap<String, Summary>;

/// How one variable is used.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Summary {
    pub(crate) borrows: bool,
    /// A part of it may be consumed.
    pub(crate) takes_part: bool,
    /// It is copied or consumed as a whole.
    pub(crate) takes_all: bool,
}

impl Summary {
    pub(crate) const CONSUMED: Self = Self { borrows: false, takes_part: false, takes_all: true };

    /// Whether it may be consumed.
    pub(crate) fn consumes(self) -> bool {
        self.takes_part || self.takes_all
    }
}

fn add_use(usage: &mut Usage, used: &Use) {
    let How::Value(mode) = used.how else { return };
    let summary = usage.or_insert(used.ident.to_string(), Summary::default());
    // A value that each of many items uses by value must be one that can be copied.
    match mode {
        Mode::Value if !used.repeats => summary.takes_all = true,
        Mode::Part if !used.repeats => summary.takes_part = true,
        _ => summary.borrows = true,
    }
}

pub(crate) fn add_usage(usage: &mut Usage, more: &Usage) {
    for (name, more) in more.iter() {
        let summary = usage.or_insert(name.clone(), Summary::default());
        summary.borrows |= more.borrows;
        summary.takes_part |= more.takes_part;
        summary.takes_all |= more.takes_all;
    }
}

/// How an expression uses variables.
pub(crate) fn usage_of(expr: &Expr) -> Usage {
    let mut usage = Usage::new();
    names::find(expr, &mut |ident, mode| {
        let how = How::Value(mode);
        add_use(
            &mut usage,
            &Use { ident: ident.clone(), how, repeats: false, by: 0, in_result: false },
        );
    });
    usage
}

/// How a node uses variables.
pub(crate) fn usage_of_node(node: &Node) -> Usage {
    let mut usage = Usage::new();
    for used in node.uses() {
        add_use(&mut usage, used);
    }
    usage
}

//! A workflow whose names are resolved.

use proc_macro2::extra::DelimSpan;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Pat, Token};

use super::names::Mode;
use super::syntax::{Binding, Call, KnownSignal, Was};
use crate::sorted::{SortedMap, SortedSet};

/// A set of declarations: a workflow's body, an arm, or the body of a `for`.
pub(crate) struct Scope {
    pub(crate) nodes: Vec<Node>,
    pub(crate) tail: Tail,
    /// What it uses from the scopes around it.
    pub(crate) free: Vec<Use>,
    /// The braces of an arm.
    pub(crate) braces: Option<DelimSpan>,
    /// `#[allow(…)]`, `#[expect(…)]` and the like on an arm.
    pub(crate) lints: Vec<Attribute>,
    /// The names that the pattern in front of it binds.
    pub(crate) bound: Vec<Ident>,
    /// What every node that can start first in it needs from outside of it.
    pub(crate) at_once: SortedSet<Need>,
    /// The names in `bound` that outlast the body, because undoing steps needs them.
    pub(crate) kept_bound: Vec<Ident>,
}

/// The value of a body.
pub(crate) enum Tail {
    /// Nothing.
    Unit,
    /// An ordinary expression.
    Expr(Expr),
    /// The value of this node, which has no `let`.
    Node(usize),
}

/// One declaration.
pub(crate) struct Node {
    /// Its number within the whole workflow, in the order of the source.
    pub(crate) id: usize,
    /// Its path in the graph.
    pub(crate) path: String,
    pub(crate) name: String,
    pub(crate) span: Span,
    /// `#[allow(…)]`, `#[expect(…)]` and the like.
    pub(crate) lints: Vec<Attribute>,
    pub(crate) binding: Option<Binding>,
    /// The variables that its pattern binds, with whether they are `mut`.
    pub(crate) vars: Vec<(Ident, bool)>,
    pub(crate) kind: Kind,
    /// It is named in an `#[after]`, which also counts as a use of its variable.
    pub(crate) ordered: bool,
    /// What its own text uses: the call, the condition, the items.
    pub(crate) direct: Vec<Use>,
    /// What the declarations inside it use from outside of it.
    pub(crate) inner: Vec<Use>,
    /// The nodes of the same scope that it depends on, each with the place where it is first named.
    pub(crate) needs: SortedMap<usize, Ident>,
    /// Those of them that must be done before it starts.
    pub(crate) starts_after: SortedSet<usize>,
    /// Those of them that only a part of it needs, which waits by itself.
    pub(crate) waits_inside: SortedSet<usize>,
    /// It is an argument of the step with the same number, and not a node of the graph.
    pub(crate) early: bool,
    /// What undoes it.
    pub(crate) compensation: Option<Compensation>,
    /// What it was before.
    pub(crate) was: Option<Was>,
    pub(crate) child: Child,
    /// Those of its variables that outlast the body, because undoing steps needs them.
    pub(crate) kept: Vec<Ident>,
}

/// What undoes a declaration.
pub(crate) struct Compensation {
    pub(crate) expr: Expr,
    /// It runs even if the declaration has only started, and not only once it has completed.
    pub(crate) maybe: bool,
}

/// Whether a declaration calls a workflow that undoes its own steps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Child {
    /// It does not, or it cannot be known.
    No,
    /// It does.
    UndoesItself,
    /// It does, until it has completed; from then on it has a compensation here.
    UndoneAsOne,
}

/// What a node is.
pub(crate) enum Kind {
    Step(Call),
    If(Vec<(Option<(Token![if], Expr)>, Scope)>),
    Match { match_token: Token![match], scrutinee: Expr, arms: Vec<(Pat, Scope)> },
    FanOut { pat: Pat, items: Expr, concurrency: Option<Expr>, body: Box<Scope> },
    Block(Box<Scope>),
    Value(Expr),
}

/// One use of a name.
#[derive(Clone)]
pub(crate) struct Use {
    pub(crate) ident: Ident,
    pub(crate) how: How,
    /// It is inside the body of a `for`, which runs many times.
    pub(crate) repeats: bool,
    /// The node whose text contains it.
    pub(crate) by: usize,
    /// It is in the result of a body in that node, which the other declarations of the body need not
    /// wait for.
    pub(crate) in_result: bool,
}

/// What is needed of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// Its value.
    Value(Mode),
    /// Only that it is done.
    Order,
}

/// Something that has to be available.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Whatever has this name: its value, or that it is done.
    Named(String),
    /// Whatever is called by this name: most often a function, and not a variable at all.
    Called(String),
}

impl Need {
    pub(crate) fn of(used: &Use) -> Self {
        let name = used.ident.to_string();
        match used.how {
            How::Value(Mode::Call) => Self::Called(name),
            How::Value(_) | How::Order => Self::Named(name),
        }
    }
}

/// One edge of the graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) to: usize,
    pub(crate) from: Origin,
    /// Whether the value is needed, or only that the source is done.
    pub(crate) data: bool,
    /// Whether only the result of a body in the node needs it.
    pub(crate) in_result: bool,
}

/// Where an edge comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    Input(usize),
    Node(usize),
}

/// Everything known about a workflow's names.
pub(crate) struct Model {
    pub(crate) body: Scope,
    pub(crate) inputs: Vec<Ident>,
    /// Those of them that outlast the body, because undoing steps needs them.
    pub(crate) kept_inputs: Vec<Ident>,
    pub(crate) edges: SortedSet<Edge>,
    /// The names of signals; `None` if one of them is computed.
    pub(crate) signals: Option<SortedSet<String>>,
    /// The signals whose names are not computed.
    pub(crate) known_signals: Vec<KnownSignal>,
    /// Variables whose names resemble one that nothing declares.
    pub(crate) look_alikes: Vec<Ident>,
}

impl Scope {
    /// Whether the value of this node is the value of the scope.
    pub(crate) fn is_result(&self, at: usize) -> bool {
        matches!(self.tail, Tail::Node(result) if result == at)
    }

    /// The node that declares the variable `name` of this scope.
    pub(crate) fn declares(&self, name: &Ident) -> Option<usize> {
        self.nodes.iter().position(|node| node.vars.iter().any(|(var, _)| var == name))
    }
}

impl Node {
    /// Whether it has an `#[after]`.
    pub(crate) fn names_order(&self) -> bool {
        self.direct.iter().any(|used| used.how == How::Order)
    }

    /// The span of its own text: the call or the keyword, or else the beginning of the declaration.
    pub(crate) fn place(&self) -> Span {
        match &self.kind {
            Kind::Step(call) => call.expr.span(),
            Kind::Value(expr) => expr.span(),
            Kind::If(arms) => match arms.first() {
                Some((Some((if_token, _)), _)) => if_token.span,
                _ => self.span,
            },
            Kind::Match { match_token, .. } => match_token.span,
            Kind::FanOut { .. } | Kind::Block(_) => self.span,
        }
    }

    /// Where its `#[record]` is, if it has one.
    pub(crate) fn record(&self) -> Option<Span> {
        match &self.kind {
            Kind::Step(call) => call.record,
            _ => None,
        }
    }

    /// The scopes inside it.
    pub(crate) fn scopes(&self) -> Vec<&Scope> {
        match &self.kind {
            Kind::Step(_) | Kind::Value(_) => Vec::new(),
            Kind::If(arms) => arms.iter().map(|(_, scope)| scope).collect(),
            Kind::Match { arms, .. } => arms.iter().map(|(_, scope)| scope).collect(),
            Kind::FanOut { body, .. } | Kind::Block(body) => vec![body],
        }
    }

    /// The scopes inside it, mutably.
    pub(crate) fn scopes_mut(&mut self) -> Vec<&mut Scope> {
        match &mut self.kind {
            Kind::Step(_) | Kind::Value(_) => Vec::new(),
            Kind::If(arms) => arms.iter_mut().map(|(_, scope)| scope).collect(),
            Kind::Match { arms, .. } => arms.iter_mut().map(|(_, scope)| scope).collect(),
            Kind::FanOut { body, .. } | Kind::Block(body) => vec![body],
        }
    }

    /// Whether its variable can be called, as far as its text tells: it is a closure, or one in a
    /// box, or its written type is that of a function. For any other variable `total`, `total(…)`
    /// calls a function of the same name.
    pub(crate) fn is_callable(&self) -> bool {
        let ty = self.binding.as_ref().and_then(|binding| binding.ty.as_ref());
        ty.is_some_and(|ty| names_a_function(ty.to_token_stream()))
            || matches!(&self.kind, Kind::Value(expr) if is_closure(expr))
    }

    /// Everything that it uses.
    pub(crate) fn uses(&self) -> impl Iterator<Item = &Use> {
        self.direct.iter().chain(&self.inner)
    }
}

/// Whether an expression is a closure, or wraps one: `Box::new(|n| n + 1)`.
pub(crate) fn is_closure(expr: &Expr) -> bool {
    match expr {
        Expr::Closure(_) => true,
        Expr::Paren(inner) => is_closure(&inner.expr),
        Expr::Group(inner) => is_closure(&inner.expr),
        Expr::Call(call) => {
            let wraps = |name: &str| matches!(name, "Arc" | "Box" | "Rc");
            let Expr::Path(path) = &*call.func else { return false };
            let mut names =
                path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
            names.next().is_some_and(|name| name == "new")
                && names.next().is_some_and(|name| wraps(&name))
                && call.args.first().is_some_and(is_closure)
        }
        _ => false,
    }
}

fn names_a_function(ty: TokenStream) -> bool {
    ty.into_iter().any(|token| match token {
        TokenTree::Ident(name) => {
            name == "Fn" || name == "FnMut" || name == "FnOnce" || name == "fn"
        }
        TokenTree::Group(group) => names_a_function(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

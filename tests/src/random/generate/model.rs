//! What a random workflow consists of.

/// A workflow and the sub-workflows that it calls.
#[derive(Debug)]
pub struct Flow {
    /// Sub-workflows; each may call those before it. The last one is the workflow itself.
    pub functions: Vec<Function>,
}

/// One function in a `workflow!`.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its inputs, besides those that every function has.
    pub inputs: Vec<Var>,
    /// Whether it returns `Result<u64, Fault>` or else `u64`.
    pub fails: bool,
    /// Its body.
    pub body: Scope,
}

/// A variable.
#[derive(Debug, Clone)]
pub struct Var {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Ty,
}

/// A type of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// `u64`.
    Number,
    /// `String`.
    Text,
    /// `Result<u64, Fault>`.
    Outcome,
    /// `Vec<u64>` or `Vec<String>`.
    List(Box<Ty>),
    /// A reference.
    Borrowed(Box<Ty>),
    /// `View<'_>`, which borrows from another value.
    View,
    /// `()`.
    Unit,
}

impl Ty {
    /// Whether a value can be used by value more than once.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        matches!(self, Self::Number | Self::Borrowed(_) | Self::Unit)
    }
}

/// A set of declarations.
#[derive(Debug)]
pub struct Scope {
    /// Each refers only to those before it.
    pub nodes: Vec<Node>,
    /// The positions in `nodes` in the order of the source.
    pub printed: Vec<usize>,
    /// What it comes to.
    pub tail: Tail,
}

/// What a scope comes to.
#[derive(Debug)]
pub enum Tail {
    /// Nothing.
    Unit,
    /// An ordinary expression.
    Value(Compute),
    /// The value of the last node, which has no `let`.
    Node,
}

/// One declaration.
#[derive(Debug)]
pub struct Node {
    /// Its number, which no other node of the flow has.
    pub id: u32,
    /// Its name in paths.
    pub name: String,
    /// What its `let` binds; two for a pattern.
    pub vars: Vec<Var>,
    /// Its `let` says the type.
    pub typed: bool,
    /// `#[after(…)]`.
    pub after: Vec<After>,
    /// What it is.
    pub kind: Kind,
}

/// What stands in `#[after(…)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// A node of the same scope, by its position in `nodes`.
    Here(usize),
    /// A variable of a scope around.
    Outer(String),
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// A call of a step, or of a sub-workflow.
    Step {
        /// What is called.
        call: Call,
        /// With the inputs.
        args: Vec<Arg>,
        /// A `?` stands behind it.
        question: bool,
    },
    /// An ordinary expression.
    Value(Compute),
    /// A block.
    Block(Scope),
    /// A branch; an `if` without `else` has as many conditions as arms.
    If {
        /// One for each arm but the `else`.
        conditions: Vec<Condition>,
        /// The arms.
        arms: Vec<Scope>,
    },
    /// `match pick(…) { 0 => …, 1 => …, _ => … }`.
    Pick {
        /// On which it depends.
        on: Arg,
        /// The arms.
        arms: Vec<Scope>,
    },
    /// `match choose(…) { First(x) => …, Second(x) if … => …, _ => … }`.
    Choose {
        /// On which it depends.
        on: Arg,
        /// The guard of the second of three arms.
        guard: Option<Arg>,
        /// What the arms bind; the last one binds nothing.
        binds: Vec<String>,
        /// The arms.
        arms: Vec<Scope>,
    },
    /// A fan-out.
    For {
        /// The items.
        items: Items,
        /// `#[concurrency(…)]`.
        limit: Option<Limit>,
        /// The variable of an item's position.
        index: String,
        /// The variable of an item.
        item: String,
        /// Runs for each.
        body: Box<Scope>,
    },
}

/// What a step calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Returns `Result<u64, Fault>`.
    Work,
    /// The same, as a method.
    Method,
    /// Returns `Result<u64, Other>`.
    Other,
    /// Returns `u64`.
    Sure,
    /// Returns `Result<String, Fault>`.
    Text,
    /// Returns `Result<(u64, String), Fault>`.
    Pair,
    /// Returns `Result<(), Fault>`.
    Note,
    /// Returns `Result<View<'_>, Fault>`, which borrows from what it is given.
    View,
    /// A function of the flow, by its position.
    Sub(usize),
}

/// A condition of an `if`.
#[derive(Debug)]
pub struct Condition {
    /// On which it depends.
    pub on: Arg,
    /// `if let Some(…)` binds this.
    pub binds: Option<String>,
}

/// What a `for` runs over.
#[derive(Debug)]
pub enum Items {
    /// The numbers below this one.
    Below(usize),
    /// Up to five numbers that follow from a value.
    From(Arg),
    /// A list, by reference or by value.
    List(Arg),
}

/// How many items of a `for` run at once.
#[derive(Debug)]
pub enum Limit {
    /// So many.
    Fixed(usize),
    /// Up to three, depending on a value.
    From(Arg),
}

/// A use of a variable.
#[derive(Debug, Clone)]
pub struct Arg {
    /// Its name.
    pub name: String,
    /// By value, or else by reference.
    pub by_value: bool,
}

/// An ordinary expression.
#[derive(Debug)]
pub enum Compute {
    /// A number.
    Constant(u64),
    /// `a ^ b`.
    Xor(Arg, Arg),
    /// `a.wrapping_add(b)`.
    Add(Arg, Arg),
    /// `if a > b { a } else { b }`.
    Larger(Arg, Arg),
    /// `mix(&[digest(a), digest(&b)])`.
    Mix(Vec<Arg>),
    /// `mix(…).to_string()`.
    Show(Vec<Arg>),
    /// `format!("{a}")`.
    Format(Arg),
    /// `a`.
    Same(Arg),
    /// `a.clone()`.
    Clone(Arg),
    /// `a?`, or `a.clone()?`.
    Attempt(Arg),
    /// `View::of(&a)`.
    Look(Arg),
}

impl Node {
    /// Whether `#[after]` can name it: a branch without a variable is called by a keyword.
    #[must_use]
    pub fn is_named(&self) -> bool {
        !self.vars.is_empty() || matches!(self.kind, Kind::Step { .. })
    }

    /// Gives it a variable if `#[after]` could not name it otherwise.
    pub fn make_named(&mut self) {
        if !self.is_named() {
            let name = format!("v{}", self.id);
            self.vars.push(Var { name, ty: Ty::Unit });
        }
    }

    /// The scopes inside it.
    #[must_use]
    pub fn scopes(&self) -> &[Scope] {
        match &self.kind {
            Kind::Step { .. } | Kind::Value(_) => &[],
            Kind::Block(scope) => std::slice::from_ref(scope),
            Kind::If { arms, .. } | Kind::Pick { arms, .. } | Kind::Choose { arms, .. } => arms,
            Kind::For { body, .. } => std::slice::from_ref(body),
        }
    }

    /// The variables that its own text uses.
    #[must_use]
    pub fn args(&self) -> Vec<&Arg> {
        match &self.kind {
            Kind::Step { args, .. } => args.iter().collect(),
            Kind::Value(compute) => compute.args(),
            Kind::Block(_) => Vec::new(),
            Kind::If { conditions, .. } => {
                conditions.iter().map(|condition| &condition.on).collect()
            }
            Kind::Pick { on, .. } => vec![on],
            Kind::Choose { on, guard, .. } => [on].into_iter().chain(guard).collect(),
            Kind::For { items, limit, .. } => {
                let items = match items {
                    Items::Below(_) => None,
                    Items::From(arg) | Items::List(arg) => Some(arg),
                };
                let limit = match limit {
                    None | Some(Limit::Fixed(_)) => None,
                    Some(Limit::From(arg)) => Some(arg),
                };
                items.into_iter().chain(limit).collect()
            }
        }
    }
}

impl Compute {
    /// The variables that it uses.
    #[must_use]
    pub fn args(&self) -> Vec<&Arg> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::Xor(left, right) | Self::Add(left, right) | Self::Larger(left, right) => {
                vec![left, right]
            }
            Self::Mix(args) | Self::Show(args) => args.iter().collect(),
            Self::Format(arg)
            | Self::Same(arg)
            | Self::Clone(arg)
            | Self::Attempt(arg)
            | Self::Look(arg) => vec![arg],
        }
    }
}

impl Call {
    /// The function's name, where it is no sub-workflow.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Work | Self::Method => "work",
            Self::Other => "other",
            Self::Sure => "sure",
            Self::Text => "text",
            Self::Pair => "pair",
            Self::Note => "note",
            Self::View => "view",
            Self::Sub(_) => unreachable!("a sub-workflow has a name of its own"),
        }
    }
}

//! A workflow as written.

use proc_macro2::extra::DelimSpan;
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, Expr, LitStr, Pat, Path, Signature, Token, Type, Visibility};

use crate::duration::Time;
use crate::step::{Retry, policy_values};

/// One function of a `workflow!`.
pub(crate) struct Workflow {
    /// Doc comments and other ordinary attributes, for the generated function.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Body,
    /// The body as it is written.
    pub(crate) source: TokenStream,
    /// Where something has been reported.
    pub(crate) problems: Vec<Span>,
    /// The span of the body, from one brace to the other.
    pub(crate) braces: Span,
    /// The closing brace.
    pub(crate) end: Span,
    /// The semicolon after a last line that could be the result.
    pub(crate) semicolon: Option<Span>,
    /// Something in it has been reported.
    pub(crate) faulty: bool,
    /// Something in it did not parse.
    pub(crate) torn: bool,
    pub(crate) options: Options,
    /// The names of all workflows in the same macro call.
    pub(crate) siblings: Vec<String>,
    /// The signals that it waits for, as far as their names are known.
    pub(crate) signals: Vec<KnownSignal>,
}

/// A signal with a name that is written down.
#[derive(Clone)]
pub(crate) struct KnownSignal {
    pub(crate) name: String,
    /// The type of its value, if that is written down as well.
    pub(crate) ty: Option<Type>,
}

/// A workflow's own attributes.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) on_failure: OnFailure,
    /// Whether `#[on_failure(…)]` says so.
    pub(crate) reacts: bool,
    /// `#[graph]`.
    pub(crate) prints_graph: bool,
    /// Where `#[durable]` is.
    pub(crate) durable: Option<Span>,
    /// The names or paths that the workflow had before.
    pub(crate) was: Vec<Path>,
}

/// What the first error does to the steps that do not depend on it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum OnFailure {
    /// Those that are running are dropped, the others never start.
    #[default]
    Cancel,
    /// Those that are running may finish, the others never start.
    Drain,
    /// They run to their end.
    Finish,
}

/// A set of declarations.
pub(crate) struct Body {
    pub(crate) decls: Vec<Decl>,
    /// The last line, if it has no semicolon: the value of the body.
    pub(crate) tail: Option<Box<Decl>>,
    /// The braces of an arm.
    pub(crate) braces: Option<DelimSpan>,
}

/// One declaration.
pub(crate) struct Decl {
    /// Where it begins.
    pub(crate) span: Span,
    /// `#[allow(…)]`, `#[expect(…)]` and the like.
    pub(crate) lints: Vec<Attribute>,
    /// `#[after(…)]`.
    pub(crate) after: Vec<Ident>,
    /// `#[compensate(…)]`.
    pub(crate) compensate: Option<Compensate>,
    /// `#[was(…)]`.
    pub(crate) was: Option<Was>,
    pub(crate) binding: Option<Binding>,
    pub(crate) form: Form,
}

/// How a declaration is undone.
pub(crate) enum Compensate {
    /// By this call, once it has completed.
    With(Expr),
    /// By this call, as soon as it has started.
    Maybe(Expr),
    /// It is a workflow that undoes its own steps.
    Itself,
}

/// What a declaration was before, for runs that were started then.
#[derive(Default)]
pub(crate) struct Was {
    /// Its former names.
    pub(crate) names: Vec<Ident>,
    /// The functions that it called.
    pub(crate) functions: Vec<LitStr>,
    /// The former types of its output.
    pub(crate) outputs: Vec<LitStr>,
    /// Where `#[was]` is.
    pub(crate) spans: Vec<Span>,
}

impl Was {
    /// Where it is.
    pub(crate) fn place(&self) -> Ident {
        Ident::new("was", self.spans.first().copied().unwrap_or_else(Span::call_site))
    }

    /// Whether it says something that applies only to steps.
    pub(crate) fn says_of_step(&self) -> bool {
        !self.functions.is_empty() || !self.outputs.is_empty()
    }
}

/// The left side of a `let`.
pub(crate) struct Binding {
    pub(crate) let_token: Token![let],
    pub(crate) pat: Pat,
    pub(crate) ty: Option<Type>,
}

/// What is declared.
pub(crate) enum Form {
    Step(Call),
    Branch(Branch),
    FanOut(FanOut),
    Block(Body),
    Value(Expr),
}

/// `call.await` or `call.await?`, or an ordinary expression whose value is recorded like that of a
/// step.
pub(crate) struct Call {
    pub(crate) expr: Expr,
    /// Where `#[record]` is, if it is not a call of a step.
    pub(crate) record: Option<Span>,
    pub(crate) dot: Token![.],
    pub(crate) await_token: Token![await],
    pub(crate) question: Option<Token![?]>,
    /// In a box, since bodies nest, and so do calls in the code that reads them.
    pub(crate) policy: Box<CallPolicy>,
}

/// What a declaration says about the attempts of its call, overriding the function.
#[derive(Clone, Default)]
pub(crate) struct CallPolicy {
    /// `#[retry(…)]`.
    pub(crate) retry: Option<Retry>,
    /// `#[timeout(…)]`.
    pub(crate) timeout: Option<Time>,
    /// `#[deadline(…)]`.
    pub(crate) deadline: Option<Time>,
    /// The names of the attributes that are given.
    pub(crate) given: Vec<Ident>,
}

impl CallPolicy {
    /// All code in it.
    pub(crate) fn code(&self) -> Vec<&Expr> {
        let limits = (self.timeout.as_ref(), self.deadline.as_ref());
        let when = self.retry.iter().filter_map(|retry| retry.when.as_ref());
        when.chain(policy_values(self.retry.as_ref(), limits)).collect()
    }

    /// The same, mutably.
    pub(crate) fn code_mut(&mut self) -> Vec<&mut Expr> {
        let limits = [&mut self.timeout, &mut self.deadline].into_iter().flatten();
        let limits = limits.filter_map(Time::given_mut);
        self.retry.iter_mut().flat_map(Retry::code_mut).chain(limits).collect()
    }
}

/// `if` with everything that follows it, or `match`.
pub(crate) enum Branch {
    If(Vec<IfArm>),
    Match { match_token: Token![match], scrutinee: Expr, arms: Vec<MatchArm> },
}

/// `if condition { … }`, or the last `else { … }`.
pub(crate) struct IfArm {
    pub(crate) condition: Option<(Token![if], Expr)>,
    pub(crate) body: Body,
}

/// `pattern if guard => …`.
pub(crate) struct MatchArm {
    /// `#[allow(…)]`, `#[expect(…)]` and the like.
    pub(crate) lints: Vec<Attribute>,
    pub(crate) pat: Pat,
    pub(crate) body: Body,
}

/// `for pat in items { … }`.
pub(crate) struct FanOut {
    pub(crate) pat: Pat,
    pub(crate) items: Expr,
    /// `#[concurrency(…)]`.
    pub(crate) concurrency: Option<Expr>,
    pub(crate) body: Body,
}

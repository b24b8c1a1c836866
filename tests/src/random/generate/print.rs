//! Prints workflows as Rust source.

use std::fmt::Write;

use super::model::{
    After, Arg, Call, Compute, Flow, Function, Items, Kind, Limit, Node, Scope, Tail, Ty,
};

/// What a failure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// It ends all.
    Cancel,
    /// Independent steps run on.
    Finish,
    /// What runs ends, and nothing new starts.
    Drain,
}

/// The `workflow!` of a flow.
#[must_use]
pub fn print(flow: &Flow, on_failure: OnFailure) -> String {
    print_as(flow, on_failure, false)
}

/// The same for durable runs.
#[must_use]
pub fn print_durable(flow: &Flow, on_failure: OnFailure) -> String {
    print_as(flow, on_failure, true)
}

/// Those that drain are attributes, which is the same language.
fn print_as(flow: &Flow, on_failure: OnFailure, durable: bool) -> String {
    let mut printer = Printer { functions: &flow.functions, text: String::new(), fails: true };
    let (open, front, close) = match on_failure {
        OnFailure::Cancel => ("workflow! {\n", "", "}\n"),
        OnFailure::Finish => ("workflow! {\n", "#[on_failure(finish)]\n", "}\n"),
        OnFailure::Drain => {
            ("", "#[workflow_runtime::attribute::workflow(on_failure = drain)]\n", "")
        }
    };
    printer.text.push_str(open);
    for function in &flow.functions {
        printer.text.push_str(front);
        if durable && function.fails {
            printer.text.push_str("#[durable]\n");
        }
        printer.function(function);
    }
    printer.text.push_str(close);
    printer.text
}

struct Printer<'a> {
    functions: &'a [Function],
    text: String,
    /// Whether the function that is printed can return an error.
    fails: bool,
}

/// How a node is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Statement,
    LastLine,
}

macro_rules! put {
    ($printer:expr, $($text:tt)*) => {
        write!($printer.text, $($text)*).expect("a string can always be written to")
    };
}

impl Printer<'_> {
    fn function(&mut self, function: &Function) {
        self.fails = function.fails;
        put!(self, "pub(super) async fn {}(cx: &Cx<'_>, at: At", function.name);
        for input in &function.inputs {
            put!(self, ", {}: {}", input.name, ty(&input.ty));
        }
        let returns = if function.fails { "Result<u64, Fault>" } else { "u64" };
        put!(self, ") -> {returns} {{\n");
        self.statements(&function.body, "at");
        if let Tail::Value(value) = &function.body.tail {
            let value = compute(value);
            let value = if function.fails { format!("Ok({value})") } else { value };
            put!(self, "{value}\n");
        }
        put!(self, "}}\n");
    }

    /// The declarations. `at` says in an expression which of several runs of them it is.
    fn statements(&mut self, scope: &Scope, at: &str) {
        for &position in &scope.printed {
            let last = matches!(scope.tail, Tail::Node) && position == scope.nodes.len() - 1;
            let place = if last { Place::LastLine } else { Place::Statement };
            self.node(scope, &scope.nodes[position], place, at);
        }
    }

    fn body(&mut self, scope: &Scope, at: &str) {
        put!(self, "{{\n");
        self.statements(scope, at);
        if let Tail::Value(value) = &scope.tail {
            put!(self, "{}\n", compute(value));
        }
        put!(self, "}}");
    }

    fn node(&mut self, scope: &Scope, node: &Node, place: Place, at: &str) {
        if !node.after.is_empty() {
            let names = node.after.iter().map(|after| match after {
                After::Outer(name) => name.clone(),
                After::Here(other) => {
                    let other = &scope.nodes[*other];
                    other.vars.first().map_or(&other.name, |var| &var.name).clone()
                }
            });
            put!(self, "#[after({})] ", names.collect::<Vec<_>>().join(", "));
        }
        if let Kind::For { limit: Some(limit), .. } = &node.kind {
            match limit {
                Limit::Fixed(limit) => put!(self, "#[concurrency({limit})] "),
                Limit::From(on) => put!(self, "#[concurrency(limit({}))] ", arg(on)),
            }
        }
        match &node.vars[..] {
            [] => {}
            [var] if node.typed => put!(self, "let {}: {} = ", var.name, ty(&var.ty)),
            [var] => put!(self, "let {} = ", var.name),
            vars => {
                let names: Vec<&str> = vars.iter().map(|var| &*var.name).collect();
                put!(self, "let ({}) = ", names.join(", "));
            }
        }
        self.kind(node, at);
        let ends = match place {
            Place::LastLine => "",
            Place::Statement => ";",
        };
        put!(self, "{ends}\n");
    }

    fn kind(&mut self, node: &Node, at: &str) {
        match &node.kind {
            Kind::Step { call, args, question } => {
                self.call(node.id, *call, args, at);
                self.text.push_str(if *question { ".await?" } else { ".await" });
            }
            Kind::Value(value) => self.text.push_str(&compute(value)),
            Kind::Block(body) => self.body(body, at),
            Kind::If { conditions, arms } => {
                for (arm, body) in arms.iter().enumerate() {
                    if arm > 0 {
                        put!(self, " else ");
                    }
                    if let Some(condition) = conditions.get(arm) {
                        let on = arg(&condition.on);
                        match &condition.binds {
                            Some(name) => put!(self, "if let Some({name}) = small({on}) "),
                            None => put!(self, "if odd({on}) "),
                        }
                    }
                    self.body(body, at);
                }
            }
            Kind::Pick { on, arms } => {
                put!(self, "match pick({}) {{\n", arg(on));
                for (arm, body) in arms.iter().enumerate() {
                    let pat = if arm + 1 < arms.len() { arm.to_string() } else { "_".to_owned() };
                    put!(self, "{pat} => ");
                    self.arm(body, at);
                }
                put!(self, "}}");
            }
            Kind::Choose { on, guard, binds, arms } => {
                put!(self, "match choose({}) {{\n", arg(on));
                for (arm, body) in arms.iter().enumerate() {
                    match binds.get(arm) {
                        None => put!(self, "_"),
                        Some(name) => {
                            put!(self, "{}({name})", ["Choice::First", "Choice::Second"][arm]);
                        }
                    }
                    if let (1, Some(guard)) = (arm, guard) {
                        put!(self, " if odd({})", arg(guard));
                    }
                    put!(self, " => ");
                    self.arm(body, at);
                }
                put!(self, "}}");
            }
            Kind::For { items, index, item, body, .. } => {
                let items = match items {
                    Items::Below(count) => format!("(0..{count}_u64)"),
                    Items::From(on) => format!("items({}).into_iter()", arg(on)),
                    Items::List(list) if list.by_value => format!("{}.into_iter()", list.name),
                    Items::List(list) => format!("{}.iter()", list.name),
                };
                put!(self, "for ({index}, {item}) in {items}.enumerate() ");
                self.body(body, &format!("{at}.item({index})"));
            }
        }
    }

    /// An arm of a `match`: where it is one line, without braces around it.
    fn arm(&mut self, body: &Scope, at: &str) {
        match (&body.nodes[..], &body.tail) {
            ([], Tail::Value(value)) => put!(self, "{},\n", compute(value)),
            ([node], Tail::Node) if node.after.is_empty() => {
                self.kind(node, at);
                put!(self, ",\n");
            }
            _ => {
                self.body(body, at);
                put!(self, "\n");
            }
        }
    }

    fn call(&mut self, id: u32, call: Call, args: &[Arg], at: &str) {
        if let Call::Sub(function) = call {
            put!(self, "{}(cx, {at}.call({id})", self.functions[function].name);
            for used in args {
                put!(self, ", {}", arg(used));
            }
            put!(self, ")");
            return;
        }
        let args: Vec<String> = args.iter().map(arg).collect();
        let inputs = match &args[..] {
            [single] => single.clone(),
            args => format!("({})", args.join(", ")),
        };
        match call {
            Call::Method => put!(self, "cx.work({at}, {id}, {inputs})"),
            _ => put!(self, "{}(cx, {at}, {id}, {inputs})", call.name()),
        }
    }
}

fn arg(arg: &Arg) -> String {
    let reference = if arg.by_value { "" } else { "&" };
    format!("{reference}{}", arg.name)
}

fn digests(args: &[Arg]) -> String {
    let args: Vec<String> = args.iter().map(|used| format!("digest({})", arg(used))).collect();
    args.join(", ")
}

fn compute(value: &Compute) -> String {
    match value {
        Compute::Constant(number) => format!("{number}_u64"),
        Compute::Xor(left, right) => format!("{} ^ {}", left.name, right.name),
        Compute::Add(left, right) => format!("{}.wrapping_add({})", left.name, right.name),
        Compute::Larger(left, right) => {
            format!("if {0} > {1} {{ {0} }} else {{ {1} }}", left.name, right.name)
        }
        Compute::Mix(args) => format!("mix(&[{}])", digests(args)),
        Compute::Show(args) => format!("mix(&[{}]).to_string()", digests(args)),
        Compute::Format(used) => format!("format!(\"{{{}}}\")", used.name),
        Compute::Same(used) => used.name.clone(),
        Compute::Clone(used) => format!("{}.clone()", used.name),
        Compute::Attempt(used) if used.by_value => format!("{}?", used.name),
        Compute::Attempt(used) => format!("{}.clone()?", used.name),
        Compute::Look(used) => format!("View::of(&{})", used.name),
    }
}

fn ty(ty_of: &Ty) -> String {
    match ty_of {
        Ty::Number => "u64".to_owned(),
        Ty::Text => "String".to_owned(),
        Ty::Outcome => "Result<u64, Fault>".to_owned(),
        Ty::List(element) => format!("Vec<{}>", ty(element)),
        Ty::Borrowed(inner) => format!("&{}", ty(inner)),
        Ty::View => "View<'_>".to_owned(),
        Ty::Unit => "()".to_owned(),
    }
}

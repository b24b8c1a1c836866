//! Makes random workflows with compensations and prints them as Rust source.
//!
//! The build script includes this module to print the workflows, and the library to know
//! what it has printed.

use std::fmt::Write;

use crate::random::generate::Dice;

/// Several functions of one `workflow!`. The last one is called by the tests.
#[derive(Debug)]
pub struct Saga {
    /// Each calls only those in front of it.
    pub flows: Vec<Flow>,
}

/// One function.
#[derive(Debug)]
pub struct Flow {
    /// The function's name.
    pub name: String,
    /// `#[on_failure(…)]`.
    pub on_failure: OnFailure,
    /// It stands in a `workflow!` of its own.
    pub apart: bool,
    /// Its declarations.
    pub body: Vec<Node>,
}

/// What the first failure does to the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// What runs is dropped.
    Cancel,
    /// What runs is let end, and nothing new starts.
    Drain,
    /// What does not depend on it runs to its end.
    Finish,
}

/// One declaration.
#[derive(Debug)]
pub struct Node {
    /// No other one of its function has this name.
    pub name: String,
    /// The names of those that it uses by reference.
    pub needs: Vec<String>,
    /// The names of those that it only waits for.
    pub after: Vec<String>,
    /// It has a compensation.
    pub undo: bool,
    /// `#[concurrency(…)]`, if it is a `for`.
    pub limit: Option<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What a declaration is.
#[derive(Debug)]
pub enum Kind {
    /// A step.
    Step {
        /// It is tried again if it fails, and so is what undoes it.
        again: bool,
    },
    /// An `if`: whether its first arm is chosen, and its two arms.
    If(bool, Vec<Node>, Vec<Node>),
    /// A `for`: over so many items, with its body.
    For(usize, Vec<Node>),
    /// The call of another function of the saga.
    Call(usize),
}

/// The saga of a seed. Those of odd seeds finish what does not depend on a failure.
#[must_use]
pub fn make(seed: u64) -> Saga {
    make_with(seed, [65, 12, 10, 13])
}

/// The same saga, in which nothing new starts after a failure. Functions that it calls are like
/// it, or else cancel what runs.
#[must_use]
pub fn make_draining(seed: u64) -> Saga {
    let mut saga = make(seed);
    let own = saga.flows.last().map(|flow| flow.on_failure);
    for flow in &mut saga.flows {
        flow.name = format!("drain_{}", flow.name);
        let like_it = Some(flow.on_failure) == own;
        flow.on_failure = if like_it { OnFailure::Drain } else { OnFailure::Cancel };
    }
    saga
}

/// The saga of a seed for durable runs. It has more calls; some are of functions that have nothing
/// to undo, and some of functions in another `workflow!`. Some fan-outs have a limit.
#[must_use]
pub fn make_durable(seed: u64) -> Saga {
    let mut saga = make_with(seed, [55, 10, 10, 25]);
    let mut dice = Dice::new(!seed);
    let called = saga.flows.len() - 1;
    for flow in &mut saga.flows[..called] {
        flow.apart = dice.percent(40);
        if dice.percent(35) {
            remove_undo(&mut flow.body);
        }
    }
    for at in 0..saga.flows.len() {
        let mut body = std::mem::take(&mut saga.flows[at].body);
        let undoes_itself = |called: usize| saga.crosses(at, called) && saga.undoes(called);
        undo_by_itself(&mut body, &undoes_itself);
        limit(&mut body, &mut dice);
        saga.flows[at].body = body;
    }
    saga
}

fn remove_undo(body: &mut [Node]) {
    for node in body {
        node.undo &= matches!(node.kind, Kind::Call(_));
        node.kind.bodies_mut().into_iter().for_each(remove_undo);
    }
}

/// Gives half of the fan-outs a limit.
fn limit(body: &mut [Node], dice: &mut Dice) {
    for node in body {
        if matches!(node.kind, Kind::For(..)) && dice.percent(50) {
            node.limit = Some(dice.within(1, 2));
        }
        node.kind.bodies_mut().into_iter().for_each(|body| limit(body, dice));
    }
}

/// What undoes itself in another `workflow!` cannot be undone as one.
fn undo_by_itself(body: &mut [Node], undoes_itself: &impl Fn(usize) -> bool) {
    for node in body {
        if let Kind::Call(called) = node.kind
            && undoes_itself(called)
        {
            node.undo = false;
        }
        node.kind.bodies_mut().into_iter().for_each(|body| undo_by_itself(body, undoes_itself));
    }
}

impl Saga {
    /// Whether two functions stand in different `workflow!`s.
    fn crosses(&self, caller: usize, called: usize) -> bool {
        self.flows[caller].apart || self.flows[called].apart
    }

    /// Whether a function has something to undo.
    fn undoes(&self, flow: usize) -> bool {
        self.any_undoes(&self.flows[flow].body)
    }

    fn any_undoes(&self, body: &[Node]) -> bool {
        body.iter().any(|node| {
            let inside = node.kind.bodies().into_iter().any(|body| self.any_undoes(body));
            node.undo || inside || matches!(node.kind, Kind::Call(called) if self.undoes(called))
        })
    }
}

impl Kind {
    fn bodies(&self) -> Vec<&[Node]> {
        match self {
            Self::Step { .. } | Self::Call(_) => Vec::new(),
            Self::If(_, arm, otherwise) => vec![arm, otherwise],
            Self::For(_, body) => vec![body],
        }
    }

    fn bodies_mut(&mut self) -> Vec<&mut [Node]> {
        match self {
            Self::Step { .. } | Self::Call(_) => Vec::new(),
            Self::If(_, arm, otherwise) => vec![arm, otherwise],
            Self::For(_, body) => vec![body],
        }
    }
}

/// `weights` are those of a step, an `if`, a `for` and a call.
fn make_with(seed: u64, weights: [usize; 4]) -> Saga {
    let mut maker = Maker {
        dice: Dice::new(seed),
        seed,
        flows: Vec::new(),
        names: 0,
        on_failure: if seed % 2 == 1 { OnFailure::Finish } else { OnFailure::Cancel },
        weights,
    };
    let count = maker.dice.within(4, 9);
    let body = maker.body(count, 0, &[]);
    let name = format!("saga{seed}");
    maker.flows.push(Flow { name, on_failure: maker.on_failure, apart: false, body });
    Saga { flows: maker.flows }
}

struct Maker {
    dice: Dice,
    seed: u64,
    flows: Vec<Flow>,
    /// How many names the function has.
    names: usize,
    on_failure: OnFailure,
    weights: [usize; 4],
}

impl Maker {
    fn body(&mut self, count: usize, depth: usize, outer: &[String]) -> Vec<Node> {
        let mut visible = outer.to_vec();
        let mut body = Vec::new();
        for _ in 0..count {
            let node = self.node(depth, &visible);
            visible.push(node.name.clone());
            body.push(node);
        }
        // Declarations stand in any order.
        if self.dice.percent(50) {
            self.dice.shuffle(&mut body);
        }
        body
    }

    fn node(&mut self, depth: usize, visible: &[String]) -> Node {
        let name = format!("s{}", self.names);
        self.names += 1;
        let (mut needs, mut after) = (Vec::new(), Vec::new());
        for other in visible {
            match self.dice.below(100) {
                0..30 => needs.push(other.clone()),
                30..37 => after.push(other.clone()),
                _ => {}
            }
        }
        let kind = self.kind(depth, visible);
        let undoable = matches!(kind, Kind::Step { .. }) && self.dice.percent(85)
            || matches!(kind, Kind::Call(_)) && self.dice.percent(50);
        Node { name, needs, after, undo: undoable, limit: None, kind }
    }

    fn kind(&mut self, depth: usize, visible: &[String]) -> Kind {
        let top = self.weights;
        let weights: &[usize] = match depth {
            0 => &top,
            1 => &[85, 5, 0, 10],
            _ => &[1],
        };
        match self.dice.weighted(weights) {
            1 => {
                let first = self.dice.percent(75);
                let arm = self.body(2, depth + 1, visible);
                let otherwise = self.dice.within(0, 1);
                Kind::If(first, arm, self.body(otherwise, depth + 1, visible))
            }
            2 => Kind::For(3, self.body(2, depth + 1, visible)),
            3 if self.flows.len() < 3 => Kind::Call(self.function()),
            _ => Kind::Step { again: self.dice.percent(50) },
        }
    }

    /// Makes another function.
    fn function(&mut self) -> usize {
        let names = std::mem::take(&mut self.names);
        let count = self.dice.within(2, 3);
        let body = self.body(count, 1, &[]);
        self.names = names;
        let name = format!("part{}_{}", self.seed, self.flows.len());
        let other = self.dice.percent(25);
        let on_failure = match self.on_failure {
            OnFailure::Cancel if other => OnFailure::Finish,
            OnFailure::Finish if other => OnFailure::Cancel,
            own => own,
        };
        self.flows.push(Flow { name, on_failure, apart: false, body });
        self.flows.len() - 1
    }
}

/// The `workflow!` of a saga.
#[must_use]
pub fn print(saga: &Saga) -> String {
    print_as(saga, false)
}

/// The `workflow!`s of a saga for durable runs.
#[must_use]
pub fn print_durable(saga: &Saga) -> String {
    print_as(saga, true)
}

fn print_as(saga: &Saga, durable: bool) -> String {
    let mut printer = Printer { saga, durable, at: 0, text: String::new() };
    let (apart, together): (Vec<usize>, Vec<usize>) =
        (0..saga.flows.len()).partition(|flow| saga.flows[*flow].apart);
    for flow in apart {
        printer.group(&[flow]);
    }
    printer.group(&together);
    printer.text
}

struct Printer<'s> {
    saga: &'s Saga,
    durable: bool,
    /// The function that is printed.
    at: usize,
    text: String,
}

macro_rules! put {
    ($printer:expr, $($text:tt)*) => {
        write!($printer.text, $($text)*).expect("a string can always be written to")
    };
}

impl Printer<'_> {
    fn group(&mut self, flows: &[usize]) {
        self.text.push_str("workflow! {\n");
        for flow in flows {
            self.at = *flow;
            self.flow(&self.saga.flows[*flow]);
        }
        self.text.push_str("}\n");
    }

    fn flow(&mut self, flow: &Flow) {
        if self.durable {
            self.text.push_str("#[durable]\n");
        }
        match flow.on_failure {
            OnFailure::Cancel => {}
            OnFailure::Drain => self.text.push_str("#[on_failure(drain)]\n"),
            OnFailure::Finish => self.text.push_str("#[on_failure(finish)]\n"),
        }
        let of = if self.durable { "Vec<Done>" } else { "Vec<&[Done]>" };
        put!(self, "pub(super) async fn {}(cx: &Cx, at: String, of: {of})", flow.name);
        put!(self, " -> Result<Done, Fault> {{\n");
        self.body(&flow.body, "&at", "");
        put!(self, "Ok({})\n}}\n", sum("&at", "", &flow.body));
    }

    /// The declarations. `at` is an expression of the path that stands before that of each.
    fn body(&mut self, body: &[Node], at: &str, before: &str) {
        for node in body {
            self.node(node, at, before);
        }
    }

    fn node(&mut self, node: &Node, at: &str, before: &str) {
        let Node { name, needs, after, undo, limit, kind } = node;
        if !after.is_empty() {
            put!(self, "#[after({})]\n", after.join(", "));
        }
        if *undo {
            let again = matches!(kind, Kind::Step { again: true });
            let undo = if again { "undo_again" } else { "undo" };
            put!(self, "#[compensate({undo}(cx, &{name}))]\n");
        }
        if let Some(limit) = limit {
            put!(self, "#[concurrency({limit})]\n");
        }
        if let Kind::Call(called) = *kind
            && self.saga.crosses(self.at, called)
            && self.saga.undoes(called)
        {
            put!(self, "#[compensate]\n");
        }
        let needs = list(needs);
        let path = format!("{before}{name}");
        put!(self, "let {name} = ");
        match kind {
            Kind::Step { again } => {
                let act = if *again { "act_again" } else { "act" };
                put!(self, "{act}(cx, {at}, \"{path}\", &{needs}).await?;\n");
            }
            Kind::If(first, arm, otherwise) => {
                put!(self, "if chosen({first}, &{needs}) {{\n");
                self.body(arm, at, &format!("{path}."));
                put!(self, "{}\n}} else {{\n", sum(at, &path, arm));
                self.body(otherwise, at, &format!("{path}."));
                put!(self, "{}\n}};\n", sum(at, &path, otherwise));
            }
            Kind::For(count, body) => {
                put!(self, "for in_{name} in items({at}, \"{path}\", {count}, &{needs}) {{\n");
                let at = format!("&in_{name}");
                self.body(body, &at, "");
                put!(self, "{}\n}};\n", sum(&at, "", body));
            }
            Kind::Call(flow) => {
                let flow = &self.saga.flows[*flow].name;
                put!(self, "{flow}(cx, below({at}, \"{path}\"), owned({needs})).await?;\n");
            }
        }
    }
}

fn list(names: &[String]) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("all(&{name})")).collect();
    format!("[{}]", all.join(", "))
}

fn sum(at: &str, path: &str, body: &[Node]) -> String {
    let names: Vec<String> = body.iter().map(|node| node.name.clone()).collect();
    format!("sum({at}, \"{path}\", &{})", list(&names))
}

//! What should happen in a run, computed from the model.
//!
//! This knows nothing of plans and futures. It takes the declarations one after the other
//! and says of each when all that it names is done.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::context::{At, Fault, Key, Pacing};
use super::generate::model::{
    After, Arg, Call, Compute, Condition, Flow, Function, Items, Kind, Limit, Node, Scope, Tail,
};
use super::needs::needed_at_once;
use super::value::{Choice, Digest, choose, items, limit, mix, odd, pick, small};

/// A time that never comes.
const NEVER: u64 = u64::MAX;

/// What should happen in one run.
#[derive(Debug)]
pub struct Expected {
    /// What the workflow returns.
    pub result: Result<u64, Fault>,
    /// When it returns.
    pub end: u64,
    /// The steps that start, or may start.
    pub steps: Vec<Ran>,
    /// The paths of the steps that are skipped, as their branch is not chosen.
    pub skipped: BTreeSet<String>,
    /// The paths of all steps of the workflow itself, but for those inside a `for`.
    pub declared: BTreeSet<String>,
}

impl Expected {
    /// The steps whose error could be told to anyone.
    #[must_use]
    pub fn can_fail(&self) -> Vec<Key> {
        let can_fail = self.steps.iter().filter(|step| step.can_fail);
        can_fail.filter_map(|step| step.key).collect()
    }
}

/// One run of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Ran {
    /// Its path.
    pub path: String,
    /// `None` for the call of a sub-workflow, which has no log of its own.
    pub key: Option<Key>,
    /// Whether an error of its could be told to anyone.
    pub can_fail: bool,
    /// When it starts.
    pub start: u64,
    /// When it is done; `None` if it is dropped before.
    pub end: Option<u64>,
    /// It returns an error.
    pub failed: bool,
    /// It starts at the very moment when the workflow fails, if it comes to that.
    pub may_start: bool,
    /// It is done at the very moment when the workflow fails, if it comes to that.
    pub may_end: bool,
}

/// Computes a run with these inputs.
#[must_use]
pub fn interpret(
    flow: &Flow,
    number: u64,
    text: u64,
    pacing: &dyn Pacing,
    failing: Option<Key>,
) -> Expected {
    let mut run = Run {
        functions: &flow.functions,
        pacing,
        failing,
        steps: Vec::new(),
        skipped: BTreeSet::new(),
    };
    let function = flow.functions.last().expect("the last function is the workflow");
    let inputs = vec![Data::Number(number), Data::Number(text)];
    let (result, end) = run.function(function, inputs, 0, At::default(), "");
    let [mut declared, mut repeated] = [BTreeSet::new(), BTreeSet::new()];
    collect_declared(&function.body, "", false, &mut declared, &mut repeated);
    // Arms may hold declarations of the same name.
    declared.retain(|path| !repeated.contains(path));
    Expected { result, end, steps: run.steps, skipped: run.skipped, declared }
}

/// A value. Texts are known by the numbers that they show.
#[derive(Debug, Clone)]
enum Data {
    Number(u64),
    Outcome(Result<u64, Fault>),
    List(Vec<Data>),
    /// What nobody gets to see.
    Nothing,
}

impl Digest for Data {
    fn digest(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            Self::Outcome(outcome) => outcome.digest(),
            Self::List(list) => list.digest(),
            Self::Nothing => 0,
        }
    }
}

/// A variable: its value, and when it is there.
#[derive(Clone)]
struct Known {
    data: Data,
    ready: u64,
}

type Env = BTreeMap<String, Known>;

struct Run<'a> {
    functions: &'a [Function],
    pacing: &'a dyn Pacing,
    failing: Option<Key>,
    steps: Vec<Ran>,
    skipped: BTreeSet<String>,
}

/// Where a scope stands in a run.
struct Place<'p> {
    at: At,
    /// What stands before the paths of its steps.
    prefix: &'p str,
    /// The failures of the function so far: when, and what.
    failures: &'p mut Vec<(u64, Fault)>,
}

impl Place<'_> {
    fn inside<'p>(&'p mut self, at: At, prefix: &'p str) -> Place<'p> {
        Place { at, prefix, failures: self.failures }
    }
}

impl<'a> Run<'a> {
    /// Calls a function. Returns what it comes to, and when.
    fn function(
        &mut self,
        function: &'a Function,
        inputs: Vec<Data>,
        start: u64,
        at: At,
        prefix: &str,
    ) -> (Result<u64, Fault>, u64) {
        let first = self.steps.len();
        let inputs = function
            .inputs
            .iter()
            .zip(inputs)
            .map(|(var, data)| (var.name.clone(), Known { data, ready: start }));
        let mut failures = Vec::new();
        let mut place = Place { at, prefix, failures: &mut failures };
        let (data, end) = self.scope(&function.body, start, inputs.collect(), &mut place);
        let first_failure = failures.into_iter().min_by_key(|(time, _)| *time);
        if let Some((time, fault)) = first_failure {
            self.cut(first, time);
            return (Err(fault), time);
        }
        (Ok(data.digest()), end)
    }

    /// Everything from the step of this position on is dropped at `time`.
    fn cut(&mut self, first: usize, time: u64) {
        let mut steps = self.steps.split_off(first);
        steps.retain(|step| step.start <= time);
        for step in &mut steps {
            step.may_start |= step.start == time;
            let fails_now = step.failed && step.end == Some(time) && step.start < time;
            match step.end {
                Some(end) if end > time => step.end = None,
                Some(end) => step.may_end |= end == time && !fails_now,
                None => {}
            }
        }
        self.steps.append(&mut steps);
    }

    /// Runs the declarations. Returns what the scope comes to, and when all is done.
    fn scope(
        &mut self,
        scope: &'a Scope,
        start: u64,
        mut env: Env,
        place: &mut Place<'_>,
    ) -> (Data, u64) {
        let mut ends: Vec<u64> = Vec::new();
        let mut value = Data::Nothing;
        for node in &scope.nodes {
            let begin = begin(node, start, &env, &ends);
            let (mut values, end) = if begin == NEVER {
                (vec![Data::Nothing; 2], NEVER)
            } else {
                self.node(node, begin, &env, place)
            };
            ends.push(end);
            for (var, data) in node.vars.iter().zip(&values) {
                let known = Known { data: data.clone(), ready: end };
                env.insert(var.name.clone(), known);
            }
            value = values.swap_remove(0);
        }
        let mut end = ends.iter().copied().fold(start, u64::max);
        if let Tail::Value(compute) = &scope.tail {
            let ready = ready(compute.args(), &env);
            end = end.max(ready);
            value = if ready == NEVER {
                Data::Nothing
            } else {
                evaluate(compute, &env).unwrap_or(Data::Nothing)
            };
        }
        (value, end)
    }

    /// Runs a node that begins at `begin`. Returns its values, and when it is done.
    fn node(
        &mut self,
        node: &'a Node,
        begin: u64,
        env: &Env,
        place: &mut Place<'_>,
    ) -> (Vec<Data>, u64) {
        let prefix = format!("{}{}.", place.prefix, node.name);
        match &node.kind {
            Kind::Step { call, args, question } => {
                self.step(node, *call, args, *question, begin, env, place)
            }
            Kind::Value(compute) => match evaluate(compute, env) {
                Ok(data) => (vec![data], begin),
                Err(fault) => {
                    place.failures.push((begin, fault));
                    (vec![Data::Nothing], NEVER)
                }
            },
            Kind::Block(body) => {
                let mut place = place.inside(place.at, &prefix);
                one(self.scope(body, begin, env.clone(), &mut place))
            }
            Kind::If { conditions, arms } => {
                let (arm, bound) = first_that_holds(conditions, env);
                self.arm(arms, arm, bound, begin, env, &mut place.inside(place.at, &prefix))
            }
            Kind::Pick { on, arms } => {
                let number = usize::try_from(pick(get(on, env))).expect("it is small");
                let arm = number.min(arms.len() - 1);
                self.arm(arms, arm, None, begin, env, &mut place.inside(place.at, &prefix))
            }
            Kind::Choose { on, guard, binds, arms } => {
                let guarded = guard.as_ref().is_some_and(|guard| !odd(get(guard, env)));
                let (arm, value) = match choose(get(on, env)) {
                    Choice::First(value) => (0, Some(value)),
                    Choice::Second(value) if binds.len() > 1 && !guarded => (1, Some(value)),
                    Choice::Second(_) | Choice::Third => (arms.len() - 1, None),
                };
                let bound = value.map(|value| (binds[arm].clone(), value));
                self.arm(arms, arm, bound, begin, env, &mut place.inside(place.at, &prefix))
            }
            Kind::For { items, limit, item, body, .. } => {
                let items = items_of(items, env);
                let limit = match limit {
                    None => usize::MAX,
                    Some(Limit::Fixed(limit)) => *limit,
                    Some(Limit::From(on)) => self::limit(get(on, env)),
                };
                one(self.fan_out(node, items, limit, item, body, begin, env, place))
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "it is one arm of a match")]
    fn step(
        &mut self,
        node: &'a Node,
        call: Call,
        args: &[Arg],
        question: bool,
        begin: u64,
        env: &Env,
        place: &mut Place<'_>,
    ) -> (Vec<Data>, u64) {
        let path = format!("{}{}", place.prefix, node.name);
        let (key, outcome, end) = if let Call::Sub(function) = call {
            let inputs = args.iter().map(|arg| get(arg, env).clone()).collect();
            let at = place.at.call(node.id);
            let function = &self.functions[function];
            let (outcome, end) = self.function(function, inputs, begin, at, &format!("{path}."));
            (None, outcome, end)
        } else {
            let key = Key { at: place.at, id: node.id };
            let inputs: Vec<u64> = args.iter().map(|arg| get(arg, env).digest()).collect();
            let inputs = if let [single] = inputs[..] { single } else { mix(&inputs) };
            let fails = self.failing == Some(key);
            let outcome = if fails { Err(Fault { key }) } else { Ok(key.value(inputs)) };
            (Some(key), outcome, begin + self.pacing.pace(key).duration())
        };
        if end == NEVER {
            // A sub-workflow that waits for ever: some other failure ends it.
            return (vec![Data::Nothing; 2], NEVER);
        }
        self.steps.push(Ran {
            path,
            key,
            can_fail: call != Call::Sure,
            start: begin,
            end: Some(end),
            failed: outcome.is_err(),
            may_start: false,
            may_end: false,
        });
        let fails = match call {
            Call::Sub(function) => self.functions[function].fails,
            Call::Sure => false,
            _ => true,
        };
        match outcome {
            Err(fault) if question => {
                place.failures.push((end, fault));
                (vec![Data::Nothing; 2], NEVER)
            }
            outcome if fails && !question => (vec![Data::Outcome(outcome)], end),
            outcome => {
                let value = outcome.expect("what can fail is looked at");
                (vec![Data::Number(value), Data::Number(value / 2)], end)
            }
        }
    }

    /// Runs one arm. The steps of the others are skipped.
    fn arm(
        &mut self,
        arms: &'a [Scope],
        arm: usize,
        bound: Option<(String, u64)>,
        begin: u64,
        env: &Env,
        place: &mut Place<'_>,
    ) -> (Vec<Data>, u64) {
        let mut runs = BTreeSet::new();
        let mut skipped = BTreeSet::new();
        for (at, scope) in arms.iter().enumerate() {
            let paths = if at == arm { &mut runs } else { &mut skipped };
            collect_paths(scope, place.prefix, paths);
        }
        self.skipped.extend(skipped.difference(&runs).cloned());
        let Some(scope) = arms.get(arm) else {
            return (vec![Data::Nothing], begin);
        };
        let mut env = env.clone();
        if let Some((name, value)) = bound {
            env.insert(name, Known { data: Data::Number(value), ready: begin });
        }
        one(self.scope(scope, begin, env, place))
    }

    /// Runs the body for each item. With a limit, the next item starts when one is done.
    #[expect(clippy::too_many_arguments, reason = "it is one arm of a match")]
    fn fan_out(
        &mut self,
        node: &Node,
        items: Vec<Data>,
        limit: usize,
        item: &str,
        body: &'a Scope,
        begin: u64,
        env: &Env,
        place: &mut Place<'_>,
    ) -> (Data, u64) {
        let mut running = BinaryHeap::new();
        let mut values = Vec::new();
        let mut last = begin;
        let mut start = begin;
        for (index, data) in items.into_iter().enumerate() {
            if running.len() == limit {
                let Reverse(end) = running.pop().expect("some items run");
                start = start.max(end);
            }
            if start == NEVER {
                last = NEVER;
                break;
            }
            let mut env = env.clone();
            env.insert(item.to_owned(), Known { data, ready: start });
            let prefix = format!("{}{}[{index}].", place.prefix, node.name);
            let mut place = place.inside(place.at.item(index), &prefix);
            let (value, end) = self.scope(body, start, env, &mut place);
            running.push(Reverse(end));
            values.push(value);
            last = last.max(end);
        }
        (Data::List(values), last)
    }
}

fn one((data, end): (Data, u64)) -> (Vec<Data>, u64) {
    (vec![data], end)
}

fn get<'e>(arg: &Arg, env: &'e Env) -> &'e Data {
    &env[&arg.name].data
}

fn ready(args: Vec<&Arg>, env: &Env) -> u64 {
    args.into_iter().map(|arg| env[&arg.name].ready).max().unwrap_or(0)
}

/// A node begins when the scope has, and all that it names is done, and its `#[after]`.
/// A `for` also waits for what every first step of its body needs: the body would wait
/// for it, except where there are no items.
fn begin(node: &Node, start: u64, env: &Env, ends: &[u64]) -> u64 {
    let mut begin = start.max(ready(node.args(), env));
    for after in &node.after {
        begin = begin.max(match after {
            After::Here(node) => ends[*node],
            After::Outer(name) => env[name].ready,
        });
    }
    if matches!(node.kind, Kind::For { .. }) {
        let at_once = needed_at_once(node);
        let outside = env.iter().filter(|(name, _)| at_once.contains(*name));
        begin = outside.fold(begin, |begin, (_, known)| begin.max(known.ready));
    }
    begin
}

fn evaluate(compute: &Compute, env: &Env) -> Result<Data, Fault> {
    let number = |arg: &Arg| get(arg, env).digest();
    let mixed = |args: &[Arg]| mix(&args.iter().map(number).collect::<Vec<_>>());
    Ok(match compute {
        Compute::Constant(number) => Data::Number(*number),
        Compute::Xor(left, right) => Data::Number(number(left) ^ number(right)),
        Compute::Add(left, right) => Data::Number(number(left).wrapping_add(number(right))),
        Compute::Larger(left, right) => Data::Number(number(left).max(number(right))),
        Compute::Mix(args) | Compute::Show(args) => Data::Number(mixed(args)),
        Compute::Format(arg) | Compute::Same(arg) | Compute::Clone(arg) => get(arg, env).clone(),
        Compute::Look(arg) => Data::Number(number(arg)),
        Compute::Attempt(arg) => match get(arg, env) {
            Data::Outcome(outcome) => Data::Number(outcome.clone()?),
            other => unreachable!("{other:?} is no outcome"),
        },
    })
}

fn first_that_holds(conditions: &[Condition], env: &Env) -> (usize, Option<(String, u64)>) {
    for (arm, condition) in conditions.iter().enumerate() {
        let data = get(&condition.on, env);
        match &condition.binds {
            Some(name) => {
                if let Some(value) = small(data) {
                    return (arm, Some((name.clone(), value)));
                }
            }
            None if odd(data) => return (arm, None),
            None => {}
        }
    }
    (conditions.len(), None)
}

fn items_of(of: &Items, env: &Env) -> Vec<Data> {
    let numbers = |numbers: Vec<u64>| numbers.into_iter().map(Data::Number).collect();
    match of {
        Items::Below(count) => numbers((0..).take(*count).collect()),
        Items::From(on) => numbers(items(get(on, env))),
        Items::List(list) => match get(list, env) {
            Data::List(list) => list.clone(),
            other => unreachable!("{other:?} is no list"),
        },
    }
}

/// The paths of the steps in a scope.
fn collect_paths(scope: &Scope, prefix: &str, paths: &mut BTreeSet<String>) {
    let mut repeated = BTreeSet::new();
    collect_declared(scope, prefix, false, paths, &mut repeated);
    paths.append(&mut repeated);
}

/// The paths of the steps in a scope, those inside a `for` on their own.
fn collect_declared(
    scope: &Scope,
    prefix: &str,
    repeats: bool,
    paths: &mut BTreeSet<String>,
    repeated: &mut BTreeSet<String>,
) {
    for node in &scope.nodes {
        let path = format!("{prefix}{}", node.name);
        let repeats = repeats || matches!(node.kind, Kind::For { .. });
        for inner in node.scopes() {
            collect_declared(inner, &format!("{path}."), repeats, paths, repeated);
        }
        if matches!(node.kind, Kind::Step { .. }) {
            if repeats { &mut *repeated } else { &mut *paths }.insert(path);
        }
    }
}

//! Makes random workflows.
//!
//! Whatever it makes compiles by Rust's own rules: a value that can't be copied is
//! borrowed by any number of declarations and then consumed at most once, by one that
//! starts after all of them.

use super::dice::Dice;
use super::frame::{Frame, Mode, Seen, Wanted};
use super::model::{
    After, Arg, Call, Compute, Condition, Flow, Function, Items, Kind, Limit, Node, Scope, Tail,
    Ty, Var,
};
use super::names::name_nodes;

/// Makes the workflow of a seed.
#[must_use]
pub fn make(seed: u64) -> Flow {
    make_as(seed, false)
}

/// Makes one with values that borrow from each other.
#[must_use]
pub fn make_borrowing(seed: u64) -> Flow {
    make_as(seed, true)
}

fn make_as(seed: u64, borrows: bool) -> Flow {
    let mut dice = Dice::new(seed);
    let size = *dice.pick(&[6, 10, 14, 20, 30, 45, 60]);
    let style = Style {
        recent: *dice.pick(&[20, 60, 90]),
        nested: *dice.pick(&[0, 1, 1, 2]),
        shuffled: dice.percent(60),
        borrows,
    };
    let subs = dice.below(3);
    let mut maker =
        Maker { dice, style, name: format!("w{seed}"), id: 0, functions: Vec::new(), fails: true };
    for number in 0..subs {
        maker.sub_workflow(number);
    }
    maker.workflow(size);
    Flow { functions: maker.functions }
}

/// What one workflow is like.
struct Style {
    /// How often, of a hundred, a declaration refers to one shortly before it.
    recent: usize,
    /// How common branches, fan-outs and blocks are.
    nested: usize,
    /// The declarations stand in any order.
    shuffled: bool,
    /// Some borrow from others.
    borrows: bool,
}

struct Maker {
    dice: Dice,
    style: Style,
    name: String,
    /// The next node's.
    id: u32,
    functions: Vec<Function>,
    /// Whether the function that is being made can return an error.
    fails: bool,
}

/// A declaration before it is bound.
struct Draft {
    kind: Kind,
    /// The types of the variables that it can bind.
    tys: Vec<Ty>,
    /// How many steps of the budget it takes.
    cost: usize,
}

impl Draft {
    fn new(kind: Kind, ty: Ty, cost: usize) -> Self {
        Self { kind, tys: vec![ty], cost }
    }
}

fn var(name: &str, ty: Ty) -> Var {
    Var { name: name.to_owned(), ty }
}

fn borrowed(ty: Ty) -> Ty {
    Ty::Borrowed(Box::new(ty))
}

impl Maker {
    fn workflow(&mut self, size: usize) {
        self.fails = true;
        let inputs = vec![var("number_in", Ty::Number), var("text_in", Ty::Text)];
        self.function(self.name.clone(), inputs, size);
    }

    fn sub_workflow(&mut self, number: usize) {
        self.fails = self.dice.percent(75);
        let tys = [Ty::Number, Ty::Text, borrowed(Ty::Number), borrowed(Ty::Text)];
        let count = self.dice.within(1, 3);
        let inputs = (0..count).map(|at| var(&format!("in_{at}"), self.dice.pick(&tys).clone()));
        let inputs = inputs.collect();
        let size = self.dice.within(2, 6);
        self.function(format!("{}_sub{number}", self.name), inputs, size);
    }

    fn function(&mut self, name: String, inputs: Vec<Var>, size: usize) {
        let seen = inputs.iter().map(|input| Seen::new(input.clone(), false));
        let mut frame = Frame::new(seen.collect());
        self.fill(&mut frame, size);
        let tail = Tail::Value(self.number(&mut frame));
        let body = self.finish(frame, tail).0;
        self.functions.push(Function { name, inputs, fails: self.fails, body });
    }

    /// Adds declarations with so many steps in them.
    fn fill(&mut self, frame: &mut Frame, mut budget: usize) {
        while budget > 0 {
            let draft = self.draft(frame, budget);
            budget -= draft.cost.min(budget);
            // As in any Rust, a statement that is no call comes to nothing.
            let bound = !matches!(draft.kind, Kind::Step { .. }) || self.dice.percent(88);
            self.add(frame, draft, bound);
        }
    }

    /// Turns a draft into a node, with or without a `let`.
    fn add(&mut self, frame: &mut Frame, draft: Draft, bound: bool) {
        let Draft { kind, tys, .. } = draft;
        let id = self.id;
        self.id += 1;
        let tys = tys.into_iter().filter(|ty| bound && *ty != Ty::Unit);
        let mut vars = Vec::new();
        for (number, ty) in tys.enumerate() {
            let own = format!("v{id}{}", ["", "b"][number]);
            vars.push(var(&frame.shadowed.pop().unwrap_or(own), ty));
        }
        let mut after = self.order(frame);
        for by in frame.take_lenders() {
            frame.nodes[by].make_named();
            if !after.contains(&After::Here(by)) {
                after.push(After::Here(by));
            }
        }
        let typed = vars.len() == 1 && (vars[0].ty == Ty::View || self.dice.percent(10));
        frame.seen.extend(vars.iter().map(|var| Seen::new(var.clone(), true)));
        frame.nodes.push(Node { id, name: String::new(), vars, typed, after, kind });
    }

    /// What the next node waits for without needing its value.
    fn order(&mut self, frame: &Frame) -> Vec<After> {
        let mut after = Vec::new();
        let here = (0..frame.nodes.len()).filter(|&at| frame.nodes[at].is_named());
        let here: Vec<usize> = here.collect();
        let outer = frame.seen.iter().filter(|seen| !seen.own && seen.declared);
        let outer: Vec<&Seen> = outer.collect();
        while self.dice.percent(12) {
            let next = if !outer.is_empty() && self.dice.percent(40) {
                After::Outer(self.dice.pick(&outer).var.name.clone())
            } else if here.is_empty() {
                break;
            } else {
                After::Here(*self.dice.pick(&here))
            };
            if !after.contains(&next) {
                after.push(next);
            }
        }
        after
    }

    /// Ends a scope: the order of its source, and the names of its steps.
    fn finish(&mut self, frame: Frame, tail: Tail) -> (Scope, Frame) {
        let (nodes, frame) = frame.take_nodes();
        let mut printed: Vec<usize> = (0..nodes.len()).collect();
        if self.style.shuffled {
            let free = printed.len() - usize::from(matches!(tail, Tail::Node));
            self.dice.shuffle(&mut printed[..free]);
        }
        let mut scope = Scope { nodes, printed, tail };
        name_nodes(&mut scope, &self.functions);
        (scope, frame)
    }

    /// A random declaration.
    fn draft(&mut self, frame: &mut Frame, budget: usize) -> Draft {
        if self.style.borrows
            && self.dice.percent(25)
            && let Some(view) = self.view(frame)
        {
            return view;
        }
        let nests = self.style.nested * usize::from(budget > 1 && frame.depth < 4);
        let fans_out = nests * usize::from(frame.loops < 2);
        let choice = [60, 14, 5 * nests, 4 * nests, 4 * nests, 6 * fans_out, 3 * nests];
        match self.dice.weighted(&choice) {
            0 => self.step(frame, None),
            1 => self.value(frame),
            2 => self.branch(frame, budget, None),
            3 => self.pick(frame, budget, None),
            4 => self.choose(frame, budget, None),
            5 => self.fan_out(frame, budget),
            _ => self.block(frame, budget),
        }
    }

    /// A value that borrows from another one.
    fn view(&mut self, frame: &mut Frame) -> Option<Draft> {
        // A number may be copied besides, and so could be held by no reference.
        let arg = self.arg(frame, Wanted::Owned, Mode::Borrow)?;
        let viewed = frame.seen.iter_mut().rev().find(|seen| seen.var.name == arg.name);
        viewed.expect("it can be used").viewed = true;
        if !self.fails || self.dice.percent(40) {
            return Some(Draft::new(Kind::Value(Compute::Look(arg)), Ty::View, 0));
        }
        let kind = Kind::Step { call: Call::View, args: vec![arg], question: true };
        Some(Draft::new(kind, Ty::View, 1))
    }

    /// A step; where `want` says so, one with a value of that type.
    fn step(&mut self, frame: &mut Frame, want: Option<&Ty>) -> Draft {
        let (call, question) = self.call(want);
        if let Call::Sub(function) = call {
            let (inputs, fails) = {
                let function = &self.functions[function];
                (function.inputs.clone(), function.fails)
            };
            let question = question && fails;
            let args: Option<Vec<Arg>> =
                inputs.iter().map(|input| self.input(frame, &input.ty)).collect();
            if let Some(args) = args {
                let ty = if fails && !question { Ty::Outcome } else { Ty::Number };
                let kind = Kind::Step { call, args, question };
                return Draft::new(kind, ty, 1);
            }
            return self.step(frame, want);
        }
        let count = self.dice.weighted(&[10, 25, 35, 20, 10]);
        let args = (0..count).filter_map(|_| self.arg(frame, Wanted::Any, Mode::Any));
        let kind = Kind::Step { call, args: args.collect(), question };
        let tys = match call {
            _ if !question && call != Call::Sure => vec![Ty::Outcome],
            Call::Work | Call::Method | Call::Other | Call::Sure | Call::Sub(_) => vec![Ty::Number],
            Call::Text => vec![Ty::Text],
            Call::Pair => vec![Ty::Number, Ty::Text],
            Call::Note => vec![Ty::Unit],
            Call::View => unreachable!("it is made on its own"),
        };
        Draft { kind, tys, cost: 1 }
    }

    /// What a step calls, and whether with a `?`.
    fn call(&mut self, want: Option<&Ty>) -> (Call, bool) {
        let subs = 8 * usize::from(!self.functions.is_empty());
        let sub = Call::Sub(self.dice.below(self.functions.len().max(1)));
        let calls = [Call::Sure, Call::Work, Call::Method, Call::Other, Call::Text];
        let calls = [&calls[..], &[Call::Pair, Call::Note, sub]].concat();
        match (self.fails, want) {
            (true, Some(Ty::Text)) => (Call::Text, true),
            (true, Some(_)) => {
                let call = calls[self.dice.weighted(&[10, 40, 20, 10])];
                (call, call != Call::Sure)
            }
            (true, None) => {
                let weights = [10, 40, 10, 8, 15, 5, 6, subs];
                let call = calls[self.dice.weighted(&weights)];
                let isolates = matches!(call, Call::Work | Call::Method | Call::Sub(_));
                let isolated = isolates && self.dice.percent(12);
                (call, call != Call::Sure && !isolated)
            }
            (false, Some(_)) => (Call::Sure, false),
            (false, None) => (calls[self.dice.weighted(&[60, 10, 10, 0, 0, 0, 0, subs])], false),
        }
    }

    /// An argument for an input of a sub-workflow.
    fn input(&mut self, frame: &mut Frame, ty: &Ty) -> Option<Arg> {
        match ty {
            Ty::Number => self.arg(frame, Wanted::Number, Mode::Copy),
            Ty::Text => self.arg(frame, Wanted::Text, Mode::Consume),
            Ty::Borrowed(inner) if **inner == Ty::Number => {
                self.arg(frame, Wanted::Number, Mode::Borrow)
            }
            _ => self.arg(frame, Wanted::Text, Mode::Borrow),
        }
    }

    /// An ordinary expression.
    fn value(&mut self, frame: &mut Frame) -> Draft {
        let owned = |seen: &Seen| Wanted::Owned.is(&seen.var.ty);
        match self.dice.below(10) {
            0 if frame.seen.iter().any(owned) => {
                // Moves or clones it.
                if let Some(arg) = self.arg(frame, Wanted::Owned, Mode::Any) {
                    let ty = frame.ty(&arg.name);
                    let by_value = arg.by_value;
                    let compute = if by_value { Compute::Same(arg) } else { Compute::Clone(arg) };
                    return Draft::new(Kind::Value(compute), ty, 0);
                }
            }
            1 | 2 if self.fails => {
                if let Some(arg) = self.arg(frame, Wanted::Outcome, Mode::Any) {
                    return Draft::new(Kind::Value(Compute::Attempt(arg)), Ty::Number, 0);
                }
            }
            3 | 4 => {
                let compute = self.text(frame);
                return Draft::new(Kind::Value(compute), Ty::Text, 0);
            }
            _ => {}
        }
        let compute = self.number(frame);
        Draft::new(Kind::Value(compute), Ty::Number, 0)
    }

    /// An expression that is a number.
    fn number(&mut self, frame: &mut Frame) -> Compute {
        let choice = self.dice.below(6);
        if choice < 4 {
            let left = self.arg(frame, Wanted::Number, Mode::Copy);
            let right = self.arg(frame, Wanted::Number, Mode::Copy);
            if let (Some(left), Some(right)) = (left, right) {
                return match choice {
                    0 => Compute::Same(left),
                    1 => Compute::Xor(left, right),
                    2 => Compute::Add(left, right),
                    _ => Compute::Larger(left, right),
                };
            }
        }
        let args = self.some(frame);
        if args.is_empty() { Compute::Constant(7) } else { Compute::Mix(args) }
    }

    /// An expression that is a text.
    fn text(&mut self, frame: &mut Frame) -> Compute {
        if self.dice.percent(50)
            && let Some(arg) = self.arg(frame, Wanted::Shown, Mode::Borrow)
        {
            return Compute::Format(arg);
        }
        Compute::Show(self.some(frame))
    }

    fn some(&mut self, frame: &mut Frame) -> Vec<Arg> {
        let count = self.dice.within(1, 3);
        let args = (0..count).filter_map(|_| self.arg(frame, Wanted::Any, Mode::Any));
        args.collect()
    }

    /// The type that a branch comes to.
    fn branch_ty(&mut self, want: Option<&Ty>) -> Ty {
        let any = [Ty::Number, Ty::Text, Ty::Unit][self.dice.weighted(&[55, 20, 25])].clone();
        want.cloned().unwrap_or(any)
    }

    fn branch(&mut self, frame: &mut Frame, budget: usize, want: Option<&Ty>) -> Draft {
        let ty = self.branch_ty(want);
        let optional = ty == Ty::Unit && self.dice.percent(60);
        let mut conditions = Vec::new();
        for _ in 0..self.dice.within(1, 2) {
            let Some(on) = self.arg(frame, Wanted::Any, Mode::Look) else { break };
            let binds = self.dice.percent(30).then(|| format!("p{}_{}", self.id, conditions.len()));
            conditions.push(Condition { on, binds });
        }
        if conditions.is_empty() {
            return self.step(frame, want);
        }
        let mut binds: Vec<Option<String>> =
            conditions.iter().map(|condition| condition.binds.clone()).collect();
        if !optional {
            binds.push(None);
        }
        let (arms, binds, cost) = self.arms(frame, budget, &ty, binds);
        for (condition, binds) in conditions.iter_mut().zip(binds) {
            condition.binds = binds;
        }
        Draft::new(Kind::If { conditions, arms }, ty, cost)
    }

    fn pick(&mut self, frame: &mut Frame, budget: usize, want: Option<&Ty>) -> Draft {
        let Some(on) = self.arg(frame, Wanted::Any, Mode::Look) else {
            return self.step(frame, want);
        };
        let ty = self.branch_ty(want);
        let binds = vec![None; self.dice.within(2, 3)];
        let (arms, _, cost) = self.arms(frame, budget, &ty, binds);
        Draft::new(Kind::Pick { on, arms }, ty, cost)
    }

    fn choose(&mut self, frame: &mut Frame, budget: usize, want: Option<&Ty>) -> Draft {
        let Some(on) = self.arg(frame, Wanted::Any, Mode::Look) else {
            return self.step(frame, want);
        };
        let ty = self.branch_ty(want);
        let three = self.dice.percent(60);
        let guarded = three && self.dice.percent(50);
        let guard = if guarded { self.arg(frame, Wanted::Number, Mode::Borrow) } else { None };
        let bound = 1 + usize::from(three);
        let binds = (0..bound).map(|arm| Some(format!("p{}_{arm}", self.id)));
        let binds = binds.chain([None]).collect();
        let (arms, binds, cost) = self.arms(frame, budget, &ty, binds);
        let binds: Vec<String> = binds.into_iter().flatten().collect();
        // In the guard the name would mean what the pattern binds.
        let guard = guard.filter(|guard| !binds.contains(&guard.name));
        let kind = Kind::Choose { on, guard, binds, arms };
        Draft::new(kind, ty, cost)
    }

    /// The arms of a branch, each with the name that its pattern binds. Returns the names
    /// too, as some are those of something outside.
    fn arms(
        &mut self,
        frame: &mut Frame,
        budget: usize,
        ty: &Ty,
        mut binds: Vec<Option<String>>,
    ) -> (Vec<Scope>, Vec<Option<String>>, usize) {
        let sure = self.dice.below(binds.len());
        let mut cost = 0;
        let mut arms = Vec::new();
        let mut frames = Vec::new();
        for (arm, bind) in binds.iter_mut().enumerate() {
            let mut inner = self.enter(frame, false);
            if let Some(bind) = bind {
                if let Some(shadowed) = inner.shadowed.pop() {
                    *bind = shadowed;
                }
                inner.seen.push(Seen::new(var(bind, Ty::Number), false));
            }
            let least = usize::from(arm == sure);
            let size = self.dice.within(least, (budget / 2).clamp(1, 7));
            cost += size;
            let (scope, inner) = self.body(inner, size, ty);
            arms.push(scope);
            frames.push(inner);
        }
        frame.leave(&frames);
        (arms, binds, cost)
    }

    fn block(&mut self, frame: &mut Frame, budget: usize) -> Draft {
        let ty = self.branch_ty(None);
        let inner = self.enter(frame, false);
        let size = self.dice.within(1, budget.min(6));
        let (scope, inner) = self.body(inner, size, &ty);
        frame.leave(&[inner]);
        Draft::new(Kind::Block(scope), ty, size)
    }

    fn fan_out(&mut self, frame: &mut Frame, budget: usize) -> Draft {
        let limit = match self.dice.below(4) {
            0 | 1 => None,
            2 => Some(Limit::Fixed(self.dice.within(1, 3))),
            _ => self.arg(frame, Wanted::Number, Mode::Borrow).map(Limit::From),
        };
        let mut item_ty = Ty::Number;
        let items = match self.dice.below(4) {
            0 => self.arg(frame, Wanted::List, Mode::Any).map(|arg| {
                let Ty::List(element) = frame.ty(&arg.name) else { unreachable!("it is a list") };
                item_ty = if arg.by_value { *element } else { Ty::Borrowed(element) };
                Items::List(arg)
            }),
            1 | 2 => self.arg(frame, Wanted::Any, Mode::Look).map(Items::From),
            _ => None,
        };
        let items = items.unwrap_or_else(|| Items::Below(self.dice.below(5)));
        let (index, item) = (format!("i{}", self.id), format!("x{}", self.id));
        let mut inner = self.enter(frame, true);
        inner.seen.push(Seen::new(var(&item, item_ty), false));
        let size = self.dice.within(1, budget.min(6));
        let ty = self.branch_ty(None);
        let (body, inner) = self.body(inner, size, &ty);
        frame.leave(&[inner]);
        let list = if ty == Ty::Unit { Ty::Unit } else { Ty::List(Box::new(ty)) };
        let kind = Kind::For { items, limit, index, item, body: Box::new(body) };
        Draft::new(kind, list, size)
    }

    /// The frame of a scope inside the next node.
    fn enter(&mut self, frame: &Frame, repeats: bool) -> Frame {
        let mut inner = frame.enter(repeats);
        if self.dice.percent(20) && !inner.seen.is_empty() {
            let hidden = inner.seen.swap_remove(self.dice.below(inner.seen.len()));
            // Inner fan-outs are told apart by the variables of the outer ones.
            inner.shadowed.push(hidden.var.name);
        }
        inner
    }

    /// A body that comes to a value of the type.
    fn body(&mut self, mut frame: Frame, size: usize, ty: &Ty) -> (Scope, Frame) {
        // The number of the node around is not free any more.
        self.id += 1;
        let node = *ty != Ty::Unit && size > 0 && self.dice.percent(40);
        let can = self.fails || *ty == Ty::Number;
        if node && can {
            self.fill(&mut frame, size - 1);
            let draft = if self.dice.percent(20) && frame.depth < 4 {
                match self.dice.below(3) {
                    0 => self.branch(&mut frame, 2, Some(ty)),
                    1 => self.pick(&mut frame, 2, Some(ty)),
                    _ => self.choose(&mut frame, 2, Some(ty)),
                }
            } else {
                self.step(&mut frame, Some(ty))
            };
            self.add(&mut frame, draft, false);
            return self.finish(frame, Tail::Node);
        }
        self.fill(&mut frame, size);
        let tail = match ty {
            Ty::Text => Tail::Value(self.text(&mut frame)),
            Ty::Number => Tail::Value(self.number(&mut frame)),
            _ => Tail::Unit,
        };
        self.finish(frame, tail)
    }

    /// A use of some variable.
    fn arg(&mut self, frame: &mut Frame, wanted: Wanted, mode: Mode) -> Option<Arg> {
        let consumes = match mode {
            Mode::Any => self.dice.percent(35),
            Mode::Consume => true,
            Mode::Copy | Mode::Look | Mode::Borrow => false,
        };
        let fits = |seen: &&mut Seen| {
            let free =
                !consumes || seen.var.ty.is_copy() || seen.can_be_consumed(frame.nodes.len());
            wanted.is(&seen.var.ty) && !seen.consumed && (mode != Mode::Consume || free)
        };
        let mut found: Vec<&mut Seen> = frame.seen.iter_mut().filter(fits).collect();
        if found.is_empty() {
            return None;
        }
        let count = found.len();
        let recent = count - 1 - self.dice.below(count.min(4));
        let any = self.dice.below(count);
        let at = if self.dice.percent(self.style.recent) { recent } else { any };
        let seen = &mut *found[at];
        let node = frame.nodes.len();
        let by_value = if seen.var.ty.is_copy() {
            mode == Mode::Copy
                || mode == Mode::Consume
                || (mode != Mode::Borrow && self.dice.percent(60))
        } else {
            consumes && seen.can_be_consumed(node)
        };
        if !seen.var.ty.is_copy() {
            if by_value {
                seen.consumed = true;
                frame.lenders.append(&mut seen.borrowed_by);
            } else if !seen.borrowed_by.contains(&node) {
                seen.borrowed_by.push(node);
            }
        }
        Some(Arg { name: seen.var.name.clone(), by_value })
    }
}

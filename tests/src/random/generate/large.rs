//! One workflow with many steps.

use super::dice::Dice;
use super::model::{Arg, Call, Compute, Flow, Function, Kind, Node, Scope, Tail, Ty, Var};

/// How many steps stand side by side.
const WIDTH: usize = 10;

/// Makes a workflow with so many steps: some chains, and beside them layers of steps whose
/// order is no nesting of sequence and join.
#[must_use]
pub fn large(steps: u64) -> Flow {
    let mut dice = Dice::new(steps);
    let count = usize::try_from(steps).expect("it is compiled here");
    let number = |name: String| Var { name, ty: Ty::Number };
    let nodes: Vec<Node> = (0..count)
        .map(|at| {
            let column = at % WIDTH;
            let mut needs = at.checked_sub(WIDTH).into_iter().collect::<Vec<_>>();
            if column > 3 && at >= 2 * WIDTH && dice.percent(60) {
                needs.push(at - WIDTH - 1);
            }
            let arg = |need| Arg { name: format!("v{need}"), by_value: dice.percent(50) };
            Node {
                id: u32::try_from(at).expect("it is compiled here"),
                name: format!("v{at}"),
                vars: vec![number(format!("v{at}"))],
                typed: false,
                after: Vec::new(),
                kind: Kind::Step {
                    call: Call::Work,
                    args: needs.into_iter().map(arg).collect(),
                    question: true,
                },
            }
        })
        .collect();
    let last = (count.saturating_sub(WIDTH)..count)
        .map(|at| Arg { name: format!("v{at}"), by_value: false });
    let body = Scope {
        printed: (0..count).collect(),
        nodes,
        tail: Tail::Value(Compute::Mix(last.collect())),
    };
    let function = Function {
        name: "large".to_owned(),
        inputs: vec![
            number("number_in".to_owned()),
            Var { name: "text_in".to_owned(), ty: Ty::Text },
        ],
        fails: true,
        body,
    };
    Flow { functions: vec![function] }
}

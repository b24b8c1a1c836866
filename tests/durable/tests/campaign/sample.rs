//! Which of all moments are tried.

use crate::process::Cut;
use crate::random::generate::Dice;

/// How many runs of each workflow there are in each test.
pub(crate) fn runs(otherwise: usize) -> usize {
    let asked = std::env::var("WORKFLOW_CAMPAIGN").ok();
    asked.map_or(otherwise, |asked| {
        asked.parse().expect("WORKFLOW_CAMPAIGN is how many runs of each workflow there are")
    })
}

/// At most so many of a list, from all parts of it. Which of them depends on the number.
pub(crate) fn some<T>(list: Vec<T>, count: usize, number: u64) -> Vec<T> {
    let step = list.len().div_ceil(count.max(1)).max(1);
    let first = usize::try_from(number).expect("it is small") % step;
    list.into_iter().skip(first).step_by(step).collect()
}

/// Several processes that are cut off one after the other.
pub(crate) fn chain(dice: &mut Dice, polls: usize) -> Vec<Cut> {
    let count = dice.within(1, 6);
    let cut = |dice: &mut Dice| {
        let polls = dice.within(1, polls);
        if dice.percent(70) { Cut::Killed(polls) } else { Cut::Dropped(polls) }
    };
    (0..count).map(|_| cut(dice)).collect()
}

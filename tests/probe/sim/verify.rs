//! Holds what a run says against the truth.

use std::collections::BTreeSet;

use ruleproof::probe::{FinalVerdict, Histories, History, PlannedEvent, Remembered, Tally, VerdictWord};
use ruleproof::tracking::RunId;

use super::truth::{Expected, expected};
use super::world::World;

/// What a run came to, event by event: word and codes.
pub type Outcome = Vec<(VerdictWord, BTreeSet<String>)>;

/// Checks a finished run.
pub async fn verify(world: &World, run: RunId, tally: &Tally) -> Outcome {
    let events = world.scenario.events.len() as u64;
    assert_eq!(tally.delivered + tally.unmatched + tally.errored, events, "events and verdicts: {tally:?}");
    let mut histories = Histories::of(&world.store, run);
    let mut outcome = Vec::new();
    while let Some(remembered) = histories.next().await.expect("the store can be read") {
        if let Remembered::Event(history) = remembered {
            outcome.push(verify_event(world, &history));
        }
    }
    assert_eq!(outcome.len() as u64, events, "events that are written down");
    let count = |word| outcome.iter().filter(|(own, _)| *own == word).count() as u64;
    assert_eq!(count(VerdictWord::Delivered), tally.delivered);
    assert_eq!(count(VerdictWord::Unmatched), tally.unmatched);
    outcome
}

fn verify_event(world: &World, history: &History) -> (VerdictWord, BTreeSet<String>) {
    let (_, last) = history.last().unwrap_or_else(|| panic!("event {} was never tried", history.event));
    let FinalVerdict { verdict, .. } = last
        .verdict
        .as_ref()
        .unwrap_or_else(|| panic!("event {} has no verdict: {history:#?}", history.event));
    let codes: BTreeSet<String> = verdict.problems.iter().map(|problem| problem.code.clone()).collect();
    let planned =
        PlannedEvent::of(world.scenario.events[history.event.get() as usize].as_bytes(), String::new());
    let wanted = match planned.entry {
        Err(reason) => Expected { must: BTreeSet::from([reason.code]), ..Expected::default() },
        Ok(entry) => expected(world, &entry.into_entry(String::new())),
    };
    let word = match (codes.is_empty(), wanted.matches) {
        (false, _) => VerdictWord::Errored,
        (true, true) => VerdictWord::Delivered,
        (true, false) => VerdictWord::Unmatched,
    };
    let fits = wanted.must.is_subset(&codes)
        && codes.iter().all(|code| wanted.must.contains(code) || wanted.may.contains(code));
    assert!(
        fits && verdict.verdict == word,
        "event {} is {} {codes:?}\nthe truth: {wanted:?}\n{}\n{history:#?}",
        history.event,
        verdict.verdict,
        world.scenario.in_short()
    );
    (word, codes)
}

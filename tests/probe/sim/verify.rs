//! Holds what a run says against the truth.

use std::collections::{BTreeMap, BTreeSet};

use ruleproof::probe::{
    AttemptHistory, FinalVerdict, Histories, History, PlannedEvent, Problem, Remembered, Tally, Verdict,
    VerdictWord,
};
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
    let (mut outcome, mut served) = (Outcome::new(), BTreeMap::new());
    let mut contradicted = 0;
    while let Some(remembered) = histories.next().await.expect("the store can be read") {
        if let Remembered::Event(history) = remembered {
            contradicted += u64::from(history.attempts.values().any(is_contradicted));
            outcome.push(verify_event(world, &history, &mut served));
        }
    }
    assert_eq!(outcome.len() as u64, events, "events that are written down");
    let count = |word| outcome.iter().filter(|(own, _)| *own == word).count() as u64;
    assert_eq!(count(VerdictWord::Delivered), tally.delivered);
    assert_eq!(count(VerdictWord::Unmatched), tally.unmatched);
    assert_eq!(contradicted, tally.late_disagreements(), "{}", world.scenario.in_short());
    let state = world.state();
    for (target, served) in served {
        let sent = state.sent_to.get(&target).copied().unwrap_or_default();
        assert!(served <= sent, "{target:?} is served {served} times and got {sent} bodies");
    }
    outcome
}

/// Whether a receipt or a body came after the verdict, of a rule that does not match by our answer.
fn is_contradicted(attempt: &AttemptHistory) -> bool {
    let Some(FinalVerdict { verdict, mirrors: Some(matching), .. }) = &attempt.verdict else { return false };
    let late_receipts = attempt.receipts.iter().filter(|(_, receipt)| receipt.late() > 0);
    let late_bodies = attempt.outcomes.iter().filter(|(_, outcome)| outcome.late() > 0);
    let mut mirrors = late_receipts.map(|(mirror, _)| *mirror).chain(late_bodies.map(|(pair, _)| pair.rule));
    let disagrees = verdict.problems.iter().any(|problem| problem.code == "VERDICTS_DISAGREE");
    !disagrees && mirrors.any(|mirror| !matching.contains(&mirror))
}

/// Targets that verdicts say were served, by rule and id, and how often.
type Served = BTreeMap<(String, String), u64>;

fn verify_event(world: &World, history: &History, served: &mut Served) -> (VerdictWord, BTreeSet<String>) {
    let planned =
        PlannedEvent::of(world.scenario.events[history.event.get() as usize].as_bytes(), String::new());
    let wanted = match planned.entry {
        Err(reason) => Expected::must(&reason.code),
        Ok(entry) => expected(world, &entry.into_entry(String::new())),
    };
    let (_, last) = history.last().unwrap_or_else(|| panic!("event {} was never tried", history.event));
    assert!(last.verdict.is_some(), "event {} has no verdict: {history:#?}", history.event);
    let mut outcome = None;
    for (attempt, own) in &history.attempts {
        let Some(FinalVerdict { verdict, .. }) = &own.verdict else { continue };
        let codes: BTreeSet<String> = verdict.problems.iter().map(|problem| problem.code.clone()).collect();
        let word = match (codes.is_empty(), wanted.matches) {
            (false, _) => VerdictWord::Errored,
            (true, true) => VerdictWord::Delivered,
            (true, false) => VerdictWord::Unmatched,
        };
        // What was in a queue that was deleted is lost; what is sent once more is not.
        let is_last = history.last().is_some_and(|(last, _)| last == *attempt);
        let excused = world.has_lost_messages() && !is_last;
        assert!(
            excused || (wanted.fits(&codes) && verdict.verdict == word),
            "event {} is {} {codes:?}\nthe truth: {wanted:?}\n{}\n{}",
            history.event,
            verdict.verdict,
            world.scenario.in_short(),
            in_short(history)
        );
        count_served(world, verdict, served);
        outcome = Some((verdict.verdict, codes));
    }
    outcome.expect("the last attempt has a verdict")
}

/// What is told of an event that fails, unless it is large.
fn in_short(history: &History) -> String {
    let text = format!("{history:#?}");
    if text.len() < 100_000 { text } else { format!("event {}", history.event) }
}

fn count_served(world: &World, verdict: &Verdict, served: &mut Served) {
    for mirror in world.layout.mirrors() {
        for target in mirror.targets.iter().filter_map(|target| target.stands_for.as_ref()) {
            let rule = &mirror.display_name;
            let concerns = |problem: &Problem| {
                problem.rule.as_ref().is_none_or(|own| own == rule)
                    && problem.target.as_ref().is_none_or(|own| own == target)
            };
            if verdict.rules.contains(rule) && !verdict.problems.iter().any(concerns) {
                *served.entry((rule.clone(), target.clone())).or_default() += 1;
            }
        }
    }
}

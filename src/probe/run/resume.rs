//! Takes up a run where it was left.

use super::backend::Backend;
use super::end::Failed;
use super::history::{Histories, History, Remembered};
use super::learning::learn_seen;
use super::reader::not_sent;
use super::shared::{Found, Shared};
use super::step::{RedriveStep, next_step};
use crate::probe::MessageId;
use crate::probe::MirrorIndex;
use crate::probe::foresight::Foresight;
use crate::probe::ledger::{About, Fact, Origin};
use crate::probe::token::Sending;
use crate::verdict::JudgeScratch;

/// What is left to do.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Events to send.
    pub(super) sendings: Vec<Sending>,
    /// Verdicts that only have to be written.
    pub(super) verdicts: Vec<Found>,
}

/// Reads the run back, and fills ledger and tally.
///
/// # Errors
/// The store cannot be read, or a record in it.
pub(super) async fn resume<K: Backend>(shared: &Shared<K>) -> Result<Left, Failed> {
    let mut left = Left::default();
    let mut scratch = Foresight::scratch();
    let mut histories = Histories::of(shared.store(), shared.run);
    while let Some(remembered) = histories.next().await? {
        match remembered {
            Remembered::Event(history) => take_up(shared, &history, &mut left, &mut scratch),
            Remembered::Unattributed(message) if !message.attributed => {
                shared.tally().unattributed += 1;
                shared.ledger().retry_again(&message.message.id);
            }
            Remembered::Unattributed(_) => {}
        }
    }
    Ok(left)
}

fn take_up<K: Backend>(shared: &Shared<K>, history: &History, left: &mut Left, scratch: &mut JudgeScratch) {
    let step = next_step(history);
    {
        let mut tally = shared.tally();
        tally.remember(history);
        match step {
            RedriveStep::Keep => tally.keep(history),
            // With this time it is more than once.
            RedriveStep::Send(_) if history.attempts.len() == 1 => tally.redriven += 1,
            _ => {}
        }
    }
    remember_messages(shared, history);
    match step {
        RedriveStep::Keep => {}
        RedriveStep::Send(sending) => left.sendings.push(sending),
        RedriveStep::Refused(sending, reason) => left.verdicts.push(not_sent(sending, &reason)),
        RedriveStep::Wait { sending, origin, event_id } => {
            wait(shared, history, sending, origin, event_id.as_deref(), scratch)
        }
    }
}

/// Messages that were recorded may come again; without a trace header they must not find another event that is alike.
fn remember_messages<K: Backend>(shared: &Shared<K>, history: &History) {
    let mut ledger = shared.ledger();
    for (attempt, recorded) in &history.attempts {
        let sending = Sending { event: history.event, attempt: *attempt };
        let mut remember = |about, message: &String| {
            ledger.remember(&MessageId(message.clone()), Fact { sending, about });
        };
        for sign in recorded.seen.iter().flat_map(|seen| &seen.signs) {
            remember(About::Seen, &sign.message);
        }
        for (mirror, receipt) in &recorded.receipts {
            receipt
                .signs
                .iter()
                .for_each(|sign| remember(About::Receipt(MirrorIndex(*mirror)), &sign.message));
        }
        for (pair, outcome) in &recorded.outcomes {
            let Some(pair) = shared.mirrored.pair_at(MirrorIndex(pair.rule), pair.target) else { continue };
            outcome.signs.iter().for_each(|sign| remember(About::Body(pair), &sign.message));
        }
    }
}

fn wait<K: Backend>(
    shared: &Shared<K>,
    history: &History,
    sending: Sending,
    origin: Origin,
    event_id: Option<&str>,
    scratch: &mut JudgeScratch,
) {
    let planned = history.planned.as_ref().and_then(|planned| planned.entry.clone().ok());
    let Some(entry) = planned.map(|entry| entry.into_entry(String::new())) else { return };
    shared.ledger().resume(sending, &entry, origin, event_id, shared.clock.now());
    let Some(attempt) = history.attempts.get(&sending.attempt) else { return };
    if let Some(seen) = &attempt.seen {
        learn_seen(shared, sending, seen, scratch);
    }
    for (mirror, receipt) in &attempt.receipts {
        for sign in receipt.signs.iter().take(1) {
            let message = MessageId(sign.message.clone());
            shared.ledger().learn_receipt(sending, MirrorIndex(*mirror), &message);
        }
    }
    for (pair, outcome) in &attempt.outcomes {
        let Some(pair) = shared.mirrored.pair_at(MirrorIndex(pair.rule), pair.target) else { continue };
        for sign in &outcome.signs {
            let body = sign.says.body.as_ref().map(String::as_bytes);
            let dead_letter = sign.says.dead_letter.is_some();
            shared.ledger().learn_body(sending, pair, &MessageId(sign.message.clone()), body, dead_letter);
        }
    }
    shared.ledger().learnt(sending, shared.clock.now());
}

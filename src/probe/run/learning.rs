//! What the poller learns from the store: records that somebody else wrote, and parked messages.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::sleep;

use super::backend::Backend;
use super::end::Failed;
use super::merger::Addition;
use super::recorder::{first_record, guessed, recorded};
use super::shared::Shared;
use crate::probe::arrival::{Arrival, Read, event_id_of, read};
use crate::probe::judging::Case;
use crate::probe::ledger::{About, Attributed, Fact, Late, Leftover};
use crate::probe::records::{ArrivedBody, Receipt, SeenEvent, TargetOutcome, Unattributed};
use crate::probe::token::Sending;
use crate::probe::{Destination, MessageId};
use crate::tracking::{Record, RecordKey, Slot, StoreError, TrackingStore};
use crate::verdict::JudgeScratch;

/// How long a parked message waits for another one of its event to be written.
const BUSY_WAIT: Duration = Duration::from_millis(10);

/// Parked messages that are read, held and tried at once: each has up to 1 MiB.
const PIECE_MAX: usize = 64;

/// Takes note of records that were missing.
pub(super) fn learn<K: Backend>(
    shared: &Shared<K>,
    sending: Sending,
    facts: &[About],
    records: &BTreeMap<RecordKey, Record>,
    scratch: &mut JudgeScratch,
) -> Result<(), StoreError> {
    let mut found = false;
    for about in facts {
        let Some(record) = records.get(&shared.key(Fact { sending, about: *about })) else { continue };
        found = true;
        match about {
            About::Seen => learn_seen(shared, sending, &record.content()?, scratch),
            About::Receipt(mirror) => {
                let receipt: Receipt = record.content()?;
                for sign in receipt.signs.iter().take(1) {
                    shared.ledger().learn_receipt(sending, *mirror, &MessageId(sign.message.clone()));
                }
            }
            About::Body(pair) => {
                let outcome: TargetOutcome = record.content()?;
                for sign in &outcome.signs {
                    let ArrivedBody { body, dead_letter, .. } = &sign.says;
                    let body = body.as_ref().map(String::as_bytes);
                    let message = MessageId(sign.message.clone());
                    shared.ledger().learn_body(sending, *pair, &message, body, dead_letter.is_some());
                }
            }
        }
    }
    if found {
        shared.ledger().learnt(sending, shared.clock.now());
    }
    Ok(())
}

/// Takes note of the copies of an event.
pub(super) fn learn_seen<K: Backend>(
    shared: &Shared<K>,
    sending: Sending,
    seen: &SeenEvent,
    scratch: &mut JudgeScratch,
) {
    for sign in &seen.signs {
        let event = sign.says.event.as_bytes();
        let foreseen = shared.mirrored.foresight().foresee(event, scratch);
        let message = MessageId(sign.message.clone());
        shared.ledger().learn_seen(sending, &message, event_id_of(event).as_deref(), &foreseen);
    }
}

/// Tries a piece of the parked messages again for which an event may be found now; whether there were any.
pub(super) async fn retry_parked<K: Backend>(
    shared: &Shared<K>,
    scratch: &mut JudgeScratch,
) -> Result<bool, Failed> {
    let retries = shared.ledger().take_retries(PIECE_MAX);
    if retries.is_empty() {
        return Ok(false);
    }
    let parked = parked(shared, retries, scratch).await?;
    let (mut settled, mut further, mut busy) = (Vec::new(), Vec::new(), false);
    for (parked, arrival) in parked {
        let known = |parked| Settled { parked, record: None, then: Then::Forgotten };
        let attributed = shared.ledger().attribute(&arrival);
        match attributed {
            Attributed::First { fact, as_foreseen, late } => {
                let record = Some(first_record(shared, fact, &arrival, as_foreseen, late)?);
                settled.push(Settled { parked, record, then: Then::Recorded(fact, late) });
            }
            Attributed::Further(fact) => {
                further.push(Addition { fact, arrival, late: Late::No });
                settled.push(known(parked));
            }
            Attributed::Late(fact) => {
                further.push(Addition { fact, arrival, late: Late::Yes });
                settled.push(known(parked));
            }
            Attributed::Again => settled.push(known(parked)),
            Attributed::Busy => {
                shared.ledger().retry_again(&arrival.message);
                busy = true;
            }
            // If it is not parked here, an earlier process did it.
            Attributed::Unknown(parked) => shared.ledger().park_earlier(parked),
        }
    }
    shared.add(further).await?;
    settle(shared, settled).await?;
    if busy {
        sleep(BUSY_WAIT).await;
    }
    Ok(true)
}

/// A parked message that has its event.
struct Settled {
    parked: Unattributed,
    /// The record of its fact, if nothing else was known of that.
    record: Option<Record>,
    then: Then,
}

/// What follows once that is durable.
enum Then {
    /// Nothing: others see to the fact.
    Forgotten,
    /// The fact counts.
    Recorded(Fact, Late),
    /// It counts, but that it is of this event is a guess.
    Guessed(Fact),
}

/// Writes down at once that parked messages have their events, and what they say of facts that nothing else was known of.
async fn settle<K: Backend>(shared: &Shared<K>, settled: Vec<Settled>) -> Result<(), Failed> {
    let (mut records, mut done) = (Vec::new(), Vec::new());
    for Settled { parked, record, then } in settled {
        let message = parked.message.id.clone();
        let attributed = Unattributed { attributed: true, ..parked };
        records.extend(record);
        records.push(shared.record(parked_key(shared, &message), &attributed)?);
        done.push((message, then));
    }
    if records.is_empty() {
        return Ok(());
    }
    shared.store().write(records).await?;
    for (message, then) in done {
        match then {
            Then::Forgotten => {}
            Then::Recorded(fact, late) => recorded(shared, fact, late),
            Then::Guessed(fact) => {
                // How long it took is as little known as whose it is: that is no latency.
                shared.ledger().recorded(fact, shared.clock.now());
            }
        }
        shared.ledger().unpark(&message);
        let mut tally = shared.tally();
        tally.unattributed = tally.unattributed.saturating_sub(1);
    }
    Ok(())
}

/// Takes the parked bodies that are kept for an event whose time is over. If one cannot be had any more, the event is due
/// anew.
pub(super) async fn take_leftovers<K: Backend>(
    shared: &Shared<K>,
    sending: Sending,
    leftovers: &[Leftover],
    case: &mut Case,
    scratch: &mut JudgeScratch,
) -> Result<Leftovers, Failed> {
    for leftover in leftovers {
        let Some(outcome) = take_leftover(shared, leftover, scratch).await? else {
            shared.ledger().look_again(sending, leftovers, shared.clock.now());
            return Ok(Leftovers::Gone);
        };
        if let About::Body(pair) = leftover.fact.about {
            case.outcome(pair, outcome);
        }
    }
    Ok(Leftovers::Taken)
}

/// What became of parked bodies that were kept for an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leftovers {
    /// They are the event's now.
    Taken,
    /// One of them is not.
    Gone,
}

/// The record of a target that took a parked body; none if it cannot be had any more.
async fn take_leftover<K: Backend>(
    shared: &Shared<K>,
    leftover: &Leftover,
    scratch: &mut JudgeScratch,
) -> Result<Option<TargetOutcome>, Failed> {
    let Some((parked, arrival)) = parked(shared, [leftover.message.clone()], scratch).await?.pop() else {
        // It has its event already, or its record is gone.
        shared.ledger().unpark(&leftover.message);
        return Ok(None);
    };
    let adopted = shared.ledger().adopt(leftover);
    if !adopted {
        return Ok(None);
    }
    let outcome = guessed(shared, &arrival, leftover.guess, parked.at_us);
    let record = Some(shared.record(shared.key(leftover.fact), &outcome)?);
    settle(shared, vec![Settled { parked, record, then: Then::Guessed(leftover.fact) }]).await?;
    Ok(Some(outcome))
}

/// Parked messages and their records, with one read.
async fn parked<K: Backend>(
    shared: &Shared<K>,
    messages: impl IntoIterator<Item = MessageId>,
    scratch: &mut JudgeScratch,
) -> Result<Vec<(Unattributed, Arrival)>, Failed> {
    let keys: Vec<RecordKey> = messages.into_iter().map(|message| parked_key(shared, &message)).collect();
    let mut parked = Vec::with_capacity(keys.len());
    for record in shared.store().read(&keys).await? {
        let record: Unattributed = record.content()?;
        let queue = shared.mirrored.layout().destinations().find(|queue| queue.to_string() == record.queue);
        // Several may have asked for it while its record was written.
        let Some(queue): Option<Destination> = queue.filter(|_| !record.attributed) else { continue };
        match read(&record.message, queue, &shared.mirrored, shared.mark, scratch) {
            Read::Arrival(arrival) => parked.push((record, arrival)),
            Read::Foreign => {}
        }
    }
    Ok(parked)
}

fn parked_key<K: Backend>(shared: &Shared<K>, message: &MessageId) -> RecordKey {
    RecordKey::new(shared.run, Slot::Unattributed(message.0.as_str().into()))
}

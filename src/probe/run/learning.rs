//! What the poller learns from the store: records that somebody else wrote, and parked messages.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::sleep;

use super::end::Failed;
use super::recorder::{Late, add, adopt};
use super::shared::{Backend, Shared};
use crate::probe::arrival::{Arrival, Read, event_id_of, read};
use crate::probe::judging::Case;
use crate::probe::ledger::{About, Attributed, Fact};
use crate::probe::records::{ArrivedBody, Receipt, SeenEvent, TargetOutcome, Unattributed};
use crate::probe::token::Sending;
use crate::probe::{Destination, MessageId};
use crate::tracking::{Record, RecordKey, Slot, StoreError, TrackingStore};
use crate::verdict::JudgeScratch;

/// How long a parked message waits for another one of its event to be written.
const BUSY_WAIT: Duration = Duration::from_millis(10);

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

/// Tries parked messages again for which an event may be found now; whether there were any.
pub(super) async fn retry_parked<K: Backend>(
    shared: &Shared<K>,
    scratch: &mut JudgeScratch,
) -> Result<bool, Failed> {
    let retries = shared.ledger().take_retries();
    if retries.is_empty() {
        return Ok(false);
    }
    for message in &retries {
        let Some((record, arrival)) = parked(shared, message, scratch).await? else { continue };
        let attributed = shared.ledger().attribute(&arrival);
        match attributed {
            Attributed::First { fact, .. } | Attributed::Further(fact) => {
                add(shared, fact, &arrival, Late::No).await?;
            }
            Attributed::Late(fact) => add(shared, fact, &arrival, Late::Yes).await?,
            Attributed::Again => {}
            Attributed::Busy => {
                shared.ledger().retry_again(message);
                sleep(BUSY_WAIT).await;
                continue;
            }
            Attributed::Unknown(parked) => {
                // An earlier process may have been the one that parked it.
                shared.ledger().park(parked, shared.clock.now());
                continue;
            }
        }
        unpark(shared, message, record).await?;
    }
    Ok(true)
}

/// Takes parked bodies for an event whose time is over and at whose targets nothing arrived.
pub(super) async fn take_leftovers<K: Backend>(
    shared: &Shared<K>,
    sending: Sending,
    case: &mut Case,
    scratch: &mut JudgeScratch,
) -> Result<(), Failed> {
    let leftovers = shared.ledger().leftovers(sending);
    for (message, fact, among) in leftovers {
        let Some((record, arrival)) = parked(shared, &message, scratch).await? else { continue };
        shared.ledger().adopt(fact, &message);
        let outcome = adopt(shared, fact, &arrival, among).await?;
        unpark(shared, &message, record).await?;
        if let About::Body(pair) = fact.about {
            case.outcome(pair, outcome);
        }
    }
    Ok(())
}

/// A parked message and its record.
async fn parked<K: Backend>(
    shared: &Shared<K>,
    message: &MessageId,
    scratch: &mut JudgeScratch,
) -> Result<Option<(Unattributed, Arrival)>, Failed> {
    let key = RecordKey::new(shared.run, Slot::Unattributed(message.0.as_str().into()));
    let records = shared.store().read(&[key]).await?;
    let Some(record) = records.first().map(Record::content::<Unattributed>).transpose()? else {
        return Ok(None);
    };
    let queue = shared.mirrored.layout().destinations().find(|queue| queue.to_string() == record.queue);
    let Some(queue): Option<Destination> = queue else { return Ok(None) };
    Ok(match read(&record.message, queue, &shared.mirrored, shared.mark, scratch) {
        Read::Arrival(arrival) => Some((record, arrival)),
        Read::Foreign => None,
    })
}

/// A parked message has its event, durably.
async fn unpark<K: Backend>(
    shared: &Shared<K>,
    message: &MessageId,
    record: Unattributed,
) -> Result<(), Failed> {
    let key = RecordKey::new(shared.run, Slot::Unattributed(message.0.as_str().into()));
    let record = shared.record(key, &Unattributed { attributed: true, ..record })?;
    shared.store().write(vec![record]).await?;
    shared.ledger().unpark(message);
    let mut tally = shared.tally();
    tally.unattributed = tally.unattributed.saturating_sub(1);
    Ok(())
}

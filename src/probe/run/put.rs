//! One batch of entries, from the intent to all answers.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use super::backend::Backend;
use super::end::Failed;
use super::reader::not_sent;
use super::retries::persistently;
use super::shared::{Shared, Verdicts};
use crate::calls::{CallError, Effect};
use crate::probe::ledger::Accepted;
use crate::probe::moment::Moment;
use crate::probe::records::{NotSent, SentAnswer, SentEvent};
use crate::probe::token::Sending;
use crate::probe::{Entry, EntryAnswer, EntryError, EventBus};
use crate::tracking::{Record, RecordKey, Slot, StoreError, TrackingStore};

/// The API.
const PUT_EVENTS: &str = "PutEvents";

/// How often an entry is sent that is answered with an error that may pass.
const TRIES_MAX: u32 = 8;

/// How long the first repetition of an entry waits; each further one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// An entry on its way.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) sending: Sending,
    pub(super) scheduled: Moment,
    pub(super) entry: Entry,
}

/// Sends `batch`. What fails in a way that trying does not help ends the run.
pub(super) async fn put<K: Backend>(shared: &Shared<K>, batch: Vec<Outgoing>, verdicts: &Verdicts) {
    if let Err(failed) = try_put(shared, batch, verdicts).await {
        shared.fail(failed);
    }
}

async fn try_put<K: Backend>(
    shared: &Shared<K>,
    batch: Vec<Outgoing>,
    verdicts: &Verdicts,
) -> Result<(), Failed> {
    let sent = shared.clock.now();
    let intents: Result<Vec<Record>, StoreError> =
        batch.iter().map(|outgoing| sent_record(shared, outgoing, sent, None)).collect();
    shared.store().write(intents?).await?;
    {
        let mut tally = shared.tally();
        batch.iter().for_each(|outgoing| tally.latencies.scheduled_to_sent.add(sent - outgoing.scheduled));
    }
    let (mut open, mut tries, mut repeated) = (batch, 1, false);
    loop {
        let call = call(shared, &open).await?;
        repeated |= call.repeated;
        let again = answered(shared, open, call.answers, sent, repeated, tries < TRIES_MAX, verdicts).await?;
        if again.is_empty() {
            return Ok(());
        }
        open = again;
        sleep(FIRST_WAIT.saturating_mul(1 << tries.min(10))).await;
        tries += 1;
    }
}

/// What came of a call.
struct Called {
    answers: Vec<EntryAnswer>,
    /// Whether an earlier try may have put the entries on the bus as well.
    repeated: bool,
}

async fn call<K: Backend>(shared: &Shared<K>, open: &[Outgoing]) -> Result<Called, CallError> {
    let entries: Vec<Entry> = open.iter().map(|outgoing| outgoing.entry.clone()).collect();
    // Tries that certainly had no effect; a try that its policy dropped for taking too long is not among them.
    let (tries, harmless) = (AtomicU32::new(0), AtomicU32::new(0));
    let answers = persistently(shared.backend.event_bridge(), PUT_EVENTS, || {
        tries.fetch_add(1, Ordering::Relaxed);
        let (entries, harmless) = (&entries, &harmless);
        async move {
            let begun = shared.clock.now();
            let answers = shared.backend.bus().put_events(entries).await;
            shared.observer.put(shared.clock.now() - begun);
            if answers.as_ref().is_err_and(|error| error.effect == Effect::None) {
                harmless.fetch_add(1, Ordering::Relaxed);
            }
            answers
        }
    })
    .await?;
    let before = tries.into_inner().saturating_sub(1);
    Ok(Called { answers, repeated: before > harmless.into_inner() })
}

/// Takes note of the answers to `open`; gives the entries that are to be sent again.
async fn answered<K: Backend>(
    shared: &Shared<K>,
    open: Vec<Outgoing>,
    answers: Vec<EntryAnswer>,
    sent: Moment,
    repeated: bool,
    may_repeat: bool,
    verdicts: &Verdicts,
) -> Result<Vec<Outgoing>, Failed> {
    if answers.len() != open.len() {
        let (entries, answers) = (open.len(), answers.len());
        return Err(Failed::Broken(format!("PutEvents answered {answers} of {entries} entries")));
    }
    let (mut again, mut records, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (outgoing, answer) in open.into_iter().zip(answers) {
        let answer = match answer {
            Ok(event_id) => {
                let accepted = Accepted { event_id: event_id.clone(), repeated };
                shared.ledger().accepted(outgoing.sending, accepted, shared.clock.now());
                SentAnswer::Accepted { event_id, at_us: shared.clock.wall_us() }
            }
            Err(error) if may_repeat && may_pass(&error) => {
                if is_throttling(&error) {
                    shared.backend.event_bridge().throttled(PUT_EVENTS);
                }
                again.push(outgoing);
                continue;
            }
            Err(EntryError { code, message }) => {
                let reason = NotSent { code, message };
                refused.push(not_sent(outgoing.sending, &reason));
                SentAnswer::Refused(reason)
            }
        };
        records.push(sent_record(shared, &outgoing, sent, Some(answer))?);
    }
    shared.wake.notify_one();
    if !records.is_empty() {
        shared.store().write(records).await?;
    }
    for found in refused {
        // The finisher is gone only when the run has failed.
        drop(verdicts.send(found).await);
    }
    Ok(again)
}

/// Codes of entries that may be taken another time. Source: EventBridge API Reference, `PutEventsResultEntry`.
fn may_pass(error: &EntryError) -> bool {
    is_throttling(error)
        || matches!(error.code.as_str(), "InternalFailure" | "InternalException" | "ServiceUnavailable")
}

fn is_throttling(error: &EntryError) -> bool {
    error.code.starts_with("Throttling")
}

fn sent_record<K: Backend>(
    shared: &Shared<K>,
    outgoing: &Outgoing,
    sent: Moment,
    answer: Option<SentAnswer>,
) -> Result<Record, StoreError> {
    let Sending { event, attempt } = outgoing.sending;
    let content = SentEvent {
        scheduled_us: shared.clock.wall_us_at(outgoing.scheduled),
        at_us: shared.clock.wall_us_at(sent),
        answer,
    };
    shared.record(RecordKey::new(shared.run, Slot::Sent(event, attempt)), &content)
}

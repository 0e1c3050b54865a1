//! Adds messages to records that exist already.
//!
//! Such a record is read, changed and written back, and nobody else may change it meanwhile. One actor does that for all
//! receivers and takes everything that waits at once: one read and one write, however many messages there are, where a
//! lock would have each of them wait for the disk by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::backend::Backend;
use super::end::Failed;
use super::reading::read_keys;
use super::recorder::{body_of, recorded, sign};
use super::shared::Shared;
use crate::probe::arrival::Arrival;
use crate::probe::ledger::{About, Fact, Late};
use crate::probe::records::{FinalVerdict, Nothing, SeenCopy, Sign, Signs};
use crate::probe::token::Sending;
use crate::tracking::{Record, RecordContent, RecordKey, Slot, StoreError, TrackingStore};

/// Requests that are done together. What they hold is bounded by whoever asks, each for one answer at a time: a receiver
/// for at most ten messages of 1 MiB, and there are at most `receivers_max` of a queue; the poller for a piece of the parked
/// messages. Receivers have these messages in memory anyway. On top come the records that are read to be changed, of which
/// each has the texts of at most sixteen messages.
const MERGES_MAX: usize = 500;

/// Requests on their way.
pub(super) const QUEUE: usize = 500;

/// A message of a fact that has a record.
#[derive(Debug)]
pub(super) struct Addition {
    pub(super) fact: Fact,
    pub(super) arrival: Arrival,
    pub(super) late: Late,
}

/// Messages to add, and who waits until they are.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) additions: Vec<Addition>,
    pub(super) done: oneshot::Sender<Result<(), Failed>>,
}

/// Adds messages until `stop`; whoever may still ask has to be gone by then.
pub(super) async fn merge<K: Backend>(
    shared: Arc<Shared<K>>,
    mut merges: mpsc::Receiver<Merge>,
    stop: CancellationToken,
) {
    let mut some = Vec::new();
    loop {
        tokio::select! {
            biased;
            count = merges.recv_many(&mut some, MERGES_MAX) => if count == 0 { return },
            () = stop.cancelled() => return,
        }
        let added = add_all(&shared, &some).await;
        // Who was stopped waits no more; the messages are added all the same.
        some.drain(..).for_each(|merge| drop(merge.done.send(added.clone())));
    }
}

async fn add_all<K: Backend>(shared: &Shared<K>, merges: &[Merge]) -> Result<(), Failed> {
    let additions = || merges.iter().flat_map(|merge| &merge.additions);
    let keys: BTreeSet<RecordKey> = additions().flat_map(|addition| keys_of(shared, addition)).collect();
    let records = read_keys(shared, keys.into_iter().collect()).await?;
    let (mut changed, mut merged) = (BTreeMap::new(), Vec::new());
    for addition in additions() {
        let key = shared.key(addition.fact);
        let (record, found) =
            merged_record(shared, addition, changed.get(&key).or_else(|| records.get(&key)))?;
        changed.extend(record.map(|record| (key, record)));
        merged.push(found);
    }
    if !changed.is_empty() {
        shared.store().write(changed.into_values().collect()).await?;
    }
    for (addition, merged) in additions().zip(merged) {
        note(shared, addition, merged, &records)?;
    }
    Ok(())
}

/// What has to be read to add a message.
fn keys_of<K: Backend>(shared: &Shared<K>, addition: &Addition) -> impl Iterator<Item = RecordKey> {
    let verdict = (addition.late == Late::Yes).then(|| verdict_key(shared, addition.fact.sending));
    [shared.key(addition.fact)].into_iter().chain(verdict)
}

fn verdict_key<K: Backend>(shared: &Shared<K>, sending: Sending) -> RecordKey {
    RecordKey::new(shared.run, Slot::Verdict(sending.event, sending.attempt))
}

/// What a message was to the record of its fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Merged {
    /// It is in it already.
    Known,
    /// There was none.
    First,
    /// There were others.
    Further,
}

/// The record with the message, if that changes it.
fn merged_record<K: Backend>(
    shared: &Shared<K>,
    addition: &Addition,
    found: Option<&Record>,
) -> Result<(Option<Record>, Merged), StoreError> {
    let Addition { fact, arrival, late } = addition;
    match fact.about {
        About::Seen => {
            let copy = SeenCopy { event: arrival.body.clone() };
            with_sign(shared, *fact, found, sign(shared, arrival, *late, copy))
        }
        About::Receipt(_) => with_sign(shared, *fact, found, sign(shared, arrival, *late, Nothing {})),
        About::Body(_) => {
            with_sign(shared, *fact, found, sign(shared, arrival, *late, body_of(arrival, false, None)))
        }
    }
}

fn with_sign<K: Backend, T>(
    shared: &Shared<K>,
    fact: Fact,
    found: Option<&Record>,
    sign: Sign<T>,
) -> Result<(Option<Record>, Merged), StoreError>
where
    Signs<T>: RecordContent,
{
    let (content, merged) = match found {
        None => (Signs::first(sign), Merged::First),
        Some(record) => {
            let mut signs: Signs<T> = record.content()?;
            let merged = if signs.add(sign) { Merged::Further } else { Merged::Known };
            (signs, merged)
        }
    };
    let changed = merged != Merged::Known;
    let record = changed.then(|| shared.record(shared.key(fact), &content)).transpose()?;
    Ok((record, merged))
}

/// The record with the message is durable.
fn note<K: Backend>(
    shared: &Shared<K>,
    addition: &Addition,
    merged: Merged,
    records: &BTreeMap<RecordKey, Record>,
) -> Result<(), StoreError> {
    match addition.late {
        Late::No => {
            if merged == Merged::Further {
                shared.tally().duplicates += 1;
            }
            recorded(shared, addition.fact, Late::No);
        }
        Late::Yes if merged == Merged::Known => {}
        Late::Yes => {
            let verdict = records.get(&verdict_key(shared, addition.fact.sending));
            let verdict: Option<FinalVerdict> = verdict.map(Record::content).transpose()?;
            note_late(shared, addition.fact, merged, verdict.as_ref());
        }
    }
    Ok(())
}

/// A message came after its event's verdict, and may contradict it.
fn note_late<K: Backend>(shared: &Shared<K>, fact: Fact, merged: Merged, verdict: Option<&FinalVerdict>) {
    let mirror = match fact.about {
        About::Seen => None,
        About::Receipt(mirror) => Some(mirror),
        About::Body(pair) => Some(shared.mirrored.mirror_of(pair)),
    };
    let contradicts =
        mirror.zip(verdict).is_some_and(|(mirror, verdict)| verdict.is_contradicted_by(mirror.0));
    let mut tally = shared.tally();
    tally.late += 1;
    tally.duplicates += u64::from(merged == Merged::Further);
    if contradicts {
        tally.contradict(fact.sending.event);
    }
}

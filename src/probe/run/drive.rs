//! Starts the actors of a run, and ends them in order.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::backend::Backend;
use super::driver::Driver;
use super::end::{Failed, RunEnd};
use super::observer;
use super::planner::plan;
use super::resume::{Left, resume};
use super::shared::{Found, Inboxes, Shared};
use super::{asker, collector, finisher, merger, poller, reader, resender, sender};
use crate::probe::Layout;
use crate::probe::mirrored_bus::MirroredBus;
use crate::probe::records::{Given, MirrorNames, PlannedEvent, RunPart, RunRecord, RunState};
use crate::probe::tally::Tally;
use crate::probe::token::Sending;
use crate::tracking::{Attempt, EventNumber, RecordKey, RunId, Slot, StoreError, TrackingStore};

/// What was done, and what it came to.
#[derive(Debug)]
pub struct Part {
    /// How it ended.
    pub end: RunEnd,
    /// The run as it is written down now.
    pub record: RunRecord,
    /// What the whole run adds up to, earlier parts included.
    pub tally: Tally,
}

/// Plans `events` and sends them.
pub async fn run<K: Backend>(
    driver: Driver<K>,
    run: RunId,
    given: Given,
    events: impl Iterator<Item = PlannedEvent>,
) -> Part {
    let record = RunRecord {
        state: RunState::Planning,
        given,
        bus: driver.mirrored.bus().to_string(),
        testbed: driver.mirrored.layout().name().to_string(),
        digest: driver.mirrored.layout().digest(),
        mirrors: mirror_names(&driver.mirrored),
        events: 0,
        parts: Vec::new(),
    };
    plan_and_send(driver, run, record, events).await
}

/// Goes on with a run that is written down as `record`. `events` are those that it was given, needed only if it was
/// stopped before all of them had been written down: nothing has been sent then.
pub async fn redrive<K: Backend>(
    driver: Driver<K>,
    run: RunId,
    record: RunRecord,
    events: impl Iterator<Item = PlannedEvent>,
) -> Part {
    if record.state == RunState::Planning {
        return plan_and_send(driver, run, record, events).await;
    }
    let record = RunRecord { state: RunState::Sending, ..record };
    // A process that was killed may have received messages and not deleted them.
    let mut begun = Begun::new(driver, run, record, Layout::VISIBILITY_TIMEOUT);
    let ended = match begun.write_record().await {
        Ok(()) => resume(&begun.shared).await,
        Err(error) => Err(Failed::Store(error)),
    };
    match ended {
        Ok(left) => begun.drive(left.sendings.clone().into_iter(), left).await,
        Err(failed) => begun.shared.fail(failed),
    }
    begun.end().await
}

async fn plan_and_send<K: Backend>(
    driver: Driver<K>,
    run: RunId,
    record: RunRecord,
    events: impl Iterator<Item = PlannedEvent>,
) -> Part {
    let mut begun = Begun::new(driver, run, record, Duration::ZERO);
    match begun.plan(events).await {
        Ok(true) => {
            let sendings = (0..begun.record.events).filter_map(EventNumber::new);
            let sendings = sendings.map(|event| Sending { event, attempt: Attempt::FIRST });
            begun.drive(sendings, Left::default()).await;
        }
        Ok(false) => {}
        Err(failed) => begun.shared.fail(failed),
    }
    begun.end().await
}

fn mirror_names(mirrored: &MirroredBus) -> Vec<MirrorNames> {
    let mirrors = mirrored.layout().mirrors().iter();
    mirrors
        .map(|mirror| MirrorNames {
            rule: mirror.display_name.clone(),
            targets: mirror.targets.iter().filter_map(|target| target.stands_for.clone()).collect(),
        })
        .collect()
}

/// A part of a run that is under way.
struct Begun<K> {
    shared: Arc<Shared<K>>,
    record: RunRecord,
    inboxes: Option<Inboxes>,
    /// Cancelled from outside; the actors' own token is its child.
    stop: CancellationToken,
}

impl<K: Backend> Begun<K> {
    /// `hidden` is how long messages may still be hidden from us.
    fn new(driver: Driver<K>, run: RunId, mut record: RunRecord, hidden: Duration) -> Begun<K> {
        let (stop, clock) = (driver.stop.clone(), driver.clock);
        record.parts.push(RunPart { started_us: clock.wall_us(), ended_us: None, end: None });
        let (shared, inboxes) = Shared::new(driver, run, clock.now() + hidden);
        Begun { shared: Arc::new(shared), record, inboxes: Some(inboxes), stop }
    }

    async fn write_record(&self) -> Result<(), StoreError> {
        let record = self.shared.record(RecordKey::new(self.shared.run, Slot::Run), &self.record)?;
        self.shared.store().write(vec![record]).await
    }

    /// Writes the plan down; whether all of it was.
    async fn plan(&mut self, events: impl Iterator<Item = PlannedEvent>) -> Result<bool, Failed> {
        self.write_record().await?;
        let Some(events) = plan(&self.shared, events).await? else { return Ok(false) };
        self.record.events = events;
        self.record.state = RunState::Sending;
        self.write_record().await?;
        Ok(true)
    }

    /// Sends, collects and judges, until every event has its verdict or the run stops.
    async fn drive(&mut self, sendings: impl Iterator<Item = Sending> + Send + 'static, left: Left) {
        let shared = &self.shared;
        let (judging, collecting) = (CancellationToken::new(), CancellationToken::new());
        let (planned_to, planned) = mpsc::channel(reader::AHEAD);
        let (verdicts_to, verdicts) = mpsc::channel(finisher::QUEUE);
        let (doubts_to, doubts) =
            mpsc::channel(shared.options.in_flight_max.max(shared.ledger().in_flight()).max(1));
        let mut actors = JoinSet::new();
        for queue in shared.mirrored.layout().destinations() {
            actors.spawn(collector::collect(Arc::clone(shared), queue, collecting.clone()));
        }
        actors.spawn(poller::poll(Arc::clone(shared), doubts_to, verdicts_to.clone(), judging.clone()));
        actors.spawn(asker::ask(Arc::clone(shared), doubts, verdicts_to.clone(), judging.clone()));
        let (merging, mut merger) = (CancellationToken::new(), JoinSet::new());
        if let Some(Inboxes { again, merges }) = self.inboxes.take() {
            actors.spawn(resender::resend(Arc::clone(shared), again, verdicts_to.clone(), judging.clone()));
            merger.spawn(merger::merge(Arc::clone(shared), merges, merging.clone()));
        }
        let (reporting, mut reporter) = (CancellationToken::new(), JoinSet::new());
        reporter.spawn(observer::report(Arc::clone(shared), reporting.clone()));
        actors.spawn(reader::read(Arc::clone(shared), sendings, planned_to, verdicts_to.clone()));
        let mut finisher = JoinSet::new();
        finisher.spawn(finisher::finish(Arc::clone(shared), verdicts));
        let mut sender = JoinSet::new();
        sender.spawn(sender::send(Arc::clone(shared), planned, verdicts_to.clone()));

        for found in left.verdicts {
            hand_over(shared, &verdicts_to, found).await;
        }
        drop(verdicts_to);
        join(shared, sender).await;
        all_judged(shared).await;
        tokio::select! {
            biased;
            () = shared.stop.cancelled() => {}
            () = sleep(shared.options.linger) => {}
        }
        judging.cancel();
        join(shared, finisher).await;
        collecting.cancel();
        join(shared, actors).await;
        merging.cancel();
        join(shared, merger).await;
        reporting.cancel();
        join(shared, reporter).await;
    }

    /// Writes down how it ended.
    async fn end(mut self) -> Part {
        let tally = self.shared.tally().clone();
        let mut end = match self.shared.failure() {
            Some(failed) => RunEnd::Incomplete(failed),
            None if self.stop.is_cancelled() => RunEnd::Interrupted,
            None => RunEnd::Complete,
        };
        self.note_end(&end);
        if let Err(error) = self.write_record().await
            && !matches!(end, RunEnd::Incomplete(_))
        {
            end = RunEnd::Incomplete(Failed::Store(error));
            self.note_end(&end);
        }
        Part { end, record: self.record, tally }
    }

    fn note_end(&mut self, end: &RunEnd) {
        self.record.state = match (end, self.record.state) {
            (RunEnd::Complete, _) => RunState::Finished,
            (_, RunState::Planning) => RunState::Planning,
            (_, RunState::Sending | RunState::Finished) => RunState::Sending,
        };
        if let Some(part) = self.record.parts.last_mut() {
            part.ended_us = Some(self.shared.clock.wall_us());
            part.end = Some(end.to_string());
        }
    }
}

async fn hand_over<K: Backend>(shared: &Shared<K>, verdicts: &mpsc::Sender<Found>, found: Found) {
    tokio::select! {
        biased;
        () = shared.stop.cancelled() => {}
        // The finisher is gone only when the run has failed.
        sent = verdicts.send(found) => drop(sent),
    }
}

/// Waits until no event is in flight, or the run stops.
async fn all_judged<K: Backend>(shared: &Shared<K>) {
    loop {
        let room = shared.room.notified();
        if shared.ledger().in_flight() == 0 {
            return;
        }
        tokio::select! {
            biased;
            () = shared.stop.cancelled() => return,
            () = room => {}
        }
    }
}

/// Waits for actors to end; one that broke fails the run.
async fn join<K: Backend>(shared: &Shared<K>, mut actors: JoinSet<()>) {
    while let Some(ended) = actors.join_next().await {
        if let Err(error) = ended {
            shared.fail(Failed::Broken(error.to_string()));
        }
    }
}

//! Sends some events through a testbed, beside the sampling.
//!
//! Only a bus can say what targets get. A testbed carries one run at a time, and the verdict on an event that no rule
//! matches takes until its deadline; so events wait while a run is under way and are the next one together. What there is
//! no room for is dropped and counted, and the threads that judge never wait.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::rules::Ruling;
use crate::probe::{PlannedEvent, Tally};
use crate::report::{ProbedCode, ProbedReport};
use crate::sampling::Ratio;
use crate::telemetry::{Counter, Registry, table};

/// Events of a run, and events that wait for the next one.
const EVENTS_MAX: usize = 500;
/// Bytes of both. A run holds its events several times: as planned, as seen, and their bodies.
const BYTES_MAX: usize = 8 << 20;
/// How long events gather before a run begins, so that the first one does not take all the time for itself.
const GATHERED_FOR: Duration = Duration::from_secs(1);
/// The same behind a run that failed.
const RETRIED_AFTER: Duration = Duration::from_secs(10);
/// How often it is looked whether the sample has ended.
const END_CHECK_INTERVAL: Duration = Duration::from_millis(20);
/// Codes that are told of. There are not many more.
const CODES_MAX: usize = 50;

/// Takes events from threads that judge.
#[derive(Debug, Clone)]
pub struct Probing {
    ratio: Ratio,
    events: SyncSender<Box<[u8]>>,
    shared: Arc<Shared>,
}

/// Sends them, in a thread of its own.
#[derive(Debug)]
pub struct Prober {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
    stop: CancellationToken,
}

/// What a run through the testbed came to.
#[derive(Debug)]
pub struct ProbeRun {
    /// Its counts.
    pub tally: Tally,
    /// Why events have no verdict, or why results could not be written.
    pub failure: Option<String>,
}

#[derive(Debug)]
struct Shared {
    /// The rules that the testbed mirrors.
    ruling: Arc<Ruling>,
    registry: Arc<Registry>,
    counts: Counts,
    held_bytes: AtomicUsize,
    ending: AtomicBool,
    told: Mutex<Told>,
}

#[derive(Debug)]
struct Counts {
    delivered: Counter,
    unmatched: Counter,
    errored: Counter,
    refused: Counter,
    stale: Counter,
    dropped: Counter,
    open: Counter,
}

#[derive(Debug, Default)]
struct Told {
    codes: BTreeMap<String, ProbedCode>,
    disagreed: u64,
    failure: Option<String>,
}

impl Probing {
    /// Takes an event that `ruling` judged, if it is among those that are sent and there is room. Waits for nothing.
    pub(super) fn offer(&self, event: &[u8], ruling: &Arc<Ruling>, random: &mut fastrand::Rng) {
        if random.f64() >= self.ratio.get() {
            return;
        }
        let Shared { counts, held_bytes, .. } = &*self.shared;
        if !Arc::ptr_eq(ruling, &self.shared.ruling) {
            return counts.stale.add(1);
        }
        if held_bytes.load(Ordering::Relaxed) + event.len() > BYTES_MAX {
            return counts.dropped.add(1);
        }
        held_bytes.fetch_add(event.len(), Ordering::Relaxed);
        if self.events.try_send(event.into()).is_err() {
            held_bytes.fetch_sub(event.len(), Ordering::Relaxed);
            counts.dropped.add(1);
        }
    }
}

impl Prober {
    /// Starts to send that part of the events through the testbed that mirrors the rules of `ruling`. `send` makes a run of
    /// some events, which ends early once `stop` is cancelled.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn start(
        ratio: Ratio,
        ruling: Arc<Ruling>,
        stop: CancellationToken,
        mut send: impl FnMut(Vec<PlannedEvent>) -> ProbeRun + Send + 'static,
        registry: &Arc<Registry>,
    ) -> io::Result<(Prober, Probing)> {
        let count = |outcome| registry.series(&table::SAMPLE_PROBES, [outcome]);
        let shared = Arc::new(Shared {
            ruling,
            registry: Arc::clone(registry),
            counts: Counts {
                delivered: count("delivered"),
                unmatched: count("unmatched"),
                errored: count("errored"),
                refused: count("refused"),
                stale: count("stale"),
                dropped: count("dropped"),
                open: count("open"),
            },
            held_bytes: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
            told: Mutex::default(),
        });
        let (events, offered) = sync_channel(EVENTS_MAX);
        let (noted, stopped) = (Arc::clone(&shared), stop.clone());
        let thread = thread::Builder::new().name("probe".to_owned()).spawn(move || {
            let mut patience = GATHERED_FOR;
            while let Some(events) = gather(&offered, &noted, patience) {
                let bytes = events.iter().map(|event| event.len()).sum();
                let events = noted.sendable(&events);
                let count = events.len() as u64;
                if stopped.is_cancelled() {
                    noted.counts.open.add(count);
                } else if count > 0 {
                    let run = send(events);
                    patience = if run.failure.is_some() { RETRIED_AFTER } else { GATHERED_FOR };
                    noted.note(run, count);
                }
                noted.held_bytes.fetch_sub(bytes, Ordering::Relaxed);
            }
        })?;
        Ok((Prober { shared: Arc::clone(&shared), thread, stop }, Probing { ratio, events, shared }))
    }

    /// Waits until all events that were taken have their verdicts; once `is_stopped`, no longer than `grace`. What came of
    /// it all.
    pub fn finish(self, is_stopped: impl Fn() -> bool, grace: Duration) -> ProbedReport {
        let Prober { shared, thread, stop } = self;
        shared.ending.store(true, Ordering::Relaxed);
        let mut stopped_at = None;
        while !thread.is_finished() {
            if is_stopped() && stopped_at.get_or_insert_with(Instant::now).elapsed() >= grace {
                stop.cancel();
            }
            thread::sleep(END_CHECK_INTERVAL);
        }
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let told = std::mem::take(&mut *shared.told.lock().unwrap_or_else(PoisonError::into_inner));
        let Counts { delivered, unmatched, errored, refused, stale, dropped, open } = &shared.counts;
        ProbedReport {
            delivered: delivered.total(),
            unmatched: unmatched.total(),
            errored: errored.total(),
            codes: told.codes.into_values().collect(),
            disagreed: told.disagreed,
            refused: refused.total(),
            stale: stale.total(),
            dropped: dropped.total(),
            open: open.total(),
            failure: told.failure,
        }
    }
}

/// The events of the next run; none once the sample has ended and nothing waits.
fn gather(offered: &Receiver<Box<[u8]>>, shared: &Shared, patience: Duration) -> Option<Vec<Box<[u8]>>> {
    let (mut events, begun) = (Vec::new(), Instant::now());
    loop {
        // Looked at first: what was offered before it is still found.
        let is_ending = shared.ending.load(Ordering::Relaxed);
        match offered.recv_timeout(END_CHECK_INTERVAL) {
            Ok(event) => events.push(event),
            Err(RecvTimeoutError::Timeout) if !is_ending => {}
            Err(_) => return (!events.is_empty()).then_some(events),
        }
        if events.len() == EVENTS_MAX || (!is_ending && !events.is_empty() && begun.elapsed() >= patience) {
            return Some(events);
        }
    }
}

impl Shared {
    /// The events that can be put on a bus.
    fn sendable(&self, events: &[Box<[u8]>]) -> Vec<PlannedEvent> {
        let planned = events.iter().map(|event| PlannedEvent::of(event, "sample".to_owned()));
        let sendable: Vec<PlannedEvent> = planned.filter(|planned| planned.entry.is_ok()).collect();
        self.counts.refused.add((events.len() - sendable.len()) as u64);
        sendable
    }

    fn note(&self, run: ProbeRun, events: u64) {
        let ProbeRun { tally, failure } = run;
        self.counts.delivered.add(tally.delivered);
        self.counts.unmatched.add(tally.unmatched);
        self.counts.errored.add(tally.errored);
        self.counts.open.add(events.saturating_sub(tally.judged()));
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.disagreed += tally.disagreements + tally.late_disagreements();
        told.failure = failure.or(told.failure.take());
        for (code, counted) in tally.codes {
            self.registry.series(&table::SAMPLE_PROBE_ERRORS, [&code]).add(counted.events);
            if let Some(known) = told.codes.get_mut(&code) {
                known.events += counted.events;
            } else if told.codes.len() < CODES_MAX {
                let fresh =
                    ProbedCode { code: code.clone(), events: counted.events, message: counted.message };
                told.codes.insert(code, fresh);
            }
        }
    }
}

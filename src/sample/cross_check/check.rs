//! Takes questions, and has them asked.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::asker::Asker;
use crate::calls::CallPolicy;
use crate::matcher::RuleIndex;
use crate::parity::ASKED_BYTES_MAX;
use crate::probe::PatternTester;
use crate::report::{CrossCheckReport, ParityDisagreement};
use crate::sample::rules::Ruling;
use crate::sampling::Ratio;
use crate::telemetry::{Counter, Registry, table};

/// Questions that wait or are being asked: those of some seconds.
const WAITING_MAX: usize = 64;
/// Questions that are asked at once.
const AT_ONCE: usize = 8;
/// How often it is looked whether the run has ended.
const END_CHECK_INTERVAL: Duration = Duration::from_millis(20);

/// Takes questions from threads that judge.
#[derive(Debug, Clone)]
pub struct CrossCheck {
    ratio: Ratio,
    questions: SyncSender<Question>,
    shared: Arc<Shared>,
}

/// Asks them, in a thread of its own.
#[derive(Debug)]
pub struct CrossChecker {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

/// Where questions go.
#[derive(Debug)]
pub struct Asking<T> {
    /// Who answers.
    pub tester: T,
    /// Limits calls.
    pub calls: CallPolicy,
    /// Where answers are from, for people, as in `TestEventPattern in eu-west-1`.
    pub source: String,
}

#[derive(Debug)]
pub(super) struct Question {
    pub(super) ruling: Arc<Ruling>,
    pub(super) event: Box<[u8]>,
    pub(super) matching: Box<[RuleIndex]>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) counts: Counts,
    pub(super) waiting: AtomicUsize,
    ending: AtomicBool,
    told: Mutex<Told>,
}

#[derive(Debug)]
pub(super) struct Counts {
    pub(super) agreed: Counter,
    pub(super) disagreed: Counter,
    pub(super) failed: Counter,
    dropped: Counter,
    pub(super) refused: Counter,
}

#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) disagreements: Vec<ParityDisagreement>,
    pub(super) failure: Option<String>,
}

impl Shared {
    pub(super) fn tell(&self, tell: impl FnOnce(&mut Told)) {
        tell(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl CrossCheck {
    /// Asks about an event that `ruling` judged, if it is among those that are asked about and there is room. Waits for
    /// nothing.
    pub(in crate::sample) fn offer(
        &self,
        event: &[u8],
        matched: &[RuleIndex],
        ruling: &Arc<Ruling>,
        random: &mut fastrand::Rng,
    ) {
        if random.f64() >= self.ratio.get() {
            return;
        }
        let Shared { counts, waiting, .. } = &*self.shared;
        // Before anything is made of it: with a full queue an event costs next to nothing.
        if event.len() > ASKED_BYTES_MAX {
            return counts.refused.add(1);
        }
        if waiting.load(Ordering::Relaxed) >= WAITING_MAX {
            return counts.dropped.add(1);
        }
        let question = Question { ruling: Arc::clone(ruling), event: event.into(), matching: matched.into() };
        waiting.fetch_add(1, Ordering::Relaxed);
        if self.questions.try_send(question).is_err() {
            waiting.fetch_sub(1, Ordering::Relaxed);
            counts.dropped.add(1);
        }
    }
}

impl CrossChecker {
    /// Starts to ask about so many of the events. Pattern and event of disagreements go to `bundle`.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn start<T: PatternTester + 'static>(
        ratio: Ratio,
        asking: Asking<T>,
        bundle: Option<Box<dyn Write + Send>>,
        registry: &Registry,
    ) -> io::Result<(CrossChecker, CrossCheck)> {
        let count = |outcome| registry.series(&table::CROSS_CHECKS, [outcome]);
        let shared = Arc::new(Shared {
            counts: Counts {
                agreed: count("agreed"),
                disagreed: count("disagreed"),
                failed: count("failed"),
                dropped: count("dropped"),
                refused: count("refused"),
            },
            waiting: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
            told: Mutex::default(),
        });
        let (questions, asked) = sync_channel(WAITING_MAX);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut asker = Asker::new(asking, bundle, Arc::clone(&shared));
        let ending = Arc::clone(&shared);
        let thread = thread::Builder::new().name("cross-check".to_owned()).spawn(move || {
            while let Some(questions) = next(&asked, &ending.ending) {
                asker.ask(questions, &runtime);
            }
        })?;
        let check = CrossCheck { ratio, questions, shared: Arc::clone(&shared) };
        Ok((CrossChecker { shared, thread }, check))
    }

    /// Waits until all that waits is answered, but no longer than `grace`; what came of it all.
    pub fn finish(self, grace: Duration) -> CrossCheckReport {
        let CrossChecker { shared, thread } = self;
        shared.ending.store(true, Ordering::Relaxed);
        let deadline = Instant::now() + grace;
        while !thread.is_finished() && Instant::now() < deadline {
            thread::sleep(END_CHECK_INTERVAL);
        }
        if thread.is_finished() {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
        let waiting = shared.waiting.load(Ordering::Relaxed);
        shared.counts.dropped.add(u64::try_from(waiting).unwrap_or(u64::MAX));
        let told = std::mem::take(&mut *shared.told.lock().unwrap_or_else(PoisonError::into_inner));
        let Counts { agreed, disagreed, failed, dropped, refused } = &shared.counts;
        CrossCheckReport {
            agreed: agreed.total(),
            disagreed: disagreed.total(),
            disagreements: told.disagreements,
            failed: failed.total(),
            failure: told.failure,
            dropped: dropped.total(),
            refused: refused.total(),
        }
    }
}

/// The next questions; none once the run has ended and nothing waits.
fn next(questions: &Receiver<Question>, ending: &AtomicBool) -> Option<Vec<Question>> {
    loop {
        // Looked at first: what was sent before it is still found.
        let is_ending = ending.load(Ordering::Relaxed);
        match questions.recv_timeout(END_CHECK_INTERVAL) {
            Ok(first) => {
                return Some([first].into_iter().chain(questions.try_iter()).take(AT_ONCE).collect());
            }
            Err(RecvTimeoutError::Timeout) if !is_ending => {}
            Err(_) => return None,
        }
    }
}

//! Holds some verdicts against those of `TestEventPattern`, beside the sampling.
//!
//! AWS answers some fifty questions a second, for the whole account, and an answer takes as long as it takes. So questions
//! wait in a queue of fixed length, and what does not fit is dropped and counted; the threads that judge never wait. Of
//! each event one rule is asked about, and answers are compared as by `parity`, by the same code.
//!
//! A thread that judges copies the bytes of an event and no more: whether AWS would take it is looked at where it is asked.
//! Events that are longer than AWS takes are not even copied, so what waits is bounded in bytes as well.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_util::StreamExt;

use super::queue::SeenIds;
use super::rules::Ruling;
use crate::calls::{CallError, CallPolicy};
use crate::matcher::RuleIndex;
use crate::parity::{ASKED_BYTES_MAX, Compared, Known, Pair, SampledEvent, answers, case_id, pair_for};
use crate::probe::PatternTester;
use crate::report::{CrossCheckReport, OurAnswer, ParityDisagreement, RecordedCase, write_case};
use crate::sampling::Ratio;
use crate::telemetry::{Counter, Registry, table};

/// Questions that wait or are being asked: those of some seconds.
const WAITING_MAX: usize = 64;
/// Questions that are asked at once.
const AT_ONCE: usize = 8;
/// Answers that are remembered, in case the same event comes again, and the bytes of what they are about.
const KNOWN_MAX: usize = 1_000;
const KNOWN_BYTES_MAX: usize = 8 << 20;
/// Disagreements that are named.
const NAMED_MAX: usize = 100;
/// Disagreements that are known when they come again.
const WRITTEN_MAX: usize = 10_000;
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
struct Question {
    ruling: Arc<Ruling>,
    event: Box<[u8]>,
    matching: Box<[RuleIndex]>,
}

#[derive(Debug)]
struct Shared {
    counts: Counts,
    waiting: AtomicUsize,
    ending: AtomicBool,
    told: Mutex<Told>,
}

#[derive(Debug)]
struct Counts {
    agreed: Counter,
    disagreed: Counter,
    failed: Counter,
    dropped: Counter,
    refused: Counter,
}

#[derive(Debug, Default)]
struct Told {
    disagreements: Vec<ParityDisagreement>,
    failure: Option<String>,
}

impl CrossCheck {
    /// Asks about an event that `ruling` judged, if it is among those that are asked about and there is room. Waits for
    /// nothing.
    pub(super) fn offer(
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
        let Asking { tester, calls, source } = asking;
        let written = SeenIds::new(WRITTEN_MAX);
        let notes = Notes { shared: Arc::clone(&shared), bundle, source, written };
        let mut asker = Asker { tester, calls, known: Known::default(), notes, random: fastrand::Rng::new() };
        let thread = thread::Builder::new().name("cross-check".to_owned()).spawn(move || {
            while let Some(questions) = next(&asked, &asker.notes.shared.ending) {
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

/// The thread's part.
struct Asker<T> {
    tester: T,
    calls: CallPolicy,
    known: Known,
    notes: Notes,
    random: fastrand::Rng,
}

impl<T: PatternTester> Asker<T> {
    fn ask(&mut self, questions: Vec<Question>, runtime: &tokio::runtime::Runtime) {
        // Rules may have been exchanged in between.
        let mut groups: Vec<(Arc<Ruling>, Vec<SampledEvent>)> = Vec::new();
        for Question { ruling, event, matching } in questions {
            let matching = matching.iter().map(|rule| rule.0 as usize).collect();
            let Some(event) = SampledEvent::new(&event, matching, 0) else {
                self.notes.refused();
                continue;
            };
            match groups.last_mut().filter(|(known, _)| Arc::ptr_eq(known, &ruling)) {
                Some((_, events)) => events.push(event),
                None => groups.push((ruling, vec![event])),
            }
        }
        groups.into_iter().for_each(|(ruling, events)| self.ask_of(&ruling, events, runtime));
    }

    fn ask_of(&mut self, ruling: &Ruling, events: Vec<SampledEvent>, runtime: &tokio::runtime::Runtime) {
        let count = events.len();
        let (patterns, random) = (ruling.patterns(), &mut self.random);
        let pairs: Vec<Pair> = events
            .into_iter()
            .filter_map(|event| pair_for(event, patterns, ruling.profile(), random))
            .collect();
        if self.known.count() > KNOWN_MAX || self.known.bytes() > KNOWN_BYTES_MAX {
            self.known = Known::default();
        }
        let texts: Vec<&str> = ruling.written().iter().map(|rule| rule.pattern.as_str()).collect();
        let answered = runtime
            .block_on(answers(&self.tester, &self.calls, &texts, &pairs, &self.known).collect::<Vec<_>>());
        for (pair, answer) in answered {
            match answer {
                Ok(answer) => {
                    self.known.add(texts[pair.rule], &pair.event.text, answer.says);
                    self.notes.compared(&Compared { pair, answer }, ruling);
                }
                Err(error) => self.notes.failed(&error),
            }
        }
        self.notes.shared.waiting.fetch_sub(count, Ordering::Relaxed);
    }
}

/// Where answers are noted.
struct Notes {
    shared: Arc<Shared>,
    bundle: Option<Box<dyn Write + Send>>,
    source: String,
    /// Disagreements that were told.
    written: SeenIds,
}

impl Notes {
    fn compared(&mut self, compared: &Compared<'_>, ruling: &Ruling) {
        if compared.agrees() {
            return self.shared.counts.agreed.add(1);
        }
        self.shared.counts.disagreed.add(1);
        let Pair { rule, event } = compared.pair;
        let Some(written) = ruling.written().get(*rule) else { return };
        let name = &*ruling.set().rules()[*rule].display_name;
        let id = case_id(&written.name, &written.pattern, &event.text);
        if self.written.contains(&id) {
            return;
        }
        self.written.note(&id);
        let (aws, ours) = (compared.answer.says.as_str(), compared.ours().as_str());
        let case = RecordedCase {
            id: &id,
            pattern: &written.pattern,
            event: &event.text,
            expect: aws,
            source: &self.source,
            ours: Some(OurAnswer { answered: ours, rule: name, ruleproof: env!("CARGO_PKG_VERSION") }),
        };
        if let Some(bundle) = &mut self.bundle
            && let Err(error) = write_case(&case, bundle).and_then(|()| bundle.flush())
        {
            self.bundle = None;
            self.told(|told| told.failure = Some(error.to_string()));
        }
        let disagreement =
            ParityDisagreement { id: id.clone(), rule: name.to_owned(), at: written.at.clone(), aws, ours };
        self.told(|told| {
            if told.disagreements.len() < NAMED_MAX {
                told.disagreements.push(disagreement);
            }
        });
    }

    fn refused(&self) {
        self.shared.counts.refused.add(1);
        self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    fn failed(&self, error: &CallError) {
        self.shared.counts.failed.add(1);
        self.told(|told| told.failure = Some(error.to_string()));
    }

    fn told(&self, tell: impl FnOnce(&mut Told)) {
        tell(&mut self.shared.told.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

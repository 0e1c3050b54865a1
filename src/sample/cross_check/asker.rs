//! Asks, and notes what is answered.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::StreamExt;

use super::check::{Asking, Question, Shared};
use crate::calls::{CallError, CallPolicy};
use crate::parity::{Compared, Known, Pair, SampledEvent, answers, case_id, pair_for};
use crate::probe::PatternTester;
use crate::report::{OurAnswer, ParityDisagreement, RecordedCase, write_case};
use crate::sample::queue::SeenIds;
use crate::sample::rules::Ruling;

/// Answers that are remembered, in case the same event comes again, and the bytes of what they are about.
const KNOWN_MAX: usize = 1_000;
const KNOWN_BYTES_MAX: usize = 8 << 20;
/// Disagreements that are named.
const NAMED_MAX: usize = 100;
/// Disagreements that are known when they come again.
const WRITTEN_MAX: usize = 10_000;

/// What the thread that asks has.
pub(super) struct Asker<T> {
    tester: T,
    calls: CallPolicy,
    known: Known,
    notes: Notes,
    random: fastrand::Rng,
}

impl<T: PatternTester> Asker<T> {
    pub(super) fn new(
        asking: Asking<T>,
        bundle: Option<Box<dyn Write + Send>>,
        shared: Arc<Shared>,
    ) -> Asker<T> {
        let Asking { tester, calls, source } = asking;
        let notes = Notes { shared, bundle, source, written: SeenIds::new(WRITTEN_MAX) };
        Asker { tester, calls, known: Known::default(), notes, random: fastrand::Rng::new() }
    }

    pub(super) fn ask(&mut self, questions: Vec<Question>, runtime: &tokio::runtime::Runtime) {
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
            self.shared.tell(|told| told.failure = Some(error.to_string()));
        }
        let disagreement =
            ParityDisagreement { id: id.clone(), rule: name.to_owned(), at: written.at.clone(), aws, ours };
        self.shared.tell(|told| {
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
        self.shared.tell(|told| told.failure = Some(error.to_string()));
    }
}

//! Keeps one redacted example of each shape of events and verdict.
//!
//! Each thread knows the shapes that it has seen, so that an event costs a look at its fields, and only the first of its
//! shape more. Examples are handed on with their batches and kept in the order of the events, so that it does not depend
//! on threads which of them are. What is kept never holds more than was redacted, in memory too.
//!
//! What is redacted depends on what the rules look at. So examples are those of one set of rules: once events come that
//! exchanged rules judged, the ones from before are forgotten.

use std::collections::HashSet;
use std::sync::Arc;

use super::rules::Ruling;
use crate::json::{Value, tree};
use crate::matcher::RuleIndex;
use crate::replay::Outcome;
use crate::report::TapReport;
use crate::sampling::tap::{FieldRule, LookedAt, PseudonymKey, Redactor, Shape};
use crate::verdict::{Code, Errored, JudgeScratch, Matches, RuleSet, TargetIndex, Verdict, judge};

/// Longer events are passed over: nobody reads a test with them.
const EVENT_BYTES_MAX: usize = 64 << 10;
/// Likewise if they are so long in lines: white space before deep values grows with the square of the depth.
const LINES_BYTES_MAX: usize = 256 << 10;

/// What is kept of events.
#[derive(Debug)]
pub struct TapOptions {
    /// At most so many examples.
    pub examples_max: usize,
    /// Makes pseudonyms.
    pub key: PseudonymKey,
    /// What becomes of single fields.
    pub rules: Vec<FieldRule>,
}

/// An event that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TappedEvent {
    /// Its shape and verdict.
    pub shape: Shape,
    /// Its `detail-type`, if it has one that is text.
    pub detail_type: Option<String>,
    /// Its `source`, likewise.
    pub source: Option<String>,
    /// Its JSON text, for people.
    pub event: String,
}

/// What a batch has for examples.
#[derive(Debug, Default)]
pub(super) struct TapTally {
    examples: Vec<TappedEvent>,
    no_room: u64,
    too_long: u64,
    changed: u64,
}

/// One thread's part.
pub(super) struct Tapping {
    options: Arc<TapOptions>,
    redactor: Redactor,
    known: HashSet<Shape>,
    scratch: JudgeScratch,
}

impl Tapping {
    /// For events that `ruling` judges.
    pub(super) fn new(options: &Arc<TapOptions>, ruling: &Ruling) -> Tapping {
        let looked_at = LookedAt::by(ruling.patterns());
        Tapping {
            options: Arc::clone(options),
            redactor: Redactor::new(options.key.clone(), options.rules.clone(), looked_at),
            known: HashSet::new(),
            scratch: JudgeScratch::default(),
        }
    }

    /// Notes an event that was judged.
    pub(super) fn event(
        &mut self,
        event: &[u8],
        outcome: Outcome,
        matched: &[RuleIndex],
        set: &RuleSet,
        tally: &mut TapTally,
    ) {
        if event.len() > EVENT_BYTES_MAX {
            tally.too_long += 1;
            return;
        }
        let Ok(root) = tree::parse(event) else { return };
        let shape = Shape::of(&root).and(&verdict_text(outcome, matched, set));
        if self.known.contains(&shape) {
            return;
        }
        // Of the examples that are kept in the end, a thread has made no more than these.
        if self.known.len() >= self.options.examples_max {
            tally.no_room += 1;
            return;
        }
        let Some(becomes) = Becomes::of(event, set, &mut self.scratch) else { return };
        self.known.insert(shape);
        let redacted = self.redactor.redact(&root).filter(|value| matches!(value, Value::Object(_)));
        let text = redacted.as_ref().map(|redacted| redacted.to_lines_within(LINES_BYTES_MAX));
        if matches!(text, Some(None)) {
            tally.too_long += 1;
            return;
        }
        let text = text.flatten();
        let is_same = |text: &String| Becomes::of(text.as_bytes(), set, &mut self.scratch) == Some(becomes);
        match redacted.zip(text.filter(is_same)) {
            Some((redacted, event)) => tally.examples.push(TappedEvent {
                shape,
                detail_type: member(&redacted, "detail-type"),
                source: member(&redacted, "source"),
                event,
            }),
            None => tally.changed += 1,
        }
    }
}

/// Tells verdicts apart; rules by name, as they may be exchanged.
fn verdict_text(outcome: Outcome, matched: &[RuleIndex], set: &RuleSet) -> Vec<u8> {
    let mut text = vec![outcome as u8];
    for rule in matched {
        text.extend_from_slice(set.rule(*rule).display_name.as_bytes());
        text.push(0);
    }
    text
}

/// The text of a member of an event.
fn member(event: &Value, name: &str) -> Option<String> {
    let Value::Object(members) = event else { return None };
    let member = members.iter().rev().find(|member| member.name.as_bytes() == name.as_bytes())?;
    match &member.value.value {
        Value::String(text) => text.as_str().map(str::to_owned),
        _ => None,
    }
}

/// What becomes of an event that can be judged.
#[derive(Debug, PartialEq, Eq)]
struct Becomes {
    rules: Vec<RuleIndex>,
    failures: Vec<(RuleIndex, TargetIndex, Code)>,
}

impl Becomes {
    fn of(event: &[u8], set: &RuleSet, scratch: &mut JudgeScratch) -> Option<Becomes> {
        let verdict = judge(set, event, scratch).verdict;
        let matches: Option<Matches<'_>> = match verdict {
            Verdict::Errored(Errored::Event(_)) => return None,
            Verdict::Unmatched => None,
            Verdict::Delivered(matches) | Verdict::Errored(Errored::Targets(matches)) => Some(matches),
        };
        let failures = matches.iter().flat_map(Matches::failures);
        Some(Becomes {
            rules: matches.iter().flat_map(|matches| matches.rules).copied().collect(),
            failures: failures
                .map(|failure| (failure.rule, failure.target, failure.failure.into()))
                .collect(),
        })
    }
}

/// Examples, and the rules that judged them.
#[derive(Debug, Clone)]
pub struct TappedEvents {
    /// In the order in which they came.
    pub events: Vec<TappedEvent>,
    /// The rules, which also decided what is redacted.
    pub ruling: Arc<Ruling>,
}

/// The examples so far.
#[derive(Debug)]
pub(super) struct Tapped {
    ruling: Arc<Ruling>,
    examples_max: usize,
    known: HashSet<Shape>,
    examples: Vec<TappedEvent>,
    report: TapReport,
}

impl Tapped {
    /// Of events that `ruling` judges first.
    pub(super) fn new(options: &TapOptions, ruling: Arc<Ruling>) -> Tapped {
        Tapped {
            ruling,
            examples_max: options.examples_max,
            known: HashSet::new(),
            examples: Vec::new(),
            report: TapReport::default(),
        }
    }

    /// Adds a batch that comes after all those before, and that `ruling` judged; `current` are the rules in use.
    pub(super) fn add(&mut self, tally: TapTally, ruling: &Arc<Ruling>, current: &Arc<Ruling>) {
        if !Arc::ptr_eq(ruling, &self.ruling) {
            // Threads take new rules one after the other.
            if !Arc::ptr_eq(ruling, current) {
                self.report.outdated += tally.examples.len() as u64;
                return;
            }
            self.ruling = Arc::clone(ruling);
            self.report.outdated += self.examples.len() as u64;
            self.examples.clear();
            self.known.clear();
        }
        self.report.no_room += tally.no_room;
        self.report.too_long += tally.too_long;
        self.report.changed += tally.changed;
        for example in tally.examples {
            if self.known.contains(&example.shape) {
                continue;
            }
            if self.examples.len() < self.examples_max {
                self.known.insert(example.shape);
                self.examples.push(example);
            } else {
                self.report.no_room += 1;
            }
        }
    }

    /// What was kept.
    pub(super) fn finish(self) -> (TapReport, TappedEvents) {
        let Tapped { ruling, examples, report, .. } = self;
        let report = TapReport { examples: examples.len() as u64, ..report };
        (report, TappedEvents { events: examples, ruling })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::compile;
    use crate::pattern::{Limits, Profile};
    use crate::rules::{Parameters, load};

    fn ruling(pattern: &str) -> Arc<Ruling> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rules.json");
        std::fs::write(&path, format!(r#"[{{"Name": "r", "EventPattern": {pattern}}}]"#)).unwrap();
        let loaded = load(&[path.display().to_string()], &Parameters::default());
        Arc::new(Ruling::new(&compile(loaded, &Limits::service()), Profile::Service))
    }

    fn options() -> Arc<TapOptions> {
        Arc::new(TapOptions { examples_max: 5, key: PseudonymKey::new(b"key"), rules: Vec::new() })
    }

    /// What `ruling` keeps of an event.
    fn tallied(ruling: &Ruling, event: &str) -> TapTally {
        let mut tally = TapTally::default();
        let becomes = Becomes::of(event.as_bytes(), ruling.set(), &mut JudgeScratch::default()).unwrap();
        let outcome = if becomes.rules.is_empty() { Outcome::Unmatched } else { Outcome::Delivered };
        let mut tapping = Tapping::new(&options(), ruling);
        tapping.event(event.as_bytes(), outcome, &becomes.rules, ruling.set(), &mut tally);
        tally
    }

    #[test]
    fn examples_are_those_of_one_set_of_rules() {
        let (before, after) = (ruling(r#"{"detail": {"a": ["x"]}}"#), ruling(r#"{"detail": {"b": ["y"]}}"#));
        let event = r#"{"source": "s", "detail": {"a": "x", "b": "y"}}"#;
        let mut tapped = Tapped::new(&options(), Arc::clone(&before));
        tapped.add(tallied(&before, event), &before, &before);
        tapped.add(tallied(&after, event), &after, &after);
        // A thread that had not seen the exchange yet.
        tapped.add(tallied(&before, r#"{"source": "s", "detail": {"a": 1}}"#), &before, &after);
        let (report, kept) = tapped.finish();
        assert!(Arc::ptr_eq(&kept.ruling, &after));
        assert_eq!((report.examples, report.outdated, kept.events.len()), (1, 2, 1), "{report:?}");
        // Redacted by what these rules look at.
        let text = &kept.events[0].event;
        assert!(text.contains(r#""b": "y""#) && !text.contains(r#""a": "x""#), "{text}");
    }

    #[test]
    fn examples_that_are_mostly_white_space_are_too_long() {
        let ruling = ruling(r#"{"source": ["s"]}"#);
        let deep = |depth: usize| {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            format!(r#"{{"source": "s", "detail": {open}{}1{close}}}"#, "1,".repeat(20_000))
        };
        for (depth, too_long) in [(3, 0), (900, 1)] {
            let tally = tallied(&ruling, &deep(depth));
            assert_eq!((tally.too_long, tally.examples.len() as u64), (too_long, 1 - too_long), "{depth}");
        }
    }
}

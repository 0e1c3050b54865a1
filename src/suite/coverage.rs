//! What tests decide of the rules that they look at.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use super::case::Suite;
use super::case::{CorpusCase, RulesUnderTest};
use super::groups::{Group, MeasureOptions, RuleIdentity, groups};
use super::parallel::all_in_order;
use crate::analysis::coverage::{CoverageItem, ObservedEvent, PatternCoverage};
use crate::document::SourcePlace;
use crate::event::EventText;
use crate::findings::CompiledRule;
use crate::json::tree;
use crate::pattern::Profile;
use crate::report::{CoverageReport, CoveredPart, PartKind, RuleCoverage};
use crate::rules::{self, Target};
use crate::sources::{Batch, EventSource, FileEvents, Item, Progress, SourceLimits};
use crate::transform::RenderScratch;

/// Events that a thread takes at once.
const CHUNK_EVENTS: usize = 64;

/// What the selected cases of `suites` decide of their rules. A rule that several test files look at is listed once.
/// `None` if somebody stopped it.
///
/// # Errors
/// The system gives no thread.
pub fn coverage(suites: &[Suite], options: &MeasureOptions<'_>) -> io::Result<Option<CoverageReport>> {
    let mut report = CoverageReport::default();
    let mut known: HashMap<RuleIdentity, usize> = HashMap::new();
    for group in groups(suites, options.selected) {
        let Some(counts) = counted(&group, options)? else { return Ok(None) };
        for (rule, counts) in group.rules.compiled.rules.iter().zip(counts) {
            let covered = described(rule, counts, group.rules.profile);
            let place = *known.entry(RuleIdentity::of(&rule.rule)).or_insert(report.rules.len());
            match report.rules.get_mut(place) {
                Some(rule) => merge(rule, &covered),
                None => report.rules.push(covered),
            }
        }
    }
    Ok(Some(report))
}

/// Adds what other test files decide of the same rule. With other parameters it may have other parts.
fn merge(rule: &mut RuleCoverage, other: &RuleCoverage) {
    for part in &other.parts {
        let same = |known: &&mut CoveredPart| {
            known.kind == part.kind && known.pointer == part.pointer && known.text == part.text
        };
        match rule.parts.iter_mut().find(same) {
            Some(known) => known.events += part.events,
            None => rule.parts.push(part.clone()),
        }
    }
}

/// What is counted of one rule.
#[derive(Debug, Clone, Default)]
struct Counts {
    decisions: Vec<u64>,
    /// Of each path of each target, in their order.
    paths: Vec<Vec<u64>>,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        if self.decisions.is_empty() && self.paths.is_empty() {
            *self = other;
            return;
        }
        let add = |sum: &mut Vec<u64>, more: Vec<u64>| {
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        };
        add(&mut self.decisions, other.decisions);
        self.paths.iter_mut().zip(other.paths).for_each(|(sum, more)| add(sum, more));
    }
}

/// What a thread looks at.
enum Work<'s> {
    Events(&'s [&'s super::case::EventCase]),
    Corpus(&'s CorpusCase),
}

/// Of each rule of the group, what is counted; `None` if somebody stopped it.
fn counted(group: &Group<'_>, options: &MeasureOptions<'_>) -> io::Result<Option<Vec<Counts>>> {
    let work: Vec<Work<'_>> = (group.events.chunks(CHUNK_EVENTS).map(Work::Events))
        .chain(group.corpora.iter().map(|corpus| Work::Corpus(corpus)))
        .collect();
    let count = |observers: &mut Observers<'_>, index: usize| {
        match &work[index] {
            Work::Events(events) => events.iter().for_each(|case| observers.observe(&case.event)),
            Work::Corpus(corpus) => observers.observe_all(corpus, options.stop),
        }
        observers.take_counts()
    };
    let observers = || Observers::new(group.rules);
    let done = all_in_order(work.len(), options.threads, options.stop, observers, count)?;
    let Some(done) = done else { return Ok(None) };
    let mut sums = vec![Counts::default(); group.rules.compiled.rules.len()];
    // Without any work the parts are there all the same.
    let nothing = Observers::new(group.rules).take_counts();
    for counts in std::iter::once(nothing).chain(done) {
        sums.iter_mut().zip(counts).for_each(|(sum, counts)| sum.add(counts));
    }
    Ok(Some(sums))
}

/// What one thread counts.
struct Observers<'s> {
    rules: Vec<RuleObserver<'s>>,
    scratch: RenderScratch,
}

struct RuleObserver<'s> {
    rule: &'s CompiledRule,
    pattern: PatternCoverage,
    paths: Vec<Vec<u64>>,
}

impl<'s> Observers<'s> {
    fn new(rules: &'s RulesUnderTest) -> Observers<'s> {
        let rules = rules.compiled.rules.iter().map(|rule| RuleObserver {
            rule,
            pattern: PatternCoverage::new(&rule.pattern, rules.profile),
            paths: no_paths(rule),
        });
        Observers { rules: rules.collect(), scratch: RenderScratch::default() }
    }

    fn observe(&mut self, event: &[u8]) {
        // What cannot be judged decides nothing.
        let (Ok(root), Ok(text)) = (tree::parse(event), EventText::check(event)) else { return };
        let observed = ObservedEvent::new(event, &root);
        for observer in &mut self.rules {
            if observer.pattern.observe(&observed) {
                observer.note_paths(text, &mut self.scratch);
            }
        }
    }

    /// An input that cannot be opened has made the test fail already.
    fn observe_all(&mut self, corpus: &CorpusCase, stop: &AtomicBool) {
        let limits = SourceLimits::default();
        let mut batch = Batch::with_limits(&limits);
        let Ok(mut source) = FileEvents::open(&corpus.events, limits) else { return };
        loop {
            let progress = source.next_batch(&mut batch);
            for item in batch.items() {
                if let Item::Event { bytes, .. } = item {
                    self.observe(batch.event(bytes));
                }
            }
            if progress == Progress::Done || stop.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    fn take_counts(&mut self) -> Vec<Counts> {
        let take = |observer: &mut RuleObserver<'_>| Counts {
            decisions: observer.pattern.take_counts(),
            paths: std::mem::replace(&mut observer.paths, no_paths(observer.rule)),
        };
        self.rules.iter_mut().map(take).collect()
    }
}

fn no_paths(rule: &CompiledRule) -> Vec<Vec<u64>> {
    let paths = |target: &crate::verdict::RuleTarget| {
        vec![0; target.input.as_ref().map_or(0, |input| input.paths().len())]
    };
    rule.targets.iter().map(paths).collect()
}

impl RuleObserver<'_> {
    fn note_paths(&mut self, event: EventText<'_>, scratch: &mut RenderScratch) {
        for (target, counts) in self.rule.targets.iter().zip(&mut self.paths) {
            let Some(input) = &target.input else { continue };
            let present = input.paths_present(event, scratch);
            counts.iter_mut().zip(present).for_each(|(count, present)| *count += u64::from(present));
        }
    }
}

fn described(rule: &CompiledRule, counts: Counts, profile: Profile) -> RuleCoverage {
    let coverage = PatternCoverage::new(&rule.pattern, profile);
    let decisions = coverage.items().iter().zip(counts.decisions);
    let mut parts: Vec<CoveredPart> =
        decisions.map(|(item, events)| decision_part(rule, item, events)).collect();
    for ((target, written), counts) in rule.targets.iter().zip(&rule.rule.targets).zip(counts.paths) {
        let paths = target.input.iter().flat_map(|input| input.paths());
        parts.extend(paths.zip(counts).map(|((name, path), events)| CoveredPart {
            kind: PartKind::Present,
            pointer: format!(
                "target {}{}{name}",
                target.id,
                if name.is_empty() { "" } else { ", variable " }
            ),
            text: path.to_string(),
            place: place_of_path(written, name),
            events,
        }));
    }
    RuleCoverage { name: rule.rule.display_name.to_string(), place: rule.rule.place.clone(), parts }
}

fn decision_part(rule: &CompiledRule, item: &CoverageItem, events: u64) -> CoveredPart {
    let text = rule.rule.trigger.pattern();
    let place = text.map_or_else(|| rule.rule.place.clone(), |text| text.place_of(item.span.start as usize));
    CoveredPart {
        kind: PartKind::Decides(item.decision),
        pointer: item.pointer.as_str().to_owned(),
        text: item.text.clone(),
        place,
        events,
    }
}

/// Where the path of a variable stands; of an `InputPath`, which has no name, where that stands.
fn place_of_path(target: &Target, name: &str) -> SourcePlace {
    let found = target.inputs.iter().find_map(|input| match input {
        rules::TargetInput::InputPath(path) => path.known().map(|path| path.place_of(0)),
        rules::TargetInput::Transformer(transformer) => {
            let mut entries = transformer.paths.iter().flatten();
            entries.find(|entry| entry.name == name).map(|entry| entry.place.clone())
        }
        rules::TargetInput::Input(_) => None,
    });
    found.unwrap_or_else(|| target.place.clone())
}

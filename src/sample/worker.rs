//! Samples and judges the events of a batch.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cross_check::CrossCheck;
use super::probing::Probing;
use super::rules::{RuleSwitch, RulesOf};
use super::shadow::ShadowOptions;
use super::tally::SampleTally;
use super::tap::{TapOptions, Tapping};
use super::watching::Watch;
use crate::diff::Differ;
use crate::event::milliseconds_since_1970;
use crate::replay::{BatchWorker, Entry, InputNames, Lines, Outcome, Wanted, Worker, name_of};
use crate::sampling::{Decision, Field, Sampler, SamplingCounts};
use crate::sources::{Batch, Item};

/// What is done with events besides judging them.
#[derive(Debug, Clone)]
pub(super) struct Besides {
    pub(super) watch: Option<Watch>,
    pub(super) shadow: ShadowOptions,
    pub(super) tap: Option<Arc<TapOptions>>,
    pub(super) cross_check: Option<CrossCheck>,
    pub(super) probing: Option<Probing>,
}

/// One thread's part of a run.
pub(super) struct SampleWorker<'s> {
    switch: &'s RuleSwitch,
    generation: u64,
    judge: Worker<RulesOf>,
    rules: RulesOf,
    wanted: Wanted,
    sampler: Sampler,
    started: Instant,
    besides: Besides,
    differ: Option<Differ>,
    tapping: Option<Tapping>,
    random: fastrand::Rng,
    time: Field,
    memory: Vec<u8>,
}

impl<'s> SampleWorker<'s> {
    /// A worker; `started` is when the run began.
    pub(super) fn new(
        switch: &'s RuleSwitch,
        wanted: Wanted,
        sampler: Sampler,
        besides: Besides,
        started: Instant,
    ) -> SampleWorker<'s> {
        let (generation, rules) = (switch.generation(), RulesOf(switch.current()));
        SampleWorker {
            switch,
            generation,
            judge: Worker::new(rules.clone(), wanted),
            differ: besides.shadow.differ(&rules.0),
            tapping: besides.tap.as_ref().map(|tap| Tapping::new(tap, &rules.0)),
            rules,
            wanted,
            sampler,
            started,
            besides,
            random: fastrand::Rng::new(),
            time: Field::top("time"),
            memory: Vec::new(),
        }
    }

    /// Takes the rules that are in use now.
    fn look_at_switch(&mut self) {
        let generation = self.switch.generation();
        if generation != self.generation {
            self.generation = generation;
            self.rules = RulesOf(self.switch.current());
            self.judge = Worker::new(self.rules.clone(), self.wanted);
            self.differ = self.besides.shadow.differ(&self.rules.0);
            self.tapping = self.besides.tap.as_ref().map(|tap| Tapping::new(tap, &self.rules.0));
        }
    }

    /// What its sampler decided.
    pub(super) fn counts(&self) -> SamplingCounts {
        self.sampler.counts()
    }

    fn event(&mut self, event: &[u8], now: Duration, mut place: Place<'_>, tally: &mut SampleTally) {
        let weight = match self.sampler.decide(event, now) {
            Decision::Dropped(reason) => return tally.dropped(reason),
            Decision::Kept { weight } => weight,
        };
        let mut entry = place.entry(weight, tally);
        let (outcome, matched) = self.judge.event(event, &mut entry);
        let time = self.time.find_text(event, &mut self.memory);
        let time_ms = time.and_then(|time| std::str::from_utf8(time).ok()).and_then(milliseconds_since_1970);
        if let Some(window) = self.besides.watch.and_then(|watch| watch.window_of(time_ms, now)) {
            tally.windows.entry(window).or_default().note(event, weight, matched);
        }
        matched.iter().for_each(|rule| tally.matched(*rule, weight));
        if let Some((differ, comparison)) = self.differ.as_mut().zip(self.rules.0.comparison()) {
            differ.event(comparison, event, || place.name(), &mut tally.differences);
        }
        if let Some(tapping) = &mut self.tapping {
            tapping.event(event, outcome, matched, self.rules.0.set(), &mut tally.tap);
        }
        // Of an event that cannot be judged there is no verdict to compare.
        if let Some(check) = self.besides.cross_check.as_ref().filter(|_| outcome != Outcome::Errored) {
            check.offer(event, matched, &self.rules.0, &mut self.random);
        }
        if let Some(probing) = &self.besides.probing {
            probing.offer(event, &self.rules.0, &mut self.random);
        }
        tally.kept(outcome, weight);
        tally.newest_ms = tally.newest_ms.max(time_ms);
    }
}

/// Where an item stands, and where its line goes.
struct Place<'p> {
    item: &'p Item,
    names: &'p InputNames,
    lines: &'p mut Lines,
}

impl Place<'_> {
    /// `input:line`.
    fn name(&self) -> String {
        let origin = self.item.origin();
        format!("{}:{}", name_of(self.names, origin.input), origin.line)
    }

    fn entry<'e>(&'e mut self, weight: f64, tally: &'e mut SampleTally) -> Entry<'e> {
        let origin = self.item.origin();
        Entry {
            origin,
            input: name_of(self.names, origin.input),
            weight: Some(weight),
            lines: self.lines,
            tally: &mut tally.judged,
        }
    }
}

impl BatchWorker for SampleWorker<'_> {
    type Output = Lines;
    type Tally = SampleTally;

    fn work(&mut self, batch: &Batch, names: &InputNames, lines: &mut Lines) -> SampleTally {
        self.look_at_switch();
        let begun = Instant::now();
        let now = begun.duration_since(self.started);
        let without_key = self.sampler.without_key();
        let mut tally = SampleTally::new(Arc::clone(&self.rules.0));
        for item in batch.items() {
            let mut place = Place { item, names, lines: &mut *lines };
            match item {
                Item::Event { bytes, .. } => self.event(batch.event(bytes), now, place, &mut tally),
                // What cannot be read cannot be sampled either, and stands for itself.
                Item::Broken { problem, .. } => {
                    self.judge.broken(problem, &mut place.entry(1.0, &mut tally));
                    tally.scaled.errored += 1.0;
                }
                Item::Skipped { reason, .. } => tally.judged.skipped(&reason.to_string()),
            }
        }
        tally.without_key = self.sampler.without_key() - without_key;
        self.differ.iter_mut().for_each(|differ| differ.hand_over_matched(&mut tally.differences));
        tally.took = begun.elapsed();
        tally
    }
}

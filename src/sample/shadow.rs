//! Candidate rules, judged beside those in use.
//!
//! Both sets are compared as by `diff`, by the same code, on the events of the sample; nothing that a candidate matches
//! goes anywhere. Whenever one of the two sets is exchanged, the comparison begins anew: what differed under rules that
//! are no more is counted, and not told by rule.

use std::sync::Arc;

use super::rules::Ruling;
use crate::diff::{DiffTally, Differ, Differences, EventContents, Keeping};
use crate::report::ShadowReport;
use crate::telemetry::{Registry, table};

/// What is told of candidate rules.
#[derive(Debug, Clone, Copy)]
pub struct ShadowOptions {
    /// Examples of each difference.
    pub examples_max: usize,
    /// Whether contents of events may be shown.
    pub contents: EventContents,
}

impl ShadowOptions {
    fn keeping(self) -> Keeping {
        Keeping::new(self.examples_max, self.contents)
    }

    /// What compares events under `ruling`, if it has candidates.
    pub(super) fn differ(self, ruling: &Ruling) -> Option<Differ> {
        ruling.comparison().map(|comparison| Differ::new(comparison, self.keeping()))
    }
}

/// What differed so far.
#[derive(Debug)]
pub(super) struct Shadows {
    options: ShadowOptions,
    /// Under the rules in use.
    current: Option<(Arc<Ruling>, Differences)>,
    /// Differences under rules that were exchanged since.
    replaced: u64,
}

impl Shadows {
    /// Nothing yet.
    pub(super) fn new(options: ShadowOptions) -> Shadows {
        Shadows { options, current: None, replaced: 0 }
    }

    /// Adds a batch that was judged by `ruling`, while `in_use` may be newer.
    pub(super) fn add(
        &mut self,
        ruling: &Arc<Ruling>,
        tally: DiffTally,
        in_use: &Arc<Ruling>,
        registry: &Registry,
    ) {
        let Some(comparison) = ruling.comparison() else { return };
        let differing = tally.differing(comparison);
        for (rule, count) in &differing {
            registry.series(&table::SHADOW_DIFFERENCES, [rule]).add(*count);
        }
        let is_current = |known: &(Arc<Ruling>, _)| Arc::ptr_eq(&known.0, ruling);
        if !self.current.as_ref().is_some_and(is_current) {
            if self.current.is_some() && !Arc::ptr_eq(ruling, in_use) {
                self.replaced += differing.iter().map(|(_, count)| count).sum::<u64>();
                return;
            }
            self.replace();
            self.current = Some((Arc::clone(ruling), Differences::new(self.options.keeping())));
        }
        if let Some((_, differences)) = &mut self.current {
            differences.add(tally);
        }
    }

    fn replace(&mut self) {
        if let Some((ruling, differences)) = self.current.take()
            && let Some(comparison) = ruling.comparison()
        {
            self.replaced += differences.differing(comparison);
        }
    }

    /// What there is to say in the end; nothing if there never were candidates.
    pub(super) fn report(&self) -> Option<ShadowReport> {
        let (ruling, differences) = self.current.as_ref()?;
        let ShadowOptions { examples_max, contents } = self.options;
        let differences = differences.summary(ruling.comparison()?, examples_max, contents);
        Some(ShadowReport { differences, replaced: self.replaced })
    }
}

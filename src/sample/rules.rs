//! The rules in use, which may change while events are judged.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::diff::Comparison;
use crate::findings::{Compiled, CompiledRule};
use crate::matcher::EventIds;
use crate::pattern::{Pattern, Profile};
use crate::verdict::RuleSet;

/// Rules, and what else has to be known of them.
#[derive(Debug)]
pub struct Ruling {
    set: RuleSet,
    /// In the order of the rules.
    patterns: Vec<Pattern>,
    written: Vec<WrittenRule>,
    profile: Profile,
    /// With candidate rules, if there are any.
    comparison: Option<Comparison>,
}

/// What is written of a rule.
#[derive(Debug)]
pub(super) struct WrittenRule {
    /// Its name alone.
    pub(super) name: String,
    /// The JSON text of its pattern.
    pub(super) pattern: String,
    /// Where it stands.
    pub(super) at: String,
}

impl WrittenRule {
    fn of(rule: &CompiledRule) -> WrittenRule {
        WrittenRule {
            name: rule.rule.name.to_string(),
            pattern: rule.pattern_json().to_owned(),
            at: rule.rule.place.to_string(),
        }
    }
}

impl Ruling {
    /// From rules that were compiled for `profile`.
    pub fn new(compiled: &Compiled, profile: Profile) -> Ruling {
        let patterns = compiled.rules.iter().map(|rule| rule.pattern.clone()).collect();
        let written = compiled.rules.iter().map(WrittenRule::of).collect();
        let set = compiled.rule_set(EventIds::Noted, profile);
        Ruling { set, patterns, written, profile, comparison: None }
    }

    /// The same, with candidate rules that are judged beside them.
    pub fn beside(compiled: Compiled, candidate: Compiled, profile: Profile) -> Ruling {
        let ruling = Ruling::new(&compiled, profile);
        Ruling { comparison: Some(Comparison::new(compiled, candidate, profile)), ..ruling }
    }

    /// The rules, ready to judge.
    pub fn set(&self) -> &RuleSet {
        &self.set
    }

    /// Their patterns, in the same order.
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// What is written of them, in the same order.
    pub(super) fn written(&self) -> &[WrittenRule] {
        &self.written
    }

    /// The rules beside their candidates.
    pub(super) fn comparison(&self) -> Option<&Comparison> {
        self.comparison.as_ref()
    }

    /// As what patterns are judged.
    pub fn profile(&self) -> Profile {
        self.profile
    }
}

/// The rules of a ruling, for whoever only judges.
#[derive(Debug, Clone)]
pub(super) struct RulesOf(pub(super) Arc<Ruling>);

impl Deref for RulesOf {
    type Target = RuleSet;

    fn deref(&self) -> &RuleSet {
        &self.0.set
    }
}

/// Where the rules are exchanged; workers look here between batches.
#[derive(Debug)]
pub struct RuleSwitch {
    current: Mutex<Arc<Ruling>>,
    generation: AtomicU64,
}

impl RuleSwitch {
    /// With the first rules.
    pub fn new(ruling: Ruling) -> RuleSwitch {
        RuleSwitch { current: Mutex::new(Arc::new(ruling)), generation: AtomicU64::new(0) }
    }

    /// Batches that nobody works on yet are judged by `ruling`.
    pub fn exchange(&self, ruling: Ruling) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(ruling);
        self.generation.fetch_add(1, Ordering::Release);
    }

    /// The rules in use.
    pub fn current(&self) -> Arc<Ruling> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A number that grows with each exchange.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

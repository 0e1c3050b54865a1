//! Loads rules anew when their files change or somebody asks for it.
//!
//! Files are looked at once a second rather than asked to report, which works on every file system; what counts is their
//! content, as those of mounted configuration get new times without having changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::xxh3_64;

use super::signals::Signals;
use crate::cli::args::LimitsName;
use crate::cli::diff::say_of_both;
use crate::cli::exit::Exit;
use crate::cli::live::LiveBuses;
use crate::cli::output::{complain, remark};
use crate::cli::rule_set::{compiled, exit_of};
use crate::findings::{Compiled, CompiledRule, compile};
use crate::rules::{Parameters, files_of, load_with};
use crate::sample::{RuleSwitch, Ruling};
use crate::suite::FileHead;
use crate::telemetry::{Registry, table};

/// How often files are looked at.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// How often signals are.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(50);

/// How rules are loaded.
#[derive(Debug, Clone)]
pub(super) struct RuleLoader {
    pub(super) sources: Vec<String>,
    /// Of the candidate rules; none if there are to be none.
    pub(super) candidate: Vec<String>,
    pub(super) parameters: Parameters,
    pub(super) limits: LimitsName,
}

/// Rules that can be used.
#[derive(Debug, Clone)]
pub(super) struct UsableRules {
    current: Compiled,
    candidate: Option<Compiled>,
}

impl RuleLoader {
    /// Loads and compiles the rules; all that is to be said is printed. As an error how the command ends.
    pub(super) fn load(&self) -> Result<UsableRules, Exit> {
        let (current, candidate) = self.load_sides();
        Ok(UsableRules { current: current?, candidate: candidate.transpose()? })
    }

    /// The rules in use and their candidates, each of which may be unusable while the others are not.
    fn load_sides(&self) -> (Result<Compiled, Exit>, Option<Result<Compiled, Exit>>) {
        if self.candidate.is_empty() {
            return (listening(compiled(&self.sources, &self.parameters, self.limits), "no rule"), None);
        }
        let load = |sources| {
            compile(load_with(sources, &self.parameters, &LiveBuses::default()), &self.limits.limits())
        };
        let (current, candidate) = (load(&self.sources), load(&self.candidate));
        say_of_both(&current.findings, &candidate.findings);
        let usable = |side: Compiled| match side.has_errors() {
            true => Err(exit_of(&side.findings)),
            false => Ok(side),
        };
        (listening(usable(current), "no rule"), Some(listening(usable(candidate), "no candidate rule")))
    }

    /// What a test file says of the rules, but for where they are.
    pub(super) fn head(&self, rules: &UsableRules) -> FileHead {
        let profile = self.limits.limits().profile;
        FileHead { sources: Vec::new(), parameters: rules.current.asked.clone(), profile }
    }

    /// The rules in use, as a testbed mirrors them.
    pub(super) fn mirrored(&self, rules: &UsableRules) -> Vec<CompiledRule> {
        rules.current.rules.clone()
    }

    /// What events are judged by.
    pub(super) fn ruling(&self, rules: &UsableRules) -> Ruling {
        let profile = self.limits.limits().profile;
        match &rules.candidate {
            None => Ruling::new(&rules.current, profile),
            Some(candidate) => Ruling::beside(rules.current.clone(), candidate.clone(), profile),
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        files_of(&self.sources).into_iter().chain(files_of(&self.candidate)).collect()
    }

    fn stamps(&self) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
        let stamp = |path: &PathBuf| {
            let metadata = path.metadata().ok()?;
            Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()))
        };
        self.files().into_iter().map(|path| (path.clone(), stamp(&path))).collect()
    }

    fn contents(&self) -> BTreeMap<PathBuf, Option<u64>> {
        let hash = |path: &PathBuf| fs::read(path).ok().map(|bytes| xxh3_64(&bytes));
        self.files().into_iter().map(|path| (path.clone(), hash(&path))).collect()
    }
}

/// Rules of which at least one listens; said if that is not so.
fn listening(rules: Result<Compiled, Exit>, no_rule: &str) -> Result<Compiled, Exit> {
    let rules = rules?;
    if rules.rules.is_empty() {
        complain(&format!("{no_rule} listens to events"));
        return Err(Exit::NothingToRun);
    }
    Ok(rules)
}

/// Looks after the rules until the run ends. Rules that do not load leave those in use alone.
pub(super) fn watch(
    loader: RuleLoader,
    mut rules: UsableRules,
    switch: Arc<RuleSwitch>,
    registry: Arc<Registry>,
    signals: Signals,
) {
    let (mut stamps, mut contents) = (loader.stamps(), loader.contents());
    thread::spawn(move || {
        while !signals.is_stopped() {
            let asked = wait(&signals);
            let now = loader.stamps();
            if !asked && now == stamps {
                continue;
            }
            stamps = now;
            let now = loader.contents();
            if !asked && now == contents {
                continue;
            }
            contents = now;
            let outcome = reload(&loader, &mut rules, &switch);
            registry.series(&table::RULE_RELOADS, [outcome]).add(1);
        }
    });
}

/// Waits for the next look; whether somebody asked for one.
fn wait(signals: &Signals) -> bool {
    let mut waited = Duration::ZERO;
    while waited < LOOK_INTERVAL && !signals.is_stopped() {
        if signals.takes_reload() {
            return true;
        }
        thread::sleep(SIGNAL_INTERVAL);
        waited += SIGNAL_INTERVAL;
    }
    false
}

fn reload(loader: &RuleLoader, rules: &mut UsableRules, switch: &RuleSwitch) -> &'static str {
    let (current, candidate) = loader.load_sides();
    let refused = current.is_err() || matches!(candidate, Some(Err(_)));
    let mut loaded = Vec::new();
    match current {
        Ok(current) => {
            loaded.push(format!("{} rules", current.rules.len()));
            rules.current = current;
        }
        Err(_) => complain("the changed rules cannot be used; the old rules stay in use"),
    }
    match candidate {
        Some(Ok(candidate)) => {
            loaded.push(format!("{} candidate rules", candidate.rules.len()));
            rules.candidate = Some(candidate);
        }
        Some(Err(_)) => complain("the changed candidate rules cannot be used; the old ones stay in use"),
        None => {}
    }
    if !loaded.is_empty() {
        switch.exchange(loader.ruling(rules));
        remark(&format!("{} loaded anew", loaded.join(" and ")));
    }
    if refused { "refused" } else { "loaded" }
}

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
use crate::cli::exit::Exit;
use crate::cli::output::{complain, remark};
use crate::cli::rule_set::compiled;
use crate::rules::{Parameters, files_of};
use crate::sample::{RuleSwitch, Ruling};
use crate::telemetry::{Registry, table};

/// How often files are looked at.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// How often signals are.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(50);

/// How rules are loaded.
#[derive(Debug, Clone)]
pub(super) struct RuleLoader {
    pub(super) sources: Vec<String>,
    pub(super) parameters: Parameters,
    pub(super) limits: LimitsName,
}

impl RuleLoader {
    /// Loads and compiles the rules; all that is to be said is printed. As an error how the command ends.
    pub(super) fn load(&self) -> Result<Ruling, Exit> {
        let compiled = compiled(&self.sources, &self.parameters, self.limits)?;
        Ok(Ruling::new(&compiled, self.limits.limits().profile))
    }

    fn stamps(&self) -> BTreeMap<PathBuf, Option<(SystemTime, u64)>> {
        let stamp = |path: &PathBuf| {
            let metadata = path.metadata().ok()?;
            Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()))
        };
        files_of(&self.sources).into_iter().map(|path| (path.clone(), stamp(&path))).collect()
    }

    fn contents(&self) -> BTreeMap<PathBuf, Option<u64>> {
        let hash = |path: &PathBuf| fs::read(path).ok().map(|bytes| xxh3_64(&bytes));
        files_of(&self.sources).into_iter().map(|path| (path.clone(), hash(&path))).collect()
    }
}

/// Looks after the rules until the run ends. Rules that do not load leave those in use alone.
pub(super) fn watch(loader: RuleLoader, switch: Arc<RuleSwitch>, registry: Arc<Registry>, signals: Signals) {
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
            let outcome = reload(&loader, &switch);
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

fn reload(loader: &RuleLoader, switch: &RuleSwitch) -> &'static str {
    match loader.load() {
        Ok(ruling) if ruling.set().rules().is_empty() => {
            complain("no rule listens to events any more; the old rules stay in use");
            "refused"
        }
        Ok(ruling) => {
            remark(&format!("{} rules loaded anew", ruling.set().rules().len()));
            switch.exchange(ruling);
            "loaded"
        }
        Err(_) => {
            complain("the changed rules cannot be used; the old rules stay in use");
            "refused"
        }
    }
}

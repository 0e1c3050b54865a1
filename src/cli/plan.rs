//! What to run, once the configuration has filled what was not typed.

use std::path::PathBuf;

use crate::config::Config;
use crate::rules::Parameters;

/// Sources of rules and events, and parameters.
pub(super) struct Plan {
    pub(super) rules: Vec<String>,
    pub(super) events: Vec<String>,
    pub(super) parameters: Parameters,
    /// Codes of findings that are allowed.
    pub(super) lint_allow: Vec<String>,
    /// The configuration file, if one was read.
    pub(super) config: Option<PathBuf>,
}

impl Plan {
    /// From what was typed; the nearest configuration gives the sources that were not.
    pub(super) fn new(rules: &[String], events: &[String], parameters: &[String]) -> anyhow::Result<Plan> {
        let mut plan = Plan {
            rules: rules.to_vec(),
            events: events.to_vec(),
            parameters: Parameters::default(),
            lint_allow: Vec::new(),
            config: None,
        };
        if rules.is_empty() || events.is_empty() {
            let config = Config::nearest(&std::env::current_dir()?)?;
            plan.config = config.as_ref().map(|config| config.path.clone());
            let config = config.unwrap_or_default();
            if rules.is_empty() {
                plan.rules = config.rules;
            }
            if events.is_empty() {
                plan.events = config.events;
            }
            config.parameters.into_iter().for_each(|(name, value)| plan.parameters.set(name, value));
        }
        // Typed values win over those of the configuration.
        plan.parameters.give(parameters)?;
        Ok(plan)
    }

    /// The same for what needs no events. What the configuration allows holds for typed sources too.
    pub(super) fn for_rules(rules: &[String], parameters: &[String]) -> anyhow::Result<Plan> {
        let config = Config::nearest(&std::env::current_dir()?)?.unwrap_or_default();
        let mut plan = Plan::new(rules, &["-".to_owned()], parameters)?;
        plan.events.clear();
        plan.lint_allow = config.lint_allow;
        Ok(plan)
    }
}

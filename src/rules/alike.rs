//! Rules that are alike: told apart in reports, and noted where one stands twice.

use std::collections::HashMap;
use std::sync::Arc;

use super::problem::{RuleNote, RuleNoteKind};
use super::{Rule, SourceKind};

/// Rules that stand twice; lines of `name TAB pattern` may repeat names.
pub(super) fn twins(rules: &[Rule]) -> Vec<RuleNote> {
    let mut first: HashMap<(&str, &str), &Rule> = HashMap::new();
    let mut notes = Vec::new();
    for rule in rules.iter().filter(|rule| rule.source_kind != SourceKind::Tsv) {
        let id = (rule.bus.as_str(), rule.name.as_str());
        let Some(other) = first.insert(id, rule) else { continue };
        let other = other.place.to_string();
        let kind = RuleNoteKind::Twice { rule: rule.name.to_string(), bus: rule.bus.to_string(), other };
        notes.push(RuleNote { file: Arc::clone(&rule.place.file), place: Some(rule.place.place), kind });
    }
    notes
}

/// Gives each rule the shortest name that no other has.
pub(super) fn name_for_display(rules: &mut [Rule]) {
    let mut names: Counts<&str> = Counts::default();
    let mut ids: Counts<(&str, &str)> = Counts::default();
    for rule in rules.iter() {
        *names.entry(rule.name.as_str()).or_default() += 1;
        *ids.entry((rule.bus.as_str(), rule.name.as_str())).or_default() += 1;
    }
    let display_name = |rule: &Rule| -> Box<str> {
        let (bus, name) = (rule.bus.as_str(), rule.name.as_str());
        if names[name] == 1 {
            return name.into();
        }
        let with_bus = format!("{bus}/{name}");
        // Lines of a file may be called anything, so also this.
        if ids[&(bus, name)] == 1 && !names.contains_key(with_bus.as_str()) {
            return with_bus.into();
        }
        format!("{name} ({})", rule.place).into()
    };
    let display_names: Vec<Box<str>> = rules.iter().map(display_name).collect();
    for (rule, display_name) in rules.iter_mut().zip(display_names) {
        rule.display_name = display_name;
    }
}

type Counts<K> = HashMap<K, u32, foldhash::fast::RandomState>;

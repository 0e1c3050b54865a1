//! Rules from lines of a name, a tab and a pattern, of which there may be 100,000.

use std::sync::Arc;

use super::pattern_text::{LocatedText, PatternText, Places};
use super::problem::RuleProblemKind;
use super::rule;
use super::tree::SourceFile;
use super::{BusName, Rule, RuleName, RuleState, SourceKind, SourcePlace, Trigger};
use crate::json::Place;

/// Whether the first line that is no comment has a tab with a JSON object behind it. Neither JSON nor YAML
/// can begin so.
pub(super) fn is_tsv(text: &str) -> bool {
    text.lines().find(|line| !is_ignored(line)).and_then(|line| line.split_once('\t')).is_some_and(
        |(name, pattern)| {
            !name.trim_start().starts_with(['{', '[', '"']) && pattern.trim_start().starts_with('{')
        },
    )
}

/// The rules of a file, each line one, and the lines that are none. Blank lines and lines that start with `#`
/// and hold no tab are passed over.
pub(super) fn read(source: &SourceFile) -> (Vec<Rule>, Vec<(Place, RuleProblemKind)>) {
    let bus = BusName::default();
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    for (number, line) in (1..).zip(source.text.lines()) {
        if is_ignored(line) {
            continue;
        }
        match line.split_once('\t').and_then(|(name, json)| Some((RuleName::label(name).ok()?, json))) {
            Some((name, json)) => rules.push(labelled(name, json, &bus, number, source)),
            None => problems.push((Place { line: number, column: 1 }, RuleProblemKind::NotTsv)),
        }
    }
    (rules, problems)
}

fn is_ignored(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#') && !line.contains('\t')
}

fn labelled(name: RuleName, json: &str, bus: &BusName, line: u32, source: &SourceFile) -> Rule {
    let column = u32::try_from(name.as_str().chars().count()).unwrap_or(u32::MAX - 2) + 2;
    let places = Places::Verbatim(Place { line, column });
    let text = LocatedText::new(json.into(), Arc::clone(&source.path), places);
    Rule {
        arn: rule::arn(bus, &name, |_| None),
        name,
        display_name: Box::default(),
        bus: bus.clone(),
        state: RuleState::Enabled,
        trigger: Trigger::Pattern(PatternText(text)),
        description: None,
        targets: Vec::new(),
        managed_by: None,
        allowed: Vec::new(),
        source_kind: SourceKind::Tsv,
        place: SourcePlace { file: Arc::clone(&source.path), place: Place { line, column: 1 } },
    }
}

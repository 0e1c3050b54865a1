//! Targets that stand in a file of their own, as `list-targets-by-rule` prints them.
//!
//! The output does not say whose targets they are, so the user has to: with `Rule` beside `Targets`, or by
//! naming the file `NAME.targets.json`. Guessing from what else lies around would be wrong one day.

use std::path::Path;
use std::sync::Arc;

use super::Rule;
use super::cloudformation::Evaluator;
use super::git::folder_and_name;
use super::problem::{RuleProblem, RuleProblemKind};
use super::properties::Reader;
use super::target_list::TargetList;
use super::tree::Node;

/// Reads `{Rule: NAME, EventBusName: BUS, Targets: [...]}`.
pub(super) fn read(root: &Node, evaluator: &Evaluator<'_>, reader: &mut Reader<'_>) {
    let Some(properties) = evaluator.evaluate(root) else { return };
    let mut problems = Vec::new();
    let targets = reader.targets(&properties, &mut problems);
    let named = properties.get_present("Rule").and_then(Node::as_str).map(str::to_owned);
    match named.or_else(|| name_from_file(&reader.source.path)) {
        Some(rule) => reader.findings.target_lists.push(TargetList {
            rule,
            bus: properties.get_present("EventBusName").and_then(Node::as_str).map(str::to_owned),
            targets,
            place: reader.source_place(root.place),
        }),
        None => problems.push((root.place, RuleProblemKind::TargetsOfNoRule)),
    }
    reader.problems(None, problems);
}

/// `orders.targets.json` names the rule `orders`.
fn name_from_file(path: &Path) -> Option<String> {
    let (_, name) = folder_and_name(path);
    let (rule, _) = name.split_once(".targets.")?;
    Some(rule.to_owned())
}

/// Gives each list to its rule: the one of that name in the same directory, else the only one anywhere.
pub(super) fn attach(lists: Vec<TargetList>, rules: &mut [Rule]) -> Vec<RuleProblem> {
    lists.into_iter().filter_map(|list| attach_one(list, rules).err()).collect()
}

fn attach_one(list: TargetList, rules: &mut [Rule]) -> Result<(), RuleProblem> {
    let bus_fits = |rule: &Rule| list.bus.as_deref().is_none_or(|bus| bus == rule.bus.as_str());
    let all: Vec<usize> = (0..rules.len())
        .filter(|index| rules[*index].name.as_str() == list.rule && bus_fits(&rules[*index]))
        .collect();
    let (folder, _) = folder_and_name(&list.place.file);
    let is_beside = |index: &usize| folder_and_name(&rules[*index].place.file).0 == folder;
    let beside: Vec<usize> = all.iter().copied().filter(is_beside).collect();
    let chosen = if beside.is_empty() { &all } else { &beside };
    let kind = match chosen[..] {
        [only] => {
            rules[only].targets.extend(list.targets);
            return Ok(());
        }
        [] => RuleProblemKind::TargetsOfUnknownRule { rule: list.rule },
        _ => RuleProblemKind::TargetsOfSeveralRules { rule: list.rule, count: chosen.len() },
    };
    Err(RuleProblem { file: Arc::clone(&list.place.file), place: Some(list.place.place), rule: None, kind })
}

//! Changes of an event after which a rule no longer matches.

use super::yaml::can_say;
use std::path::Path;
use std::sync::Arc;

use crate::analysis::repair::repair;
use crate::analysis::synthesis::near_values;
use crate::document::{Node, SourceFile};
use crate::json::Value;
use crate::matcher::explain;
use crate::pattern::{Pattern, Profile};
use crate::suite::format::{Pointer, set, unset};

/// Values that are tried for one field.
const VALUES_MAX: usize = 4;

/// What a test changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Edits {
    pub(super) set: Vec<(String, Value)>,
    pub(super) unset: Vec<String>,
}

impl Edits {
    /// The event after the changes, in the order in which tests make them.
    pub(super) fn applied_to(&self, event: &str) -> Option<String> {
        let mut changed = written_node(event)?;
        for (pointer, value) in &self.set {
            set(&mut changed, &Pointer::parse(pointer).ok()?, &written_node(&value.to_string())?).ok()?;
        }
        for pointer in &self.unset {
            unset(&mut changed, &Pointer::parse(pointer).ok()?).ok()?;
        }
        Some(changed.to_json())
    }
}

/// Values below `detail` that are just not accepted: more telling than a source or detail type in the wrong case.
pub(super) fn edits_of_details(pattern: &Pattern, event: &str, profile: Profile) -> Vec<Edits> {
    let [alternative] = pattern.alternatives() else { return Vec::new() };
    let Ok(explanation) = explain(pattern, event.as_bytes(), profile) else { return Vec::new() };
    let mut edits = Vec::new();
    for condition in &alternative.conditions {
        let path = condition.path.to_string();
        let outcome = explanation.conditions.iter().find(|outcome| outcome.path == path);
        let (true, Some(outcome)) = (path.starts_with("detail."), outcome) else { continue };
        // Of several values, others may be accepted.
        let [found] = outcome.found.as_slice() else { continue };
        let refused = near_values(&condition.tests, profile).refused.into_iter().filter(can_say);
        edits.extend(
            refused.take(VALUES_MAX).map(|value| Edits {
                set: vec![(found.pointer.as_str().to_owned(), value)],
                unset: Vec::new(),
            }),
        );
    }
    edits
}

/// The smallest change at all.
pub(super) fn smallest_edits(pattern: &Pattern, event: &str, profile: Profile) -> Option<Edits> {
    let repaired = repair(pattern, event.as_bytes(), profile).ok()?.ok()?;
    let mut edits = Edits::default();
    for operation in &repaired.operations {
        let pointer = operation.pointer().as_str().to_owned();
        match operation.value() {
            Some(value) if can_say(value) => edits.set.push((pointer, value.clone())),
            Some(_) => return None,
            None => edits.unset.push(pointer),
        }
    }
    Some(edits)
}

/// JSON text as test files have values.
pub(super) fn written_node(json: &str) -> Option<Node> {
    let source = SourceFile { path: Arc::from(Path::new("event.json")), text: json.to_owned() };
    crate::document::read_json(&source.text).ok()
}

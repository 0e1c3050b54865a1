//! The fields of events, by how many events have them.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::{JsonPointer, Value, tree};

/// Fields that are told apart in each kind of events.
const FIELDS_MAX: usize = 1_000;

/// Of each field (elements of arrays count as one), in how many events it is.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    pub(super) events: f64,
    /// By JSON pointer, without the steps through arrays.
    counts: BTreeMap<String, f64>,
}

impl Fields {
    /// The fields of these events; what is no JSON has none.
    pub(super) fn of<'e>(events: impl IntoIterator<Item = &'e [u8]>) -> Fields {
        let mut fields = Fields::default();
        for event in events {
            let Ok(root) = tree::parse(event) else { continue };
            fields.events += 1.0;
            let mut found = BTreeSet::new();
            collect(&root.value, &mut JsonPointer::root(), &mut found);
            for pointer in found {
                if fields.counts.len() < FIELDS_MAX || fields.counts.contains_key(&pointer) {
                    *fields.counts.entry(pointer).or_default() += 1.0;
                }
            }
        }
        fields
    }

    /// The parts of the events that have each field.
    pub(super) fn parts(&self) -> BTreeMap<String, f64> {
        self.counts.iter().map(|(pointer, count)| (pointer.clone(), count / self.events.max(1.0))).collect()
    }
}

fn collect(value: &Value, pointer: &mut JsonPointer, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for member in members {
                let len = pointer.len();
                pointer.push_member(&member.name);
                collect(&member.value.value, pointer, found);
                pointer.truncate(len);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(&element.value, pointer, found)),
        _ => {
            found.insert(pointer.as_str().to_owned());
        }
    }
}

/// A pointer as conditions of patterns name fields.
pub(super) fn dotted(pointer: &str) -> String {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    steps.join(".")
}

//! The fields whose values decide what rules do.

use std::collections::HashSet;

use crate::pattern::{FieldTest, Pattern};

/// Fields that conditions of rules compare with something, by dotted path.
#[derive(Debug, Clone, Default)]
pub struct LookedAt(HashSet<Vec<u8>>);

impl LookedAt {
    /// By any of `patterns`. Whether a field exists says nothing of its value.
    pub fn by<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> LookedAt {
        let alternatives = patterns.into_iter().flat_map(Pattern::alternatives);
        let conditions = alternatives.flat_map(|alternative| &alternative.conditions);
        let compares = conditions.filter(|condition| {
            let exists = |test: &FieldTest| matches!(test, FieldTest::Present | FieldTest::Absent);
            !condition.tests.tests.iter().all(|placed| exists(&placed.test))
        });
        LookedAt(compares.map(|condition| condition.path.as_bytes().to_vec()).collect())
    }

    /// Their dotted paths, sorted.
    pub fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> =
            self.0.iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect();
        paths.sort();
        paths
    }

    /// Whether the field with this dotted path is among them.
    pub(super) fn has(&self, path: &[u8]) -> bool {
        self.0.contains(path)
    }
}

//! One value, or absence, for each field that matters.

use std::collections::BTreeMap;

use crate::event::MADE_ENVELOPE;
use crate::json::Value;
use crate::pattern::{Condition, FieldPath, Profile};

/// A value, or absence.
pub(super) type Choice = Option<Value>;

/// What an event is to hold at the paths that matter. What is not assigned is absent, but for the envelope.
#[derive(Debug, Clone, Default)]
pub(super) struct Assignment {
    fields: BTreeMap<Vec<u8>, Choice>,
}

impl Assignment {
    pub(super) fn set(&mut self, path: &FieldPath, choice: Choice) {
        self.fields.insert(path.as_bytes().to_vec(), choice);
    }

    /// What is at `path`.
    pub(super) fn get(&self, path: &[u8]) -> Choice {
        match self.fields.get(path) {
            Some(choice) => choice.clone(),
            None => self.made(path).map(Value::string),
        }
    }

    /// The fields that hold something, envelope aside.
    pub(super) fn present(&self) -> impl Iterator<Item = (&[u8], &Value)> {
        self.fields.iter().filter_map(|(path, choice)| Some((path.as_slice(), choice.as_ref()?)))
    }

    /// What the envelope has at `path` if nothing else is asked for there or below.
    pub(super) fn made(&self, path: &[u8]) -> Option<&'static str> {
        let (_, made) = MADE_ENVELOPE.iter().find(|(name, _)| name.as_bytes() == path)?;
        let below = [path, b"."].concat();
        let is_free =
            !self.fields.contains_key(path) && !self.present().any(|(other, _)| other.starts_with(&below));
        is_free.then_some(made)
    }

    pub(super) fn meets(&self, condition: &Condition, profile: Profile) -> bool {
        accepts(condition, &self.get(condition.path.as_bytes()), profile)
    }
}

/// Whether a condition holds for a field that has this.
pub(super) fn accepts(condition: &Condition, choice: &Choice, profile: Profile) -> bool {
    match choice {
        Some(value) => condition.tests.accept(value, profile),
        None => condition.tests.accepts_absence(),
    }
}

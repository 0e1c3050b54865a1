//! Answers that were recorded earlier, in the files that `conform` reads.

use std::collections::HashMap;

use crate::conform::{Case, CaseError, CaseKind, Expected};
use crate::pattern::Profile;

/// Answers by the texts of pattern and event.
#[derive(Debug, Clone, Default)]
pub struct Known {
    answers: HashMap<(Box<str>, Box<str>), Expected>,
    bytes: usize,
}

impl Known {
    /// Adds the cases of a file, one line each. Cases of other kinds, and those of the engine, are passed over.
    ///
    /// # Errors
    /// A line is no case; its number comes with it.
    pub fn read(&mut self, text: &str) -> Result<(), (usize, CaseError)> {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let case = Case::parse(line.as_bytes()).map_err(|error| (index + 1, error))?;
            if let CaseKind::Verdict { profile: Profile::Service, pattern, event, expected } = case.kind {
                self.add(&pattern.to_string(), &event.to_string(), expected);
            }
        }
        Ok(())
    }

    /// Adds one answer.
    pub fn add(&mut self, pattern: &str, event: &str, says: Expected) {
        if self.answers.insert((pattern.into(), event.into()), says).is_none() {
            self.bytes += pattern.len() + event.len();
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.answers.len()
    }

    /// The bytes of all their texts.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The answer, if there is one.
    pub fn answer(&self, pattern: &str, event: &str) -> Option<Expected> {
        self.answers.get(&(Box::from(pattern), Box::from(event))).copied()
    }
}

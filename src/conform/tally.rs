//! Counts agreement over many cases.

use super::answer::{Outcome, answer};
use super::case::{Case, CaseError};
use crate::matcher::Scratch;

/// Agreement so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Cases answered.
    pub cases: u64,
    /// Cases on which we agree with the record.
    pub agree: u64,
    scratch: Scratch,
}

impl Tally {
    /// Answers one case. Returns it with the outcome if we disagree.
    ///
    /// # Errors
    /// The text is no case.
    pub fn case(&mut self, text: &[u8]) -> Result<Option<(Case, Outcome)>, CaseError> {
        let case = Case::parse(text)?;
        let outcome = answer(&case, &mut self.scratch);
        self.cases += 1;
        self.agree += u64::from(outcome.agrees());
        Ok((!outcome.agrees()).then_some((case, outcome)))
    }

    /// Cases on which we do not agree.
    pub fn disagree(&self) -> u64 {
        self.cases - self.agree
    }
}

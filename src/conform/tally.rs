//! Counts agreement over many cases.

use super::answer::answer;
use super::case::{Case, CaseKind};
use super::members::CaseError;
use super::outcome::Outcome;
use crate::matcher::Scratch;

/// Agreement so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Cases read.
    pub cases: u64,
    /// Cases on which we agree with the record.
    pub agree: u64,
    /// Cases on which we do not.
    pub disagree: u64,
    /// Cases whose outcome cannot be known locally.
    pub not_applicable: u64,
    scratch: Scratch,
}

/// What became of one case.
#[derive(Debug)]
pub enum Tallied {
    /// We agree with the record.
    Agreed,
    /// We do not.
    Disagreed(Case, Outcome),
    /// The outcome cannot be known locally.
    NotApplicable {
        /// The case.
        case: Case,
        /// Why not.
        reason: String,
    },
}

impl Tally {
    /// Answers one case.
    ///
    /// # Errors
    /// The text is no case.
    pub fn case(&mut self, text: &[u8]) -> Result<Tallied, CaseError> {
        let case = Case::parse(text)?;
        self.cases += 1;
        if let Some(reason) = not_applicable(&case) {
            self.not_applicable += 1;
            return Ok(Tallied::NotApplicable { case, reason });
        }
        let outcome = answer(&case, &mut self.scratch);
        Ok(match outcome.agrees() {
            true => {
                self.agree += 1;
                Tallied::Agreed
            }
            false => {
                self.disagree += 1;
                Tallied::Disagreed(case, outcome)
            }
        })
    }
}

fn not_applicable(case: &Case) -> Option<String> {
    match &case.kind {
        CaseKind::TargetInput(case) => case.not_applicable().map(str::to_owned),
        _ => None,
    }
}

//! What AWS said of some verdicts.

use std::io::{self, Write};

use serde::Serialize;

use super::human::grouped;
use super::parity::ParityDisagreement;

/// What AWS said of some verdicts, each that of one rule and one event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CrossCheckReport {
    /// Verdicts that are AWS's too.
    pub agreed: u64,
    /// Verdicts that are not.
    pub disagreed: u64,
    /// The first of those.
    pub disagreements: Vec<ParityDisagreement>,
    /// Questions that got no answer.
    pub failed: u64,
    /// Why the last of those did not, or why disagreements could not be written.
    pub failure: Option<String>,
    /// Questions for which there was no room, as answers take their time.
    pub dropped: u64,
    /// Events that AWS does not take, as they lack fields of the envelope.
    pub refused: u64,
}

impl CrossCheckReport {
    /// Whether questions were asked and not one was answered.
    pub fn failed_altogether(&self) -> bool {
        self.failed > 0 && self.agreed + self.disagreed == 0
    }

    /// # Errors
    /// The writer's.
    pub(super) fn write_human(&self, out: &mut impl Write) -> io::Result<()> {
        let CrossCheckReport { agreed, disagreed, failed, dropped, refused, .. } = self;
        let (agreed, disagreed) = (grouped(*agreed), grouped(*disagreed));
        writeln!(out, "\ncross-check with TestEventPattern: {agreed} agree, {disagreed} disagree")?;
        for ParityDisagreement { id, rule, at, aws, ours } in &self.disagreements {
            writeln!(out, "  {at}: rule {rule}: AWS says {aws}, we say {ours} ({id})")?;
        }
        for (count, why) in [
            (failed, "questions without an answer"),
            (dropped, "questions dropped, as answers take their time"),
            (refused, "events left out: AWS takes only those with all fields of the envelope"),
        ] {
            if *count > 0 {
                writeln!(out, "  {} {why}", grouped(*count))?;
            }
        }
        self.failure.iter().try_for_each(|failure| writeln!(out, "  {failure}"))
    }
}

//! What became of events of a sample that went through a testbed.

use std::io::{self, Write};

use serde::Serialize;

use super::human::grouped;

/// What became of events of a sample that went through a testbed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ProbedReport {
    /// Events that all targets of the mirrors got as foreseen.
    pub delivered: u64,
    /// Events that no rule matches.
    pub unmatched: u64,
    /// All other events with a verdict.
    pub errored: u64,
    /// What was wrong with those, sorted by code.
    pub codes: Vec<ProbedCode>,
    /// Events of which AWS and we say different things.
    pub disagreed: u64,
    /// Events that no entry of `PutEvents` can say.
    pub refused: u64,
    /// Events that were judged by other rules than those that the testbed mirrors.
    pub stale: u64,
    /// Events for which there was no room, as verdicts take their time.
    pub dropped: u64,
    /// Events without a verdict, as their run failed or was ended.
    pub open: u64,
    /// Why the last run that failed did, or why results could not be written.
    pub failure: Option<String>,
}

/// Errored events with one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbedCode {
    /// The code of what was wrong first.
    pub code: String,
    /// How many.
    pub events: u64,
    /// What was wrong with one of them.
    pub message: String,
}

impl ProbedReport {
    /// Whether events were sent and not one has a verdict.
    pub fn failed_altogether(&self) -> bool {
        self.failure.is_some() && self.delivered + self.unmatched + self.errored == 0
    }

    /// # Errors
    /// The writer's.
    pub(super) fn write_human(&self, out: &mut impl Write) -> io::Result<()> {
        let [delivered, unmatched, errored] = [self.delivered, self.unmatched, self.errored].map(grouped);
        writeln!(
            out,
            "\nthrough the testbed: {delivered} delivered, {unmatched} unmatched, {errored} errored, {} disagree",
            grouped(self.disagreed)
        )?;
        for ProbedCode { code, events, message } in &self.codes {
            writeln!(out, "  {} {code}: {message}", grouped(*events))?;
        }
        for (count, why) in [
            (self.open, "events without a verdict"),
            (self.dropped, "events dropped, as verdicts take their time"),
            (self.stale, "events not sent: the rules changed, and the testbed mirrors the old ones"),
            (self.refused, "events left out: PutEvents takes no such events"),
        ] {
            if count > 0 {
                writeln!(out, "  {} {why}", grouped(count))?;
            }
        }
        self.failure.iter().try_for_each(|failure| writeln!(out, "  {failure}"))
    }
}

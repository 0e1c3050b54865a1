//! What candidate rules do otherwise than those in use.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::diff::DiffSummary;
use super::diff_human::write_differences;
use super::diff_words::events;
use super::human::grouped;

/// What candidate rules do otherwise, on the events of a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadowReport {
    /// Under the rules in use at the end.
    pub differences: DiffSummary,
    /// How often a candidate treated an event otherwise under rules that were exchanged since.
    pub replaced: u64,
}

impl ShadowReport {
    /// Whether any event was treated otherwise.
    pub fn differs(&self) -> bool {
        self.replaced > 0 || self.differences.differs()
    }

    pub(super) fn to_json(&self) -> Value {
        let it = &self.differences;
        json!({
            "differs": self.differs(), "compared": it.read, "current": it.old, "candidate": it.new,
            "moves": it.moves, "rules": it.rules, "unchanged": it.unchanged, "replaced": self.replaced,
        })
    }

    /// # Errors
    /// The writer's.
    pub(super) fn write_human(&self, out: &mut impl Write) -> io::Result<()> {
        let it = &self.differences;
        writeln!(out, "\ncandidate rules beside those in use: {} compared", events(it.read))?;
        write_differences(it, out)?;
        if self.replaced > 0 {
            let count = grouped(self.replaced);
            writeln!(out, "{count} differences under rules that were exchanged since")?;
        }
        Ok(())
    }
}

//! What examples of events were kept.

use std::io::{self, Write};

use serde::Serialize;

use super::human::grouped;

/// What examples of events were kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct TapReport {
    /// Events that were kept: one of each shape and verdict.
    pub examples: u64,
    /// Events of further shapes or verdicts, for which there was no room.
    pub no_room: u64,
    /// Events that are too long for an example.
    pub too_long: u64,
    /// Shapes and verdicts without an example, as the redacted event would have another verdict.
    pub changed: u64,
    /// Examples that are not kept, as rules judged them that were exchanged since.
    pub outdated: u64,
}

impl TapReport {
    /// # Errors
    /// The writer's.
    pub(super) fn write_human(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n{} examples of events kept", grouped(self.examples))?;
        for (count, why) in [
            (self.no_room, "events of further shapes or verdicts, for which there was no room"),
            (self.too_long, "events too long for an example"),
            (self.changed, "shapes without an example: redacted, the event would have another verdict"),
            (self.outdated, "examples not kept, as other rules judged them"),
        ] {
            if count > 0 {
                writeln!(out, "  {} {why}", grouped(count))?;
            }
        }
        Ok(())
    }
}

//! Explanations for people.

use std::io::{self, Write};

use super::answer::{Answer, Answers};
use crate::analysis::repair::{NoRepair, Repair};
use crate::report::{Explained, explanation_lines};

/// Misses first, as they are what is asked about; the nearest last would be lost in a long list.
pub(super) fn write(answers: &Answers, out: &mut impl Write) -> io::Result<()> {
    for (index, answer) in answers.missed.iter().chain(&answers.matched).enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        write_answer(answer, out)?;
    }
    match answers.misses_left_out {
        0 => Ok(()),
        1 => writeln!(out, "\nand 1 more rule does not match; --all shows it"),
        more => writeln!(out, "\nand {more} more rules do not match; --all shows them"),
    }
}

fn write_answer(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    let explained = Explained {
        name: answer.name.as_deref().unwrap_or("the pattern"),
        place: &answer.place,
        report: &answer.report,
        places: &answer.places,
    };
    explanation_lines(explained).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    match &answer.fix {
        Some(Ok(repair)) => write_repair(repair, out),
        Some(Err(reason)) => write_no_repair(*reason, out),
        None => Ok(()),
    }
}

fn write_repair(repair: &Repair, out: &mut impl Write) -> io::Result<()> {
    let verdict = if repair.matches { "matches" } else { "does not match" };
    if repair.duplicates_dropped {
        writeln!(out, "  note: names repeat in the event; the fix keeps the last of each")?;
    }
    writeln!(out, "  fix: the event {verdict} after")?;
    for operation in &repair.operations {
        let value = operation.value().map(|value| format!(" {value}")).unwrap_or_default();
        writeln!(out, "    {} {}{value}", operation.name(), operation.pointer())?;
    }
    if repair.operations.is_empty() {
        writeln!(out, "    dropping the repeated names")?;
    }
    writeln!(out, "  the changed event:\n    {}", repair.event)
}

fn write_no_repair(reason: NoRepair, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  no fix: {reason}")
}

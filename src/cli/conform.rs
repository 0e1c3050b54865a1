//! `ruleproof conform`.

use std::io::{BufWriter, Write, stdout};

use serde::Serialize;

use super::args::{ConformArgs, Format};
use super::exit::Exit;
use super::output::complain;
use super::replay::open;
use crate::conform::{Case, Outcome, Tallied, Tally};
use crate::sources::{Batch, EventSource, Item, Progress, SourceLimits};

/// The version of the JSON output's shape.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct OutcomeJson {
    schema_version: u32,
    cases: u64,
    agree: u64,
    disagree: u64,
    disagreeing: Vec<String>,
    not_applicable: u64,
    unreadable: u64,
}

pub(super) fn run(args: ConformArgs) -> anyhow::Result<Exit> {
    let limits = SourceLimits::default();
    let mut batch = Batch::with_limits(&limits);
    let Ok(mut files) = open(&args.files, limits) else { return Ok(Exit::Unusable) };
    let mut run =
        Run { format: args.format, tally: Tally::default(), disagreeing: Vec::new(), unreadable: 0 };
    let mut out = BufWriter::new(stdout().lock());
    loop {
        let progress = files.next_batch(&mut batch);
        for item in batch.items() {
            let place = || {
                let origin = item.origin();
                format!("{}:{}", files.input_name(origin.input), origin.line)
            };
            run.item(item, &batch, place, &mut out)?;
        }
        if progress == Progress::Done {
            break;
        }
    }
    let exit = run.exit();
    run.finish(&mut out)?;
    Ok(exit)
}

struct Run {
    format: Format,
    tally: Tally,
    disagreeing: Vec<String>,
    unreadable: u64,
}

impl Run {
    fn item(
        &mut self,
        item: &Item,
        batch: &Batch,
        place: impl Fn() -> String,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let problem = match item {
            Item::Event { bytes, .. } => match self.tally.case(batch.event(bytes)) {
                Ok(Tallied::Agreed) => return Ok(()),
                Ok(Tallied::Disagreed(case, outcome)) => {
                    return self.disagreement(case, &outcome, &place(), out);
                }
                Ok(Tallied::NotApplicable { case, reason }) => {
                    return self.not_applicable(&case, &reason, &place(), out);
                }
                Err(error) => error.to_string(),
            },
            Item::Broken { problem, .. } => problem.to_string(),
            Item::Skipped { reason, .. } => reason.to_string(),
        };
        self.unreadable += 1;
        complain(&format!("{}: {problem}", place()));
        Ok(())
    }

    fn disagreement(
        &mut self,
        case: Case,
        outcome: &Outcome,
        place: &str,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        if self.format == Format::Human {
            writeln!(
                out,
                "{place}: {}: recorded {}, we say {}",
                case.id, outcome.expected, outcome.answered
            )?;
            if let Some(reason) = &outcome.reason {
                writeln!(out, "  {reason}")?;
            }
        }
        self.disagreeing.push(case.id);
        Ok(())
    }

    fn not_applicable(
        &self,
        case: &Case,
        reason: &str,
        place: &str,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        if self.format == Format::Human {
            writeln!(out, "{place}: {}: not applicable: {reason}", case.id)?;
        }
        Ok(())
    }

    fn exit(&self) -> Exit {
        match (self.unreadable, self.tally.disagree, self.tally.cases) {
            (1.., _, _) => Exit::Unusable,
            (0, 1.., _) => Exit::ExpectationFailed,
            (0, 0, 0) => Exit::NothingToRun,
            _ => Exit::Fine,
        }
    }

    fn finish(self, out: &mut impl Write) -> anyhow::Result<()> {
        let Tally { cases, agree, disagree, not_applicable, .. } = self.tally;
        match self.format {
            Format::Human => {
                let counts = format!("{cases} cases, {agree} agree, {disagree} disagree");
                match not_applicable {
                    0 => writeln!(out, "{counts}")?,
                    _ => writeln!(out, "{counts}, {not_applicable} not applicable")?,
                }
            }
            Format::Json => {
                let (disagreeing, unreadable) = (self.disagreeing, self.unreadable);
                let schema_version = SCHEMA_VERSION;
                let json = OutcomeJson {
                    schema_version,
                    cases,
                    agree,
                    disagree,
                    disagreeing,
                    not_applicable,
                    unreadable,
                };
                // As an error of IO, so that a closed pipe is seen as one.
                serde_json::to_writer(&mut *out, &json).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(out.flush()?)
    }
}

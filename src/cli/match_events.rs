//! `ruleproof match`: grep for events.

use std::io::{BufWriter, Write, stdout};

use super::args::MatchArgs;
use super::exit::Exit;
use super::output::complain;
use super::replay::open;
use super::typed::{TypedPattern, typed_pattern};
use crate::matcher::Matcher;
use crate::sources::{Batch, EventSource, Item, Origin, Progress, SourceLimits};
use crate::verdict::{Errored, JudgeScratch, RuleSet, Verdict, judge};

pub(super) fn run(args: MatchArgs) -> anyhow::Result<Exit> {
    let limits = args.reading.limits.limits();
    let Some(TypedPattern { pattern, .. }) = typed_pattern(&args.pattern, &limits)? else {
        return Ok(Exit::Unusable);
    };
    let rules = RuleSet::of_patterns(Matcher::new([&pattern], limits.profile));
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let mut batch = Batch::with_limits(&limits);
    let Ok(mut source) = open(&args.events, limits) else { return Ok(Exit::Unusable) };
    let mut selection =
        Selection { args: &args, rules, scratch: JudgeScratch::default(), read: 0, selected: 0 };
    let mut out = BufWriter::new(stdout().lock());
    loop {
        let progress = source.next_batch(&mut batch);
        selection.batch(&source, &batch, &mut out)?;
        // Whoever follows a live stream wants to see each event when it comes.
        out.flush()?;
        if progress == Progress::Done {
            break;
        }
    }
    if args.count {
        writeln!(out, "{}", selection.selected)?;
    }
    out.flush()?;
    Ok(match selection {
        Selection { read: 0, .. } => {
            complain("no events were read");
            Exit::NothingToRun
        }
        Selection { selected: 0, .. } => Exit::ExpectationFailed,
        _ => Exit::Fine,
    })
}

struct Selection<'a> {
    args: &'a MatchArgs,
    rules: RuleSet,
    scratch: JudgeScratch,
    read: u64,
    selected: u64,
}

impl Selection<'_> {
    fn batch(
        &mut self,
        source: &impl EventSource,
        batch: &Batch,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        for item in batch.items() {
            match item {
                Item::Event { bytes, origin } => self.event(batch.event(bytes), *origin, source, out)?,
                Item::Broken { origin, problem } => {
                    self.read += 1;
                    errored(source, *origin, &problem.to_string());
                }
                Item::Skipped { .. } => {}
            }
        }
        Ok(())
    }

    /// Errored events neither match nor not match, so they are never selected.
    fn event(
        &mut self,
        event: &[u8],
        origin: Origin,
        source: &impl EventSource,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        self.read += 1;
        let matches = match judge(&self.rules, event, &mut self.scratch).verdict {
            Verdict::Delivered(_) | Verdict::Errored(Errored::Targets(_)) => true,
            Verdict::Unmatched => false,
            Verdict::Errored(Errored::Event(error)) => {
                errored(source, origin, &error.reason);
                return Ok(());
            }
        };
        if matches != self.args.invert {
            self.selected += 1;
            if !self.args.count {
                write_line(event, out)?;
            }
        }
        Ok(())
    }
}

fn errored(source: &impl EventSource, origin: Origin, reason: &str) {
    complain(&format!("{}:{}: {reason}", source.input_name(origin.input), origin.line));
}

/// One event per line: line ends inside an event can only be white space between its tokens.
fn write_line(event: &[u8], out: &mut impl Write) -> std::io::Result<()> {
    for piece in event.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        match piece.split_last() {
            Some((b'\n' | b'\r', rest)) => {
                out.write_all(rest)?;
                out.write_all(b" ")?;
            }
            _ => out.write_all(piece)?,
        }
    }
    out.write_all(b"\n")
}

//! `ruleproof replay`.

use std::fs::File;
use std::io::{self, BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::Context;

use super::args::{Format, ReplayArgs};
use super::exit::Exit;
use super::output::complain;
use super::plan::Plan;
use super::progress::Progress;
use super::rule_set::{Complained, EventIds, rule_set};
use crate::replay::{Outputs, ReplayOptions, replay};
use crate::report::{RunEnd, Summary, write_human, write_json};
use crate::sources::{FileEvents, SourceLimits};
use crate::verdict::RuleSet;

pub(super) fn run(args: ReplayArgs) -> anyhow::Result<Exit> {
    let plan = Plan::new(&args.rules, &args.events, &args.parameters)?;
    for (sources, what) in [(&plan.rules, "rules"), (&plan.events, "events")] {
        if sources.is_empty() {
            complain(&format!("no {what}: give --{what}, or name them in {}", crate::config::FILE_NAME));
            return Ok(Exit::NothingToRun);
        }
    }
    let event_ids = if args.outputs().next().is_some() { EventIds::Noted } else { EventIds::Ignored };
    let Ok(rules) = rule_set(&plan.rules, &plan.parameters, args.reading.limits, event_ids) else {
        return Ok(Exit::Unusable);
    };
    if rules.rules().is_empty() {
        complain("no rule listens to events");
        return Ok(Exit::NothingToRun);
    }
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(source) = open(&plan.events, limits.clone()) else { return Ok(Exit::Unusable) };
    if let Some((path, what)) = args.outputs().find(|(path, _)| source.reads_from(path)) {
        complain(&format!("{} is among the events; write the {what} elsewhere", path.display()));
        return Ok(Exit::Unusable);
    }
    if args.results.is_some() && args.results == args.payloads {
        complain("results and payloads need a file each");
        return Ok(Exit::Unusable);
    }
    let summary = replay_into(&args, source, &rules, limits)?;
    print(&summary, args.format)?;
    Ok(match summary.end {
        RunEnd::Interrupted => Exit::Interrupted,
        RunEnd::Complete if summary.read == 0 => {
            complain("no events were read");
            Exit::NothingToRun
        }
        RunEnd::Complete if summary.errored == summary.read => {
            complain("not one event could be judged");
            Exit::Unusable
        }
        RunEnd::Complete => Exit::Fine,
    })
}

/// Opens sources of events, printing every one that cannot be opened.
pub(super) fn open(specs: &[String], limits: SourceLimits) -> Result<FileEvents, Complained> {
    FileEvents::open(specs, limits).map_err(|errors| {
        errors.iter().for_each(|error| complain(&error.to_string()));
        Complained
    })
}

fn replay_into(
    args: &ReplayArgs,
    source: FileEvents,
    rules: &RuleSet,
    limits: SourceLimits,
) -> anyhow::Result<Summary> {
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = args.threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(cores);
    let options = ReplayOptions { threads, limits, stop: stop_on_interrupt()? };
    let progress = Progress::new(source.progress(), source.bytes_total());
    let mut results = args.results.as_deref().map(OutputFile::create).transpose()?;
    let mut payloads = args.payloads.as_deref().map(OutputFile::create).transpose()?;
    let outputs = Outputs {
        results: results.as_mut().map(|file| file as &mut dyn Write),
        payloads: payloads.as_mut().map(|file| file as &mut dyn Write),
    };
    let summary = replay(source, rules, &options, outputs, |observed| progress.show(observed.read));
    progress.finish();
    // As text: a file whose reader has gone is an error, unlike standard output that nobody reads.
    summary.map_err(|error| anyhow::anyhow!("{error}"))
}

impl ReplayArgs {
    /// The files to write, and what goes into each.
    fn outputs(&self) -> impl Iterator<Item = (&Path, &'static str)> {
        let results = self.results.as_deref().map(|path| (path, "results"));
        results.into_iter().chain(self.payloads.as_deref().map(|path| (path, "payloads")))
    }
}

/// A file whose errors name it.
struct OutputFile<'p> {
    path: &'p Path,
    file: BufWriter<File>,
}

impl<'p> OutputFile<'p> {
    fn create(path: &'p Path) -> anyhow::Result<OutputFile<'p>> {
        let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(OutputFile { path, file: BufWriter::new(file) })
    }

    fn named(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{} cannot be written: {error}", self.path.display()))
    }
}

impl Write for OutputFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|error| self.named(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(|error| self.named(&error))
    }
}

/// The first interrupt ends the run with a summary; the second ends the program.
fn stop_on_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Interrupted as i32);
        }
    })?;
    Ok(stop)
}

fn print(summary: &Summary, format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        Format::Human => write_human(summary, &mut out)?,
        Format::Json => write_json(summary, &mut out)?,
    }
    out.flush()
}

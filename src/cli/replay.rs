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
use super::progress::Progress;
use super::rule_set::{Complained, EventIds, rule_set};
use crate::config::Config;
use crate::replay::{ReplayOptions, RuleSet, replay};
use crate::report::{RunEnd, Summary, write_human, write_json};
use crate::rules::Parameters;
use crate::sources::{FileEvents, SourceLimits};

/// What to replay, once the configuration has filled what was not typed.
struct Plan {
    rules: Vec<String>,
    events: Vec<String>,
    parameters: Parameters,
}

pub(super) fn run(args: ReplayArgs) -> anyhow::Result<Exit> {
    let plan = plan(&args)?;
    for (sources, what) in [(&plan.rules, "rules"), (&plan.events, "events")] {
        if sources.is_empty() {
            complain(&format!("no {what}: give --{what}, or name them in {}", crate::config::FILE_NAME));
            return Ok(Exit::NothingToRun);
        }
    }
    let event_ids = if args.results.is_some() { EventIds::Noted } else { EventIds::Ignored };
    let Ok(rules) = rule_set(&plan.rules, &plan.parameters, args.reading.limits, event_ids) else {
        return Ok(Exit::Unusable);
    };
    if rules.names().is_empty() {
        complain("no rule listens to events");
        return Ok(Exit::NothingToRun);
    }
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(source) = open(&plan.events, limits.clone()) else { return Ok(Exit::Unusable) };
    if let Some(path) = args.results.as_deref().filter(|path| source.reads_from(path)) {
        complain(&format!("{} is among the events; write the results elsewhere", path.display()));
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

fn plan(args: &ReplayArgs) -> anyhow::Result<Plan> {
    let mut plan =
        Plan { rules: args.rules.clone(), events: args.events.clone(), parameters: Parameters::default() };
    if args.rules.is_empty() || args.events.is_empty() {
        let config = Config::nearest(&std::env::current_dir()?)?.unwrap_or_default();
        if args.rules.is_empty() {
            plan.rules = config.rules;
        }
        if args.events.is_empty() {
            plan.events = config.events;
        }
        config.parameters.into_iter().for_each(|(name, value)| plan.parameters.set(name, value));
    }
    // Typed values win over those of the configuration.
    for argument in &args.parameters {
        Parameters::parse(std::slice::from_ref(argument))?;
        if let Some((name, value)) = argument.split_once('=') {
            plan.parameters.set(name, value);
        }
    }
    Ok(plan)
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
    let mut results = args.results.as_deref().map(create).transpose()?;
    let sink = results.as_mut().map(|file| file as &mut dyn Write);
    let summary = replay(source, rules, &options, sink, |observed| progress.show(observed.read));
    progress.finish();
    // As text: a results file whose reader has gone is an error, unlike standard output that nobody reads.
    let path = args.results.as_deref().unwrap_or(Path::new("results"));
    summary.map_err(|error| anyhow::anyhow!("{} cannot be written: {error}", path.display()))
}

fn create(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(BufWriter::new(file))
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

//! `ruleproof replay`.

use std::io::{self, BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread;

use super::args::{Format, ReplayArgs};
use super::exit::Exit;
use super::interrupt::stop_on_interrupt;
use super::metrics::Metrics;
use super::output::{Complained, complain};
use super::output_file::{FilesInUse, OutputFile};
use super::plan::Plan;
use super::progress::Progress;
use super::rule_set::{EventIds, rule_set};
use crate::replay::{Outputs, ReplayMetrics, ReplayOptions, replay};
use crate::report::{RunEnd, Summary, write_human, write_json};
use crate::rules::files_of;
use crate::sources::{FileEvents, SourceLimits};
use crate::telemetry::alarm::Ending;
use crate::verdict::RuleSet;

pub(super) fn run(args: ReplayArgs) -> anyhow::Result<Exit> {
    let plan = Plan::new(&args.rules, &args.events, &args.parameters)?;
    for (sources, what) in [(&plan.rules, "rules"), (&plan.events, "events")] {
        if sources.is_empty() {
            complain(&format!("no {what}: give --{what}, or name them in {}", crate::config::FILE_NAME));
            return Ok(Exit::NothingToRun);
        }
    }
    let writes = args.results.is_some() || args.payloads.is_some();
    let event_ids = if writes { EventIds::Noted } else { EventIds::Ignored };
    let rules = match rule_set(&plan.rules, &plan.parameters, args.reading.limits, event_ids) {
        Ok(rules) => rules,
        Err(exit) => return Ok(exit),
    };
    if rules.rules().is_empty() {
        complain("no rule listens to events");
        return Ok(Exit::NothingToRun);
    }
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(source) = open(&plan.events, limits.clone()) else { return Ok(Exit::Unusable) };
    let mut in_use = FilesInUse::default();
    in_use.note(files_of(&plan.rules), "the rules");
    in_use.note(&plan.config, "the configuration");
    note_events(&source, &mut in_use);
    let Ok(mut files) = Files::create(&args, &mut in_use)? else { return Ok(Exit::Unusable) };
    let metrics = Metrics::start(&args.metrics)?;
    let counting = metrics.registry().map(|registry| ReplayMetrics::new(registry, &rules));
    metrics.readiness().ready();
    let summary = replay_into(&args, source, &rules, limits, &mut files, counting)?;
    print(&summary, args.format)?;
    let exit = match summary.end {
        RunEnd::Interrupted => Exit::Interrupted,
        RunEnd::Complete if summary.read == 0 => {
            complain("no events were read");
            Exit::NothingToRun
        }
        RunEnd::Complete if !any_judged(&summary) => {
            complain("not one event could be judged");
            Exit::Unusable
        }
        RunEnd::Complete => Exit::Fine,
    };
    Ok(metrics.finish(Ending::OneShot, exit))
}

/// Notes the files that events come from.
pub(super) fn note_events(source: &FileEvents, in_use: &mut FilesInUse) {
    in_use.note(source.paths(), "the events");
    if source.reads_standard_input() {
        in_use.note_standard_input("the events");
    }
}

/// The files to write besides the summary.
struct Files {
    results: Option<OutputFile>,
    payloads: Option<OutputFile>,
}

impl Files {
    fn create(args: &ReplayArgs, in_use: &mut FilesInUse) -> anyhow::Result<Result<Files, Complained>> {
        let mut create = |path: Option<&Path>, content| {
            path.map(|path| OutputFile::create(path, content, in_use)).transpose().map(Option::transpose)
        };
        let (results, payloads) =
            (create(args.results.as_deref(), "results")?, create(args.payloads.as_deref(), "payloads")?);
        Ok(results.and_then(|results| payloads.map(|payloads| Files { results, payloads })))
    }
}

/// Whether any event was judged: one that errored because of a target has at least matched its rule.
fn any_judged(summary: &Summary) -> bool {
    summary.errored < summary.read || summary.rules.iter().any(|rule| rule.matched > 0)
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
    files: &mut Files,
    metrics: Option<ReplayMetrics<'_>>,
) -> anyhow::Result<Summary> {
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = args.threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(cores);
    let options = ReplayOptions { threads, limits, stop: stop_on_interrupt()? };
    let progress = Progress::new(source.progress(), source.bytes_total());
    let outputs = Outputs {
        results: files.results.as_mut().map(|file| file as &mut dyn Write),
        payloads: files.payloads.as_mut().map(|file| file as &mut dyn Write),
        metrics,
    };
    let summary = replay(source, rules, &options, outputs, |observed| progress.show(observed.read));
    progress.finish();
    // As text: a file whose reader has gone is an error, unlike standard output that nobody reads.
    summary.map_err(|error| anyhow::anyhow!("{error}"))
}

fn print(summary: &Summary, format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        Format::Human => write_human(summary, &mut out)?,
        Format::Json => write_json(summary, &mut out)?,
    }
    out.flush()
}

//! `ruleproof replay`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use super::args::{Format, ReplayArgs};
use super::checkpoint::{Begun, Checkpoint, Identity, Ready};
use super::exit::Exit;
use super::feeds::Recording;
use super::interrupt::stop_on_interrupt;
use super::metrics::Metrics;
use super::output::{Complained, complain, remark};
use super::output_file::{Content, FilesInUse, OutputFile};
use super::plan::Plan;
use super::progress::Progress;
use super::rule_set::{EventIds, compiled};
use crate::findings::Compiled;
use crate::replay::{Observed, Outputs, ReplayMetrics, ReplayOptions, replay, replay_kept};
use crate::report::{RunEnd, Summary, write_human, write_json};
use crate::rules::files_of;
use crate::sample::queue::DrainPlace;
use crate::sources::{
    FeedFailure, FeedFault, FeedScheme, Feeds, FileEvents, FirstEvents, FoundEvents, OpenError, Position,
    SourceLimits,
};
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
    let recording =
        args.checkpoint.checkpoint.as_ref().map_or(Recording::NoCheckpoint, |_| Recording::Checkpoint);
    if args.feeds.check(&plan.events, recording).is_err() {
        return Ok(Exit::Unusable);
    }
    let writes = args.results.is_some() || args.payloads.is_some();
    let event_ids = if writes { EventIds::Noted } else { EventIds::Ignored };
    let compiled = match compiled(&plan.rules, &plan.parameters, args.reading.limits) {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    if compiled.rules.is_empty() {
        complain("no rule listens to events");
        return Ok(Exit::NothingToRun);
    }
    let rules = compiled.rule_set(event_ids, args.reading.limits.limits().profile);
    let Ok(Prepared { found, limits, mut files, ready, mut in_use }) = Prepared::of(&args, &plan, &compiled)?
    else {
        return Ok(Exit::Unusable);
    };
    let left = args.limit.map(|limit| limit - limit.min(ready.as_ref().map_or(0, Ready::read)));
    let Ok(metrics) = Metrics::start(&args.metrics, &mut in_use)? else { return Ok(Exit::Unusable) };
    let stop = stop_on_interrupt()?;
    say_what_is_hidden(ready.as_ref().and_then(Ready::position));
    // Last, once nothing else can fail: an archive is replayed by things that are made for it and have to be removed.
    let position = ready.as_ref().and_then(Ready::position);
    let mut source = match open_feeds(found, &args.feeds.feeds(recording, &stop), position) {
        Ok(source) => source,
        Err(exit) => return Ok(exit),
    };
    let mut acknowledgements = source.acknowledgements();
    let begun = match ready {
        Some(ready) => {
            let outputs = [files.results.as_mut(), files.payloads.as_mut()];
            match ready.begin(outputs, std::mem::take(&mut acknowledgements))? {
                Ok(begun) => Some(begun),
                Err(Complained) => return Ok(Exit::Unusable),
            }
        }
        None => None,
    };
    let failures = source.failures();
    let is_of_archive =
        plan.events.iter().any(|spec| matches!(FeedScheme::of(spec), Some((FeedScheme::Archive, _))));
    let mut replaying = Replaying { args: &args, rules: &rules, limits, left, files, stop, is_of_archive };
    let counting = metrics.registry().map(|registry| ReplayMetrics::new(registry, &rules));
    metrics.readiness().ready();
    let summary = replaying.run(source, begun, counting);
    acknowledgements.finish();
    let summary = summary?;
    print(&summary, args.format)?;
    let exit = match failures.iter().find_map(FeedFailure::get) {
        Some(failure) => {
            complain(failure);
            Exit::BackEndFailed
        }
        None => exit_of(&summary),
    };
    Ok(metrics.finish(Ending::OneShot, exit))
}

/// A queue that is gone on with is found empty only once all that was hidden before can have come again.
fn say_what_is_hidden(position: Option<&Position>) {
    let place = position.and_then(|position| DrainPlace::parse(position.place.as_deref()?).ok());
    if let Some(DrainPlace { hidden_s, .. }) = place.filter(|place| place.hidden_s > 0) {
        remark(&format!(
            "messages that the run before received and did not record are hidden for up to {hidden_s} s, and waited for"
        ));
    }
}

fn exit_of(summary: &Summary) -> Exit {
    match summary.end {
        RunEnd::Interrupted => Exit::Interrupted,
        RunEnd::Complete if summary.read == 0 => {
            complain("no events were read");
            Exit::NothingToRun
        }
        RunEnd::Complete if !any_judged(summary) => {
            complain("not one event could be judged");
            Exit::Unusable
        }
        RunEnd::Complete => Exit::Fine,
    }
}

/// The options that have to be the same when the run is gone on with.
fn options_of(args: &ReplayArgs) -> io::Result<BTreeMap<String, String>> {
    let mut options = BTreeMap::from([
        ("--limits".to_owned(), format!("{:?}", args.reading.limits).to_lowercase()),
        ("--event-bytes-max".to_owned(), args.reading.event_bytes_max.to_string()),
    ]);
    for (name, path) in [("--results", &args.results), ("--payloads", &args.payloads)] {
        if let Some(path) = path {
            options.insert(name.to_owned(), std::path::absolute(path)?.display().to_string());
        }
    }
    options.extend(args.feeds.options());
    options.extend(args.limit.map(|limit| ("--limit".to_owned(), limit.to_string())));
    Ok(options)
}

/// Notes the files that events come from.
pub(super) fn note_events(source: &FileEvents, in_use: &mut FilesInUse) {
    in_use.note(source.paths(), "the events");
    if source.reads_standard_input() {
        in_use.note_standard_input("the events");
    }
}

/// What can be set up on this machine, and is before anything is made elsewhere.
struct Prepared {
    found: FoundEvents,
    limits: SourceLimits,
    files: Files,
    /// With a checkpoint.
    ready: Option<Ready>,
    in_use: FilesInUse,
}

impl Prepared {
    /// Looks at everything that the run reads and writes; what is wrong has been printed.
    fn of(
        args: &ReplayArgs,
        plan: &Plan,
        compiled: &Compiled,
    ) -> anyhow::Result<Result<Prepared, Complained>> {
        let Ok(checkpoint) = Checkpoint::look(&args.checkpoint) else { return Ok(Err(Complained)) };
        let mut limits =
            SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
        if checkpoint.is_some() {
            limits.batch_bytes_target = KEPT_BATCH_BYTES;
        }
        let Ok(found) = find(&plan.events, limits.clone()) else { return Ok(Err(Complained)) };
        let mut in_use = FilesInUse::default();
        in_use.note(files_of(&plan.rules), "the rules");
        in_use.note(&plan.config, "the configuration");
        note_events(found.events(), &mut in_use);
        let identity = Identity::of(compiled, options_of(args)?, found.events());
        if checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.check(&identity).is_err()) {
            return Ok(Err(Complained));
        }
        let Ok(files) = Files::create(args, &mut in_use)? else { return Ok(Err(Complained)) };
        let ready = match (checkpoint, identity) {
            (Some(checkpoint), Ok(identity)) => {
                let outputs = [files.results.as_ref(), files.payloads.as_ref()];
                let Ok(ready) = checkpoint.ready(&identity, outputs, &mut in_use)? else {
                    return Ok(Err(Complained));
                };
                Some(ready)
            }
            _ => None,
        };
        Ok(Ok(Prepared { found, limits, files, ready, in_use }))
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
            let content = Content::OfEvents(content);
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
    FileEvents::open(specs, limits).map_err(|errors| say(&errors))
}

/// Finds sources of events, printing every one that is not there. Feeds are still to be opened.
pub(super) fn find(specs: &[String], limits: SourceLimits) -> Result<FoundEvents, Complained> {
    FileEvents::find(specs, limits).map_err(|errors| say(&errors))
}

fn say(errors: &[OpenError]) -> Complained {
    errors.iter().for_each(|error| complain(&error.to_string()));
    Complained
}

/// Opens the feeds of what was found, from a position on; as an error how the command ends.
pub(super) fn open_feeds(
    found: FoundEvents,
    feeds: &dyn Feeds,
    position: Option<&Position>,
) -> Result<FileEvents, Exit> {
    found.open(feeds, position).map_err(|errors| {
        say(&errors);
        let is_of = |fault: FeedFault| {
            errors.iter().any(|error| matches!(error, OpenError::Feed { fault: of, .. } if *of == fault))
        };
        match () {
            () if is_of(FeedFault::Interrupted) => Exit::Interrupted,
            () if is_of(FeedFault::BackEnd) => Exit::BackEndFailed,
            () => Exit::Unusable,
        }
    })
}

/// A checkpoint lies between two batches; with small ones little is done twice after a crash.
const KEPT_BATCH_BYTES: usize = 256 << 10;

/// A replay that can begin.
struct Replaying<'a> {
    args: &'a ReplayArgs,
    rules: &'a RuleSet,
    limits: SourceLimits,
    /// Events that are still to be read, if not all are.
    left: Option<u64>,
    files: Files,
    stop: Arc<AtomicBool>,
    /// Something was set up on AWS for it.
    is_of_archive: bool,
}

impl Replaying<'_> {
    fn run(
        &mut self,
        source: FileEvents,
        begun: Option<Begun>,
        metrics: Option<ReplayMetrics<'_>>,
    ) -> anyhow::Result<Summary> {
        let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let threads =
            self.args.threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(cores);
        let options = ReplayOptions { threads, limits: self.limits.clone(), stop: Arc::clone(&self.stop) };
        let progress = Progress::new(source.progress(), source.bytes_total());
        let source = FirstEvents::of(source, self.left);
        let outputs = Outputs {
            results: self.files.results.as_mut().map(|file| file as &mut dyn Write),
            payloads: self.files.payloads.as_mut().map(|file| file as &mut dyn Write),
            metrics,
        };
        let observe = |observed: Observed| progress.show(observed.read);
        let summary = match begun {
            None => replay(source, self.rules, &options, outputs, observe),
            Some(Begun { mut keeper, state }) => {
                let summary = replay_kept(source, self.rules, &options, outputs, state, &mut keeper, observe);
                keeper.finish();
                if !keeper.is_complete() {
                    remark(&format!(
                        "{} events are recorded; to go on behind them, give the same command with --resume",
                        keeper.read()
                    ));
                    if self.is_of_archive {
                        remark("the temporary rule and queue stay until then; `probe sweep` removes them");
                    }
                }
                summary
            }
        };
        progress.finish();
        // As text: a file whose reader has gone is an error, unlike standard output that nobody reads.
        summary.map_err(|error| anyhow::anyhow!("{error}"))
    }
}

fn print(summary: &Summary, format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        Format::Human => write_human(summary, &mut out)?,
        Format::Json => write_json(summary, &mut out)?,
    }
    out.flush()
}

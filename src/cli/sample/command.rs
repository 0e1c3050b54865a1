//! From arguments to an exit code.

use std::io::{self, BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::args::{OverloadName, SampleArgs};
use super::cross_check::{self, CrossCheckBundle};
use super::drift::{drift_options, tell_uncompared, write_baseline};
use super::input::{Input, InputSpec, Recorder};
use super::output::{Synced, cut_broken_line};
use super::plan::sampling_plan;
use super::probe;
use super::reload::{RuleLoader, UsableRules, watch};
use super::signals::Signals;
use super::tap::{TapFiles, tap_options};
use crate::cli::args::Format;
use crate::cli::exit::Exit;
use crate::cli::output::{Complained, complain, remark};
use crate::cli::output_file::{Content, FilesInUse, OutputFile};
use crate::cli::plan::Plan;
use crate::cli::progress::Progress;
use crate::cli::replay::note_events;
use crate::diff::EventContents;
use crate::replay::Observed;
use crate::report::{SampleSummary, ShadowReport, drift_words, write_sample_human, write_sample_json};
use crate::rules::files_of;
use crate::sample::{
    Observer, Overload, Published, RuleSwitch, SampleOptions, Sampled, ShadowOptions, sample,
};
use crate::sampling::drift::DriftChange;
use crate::sources::SourceLimits;
use crate::telemetry::alarm::Ending;

/// Bytes of a batch: small, as several are in flight beside production.
const BATCH_BYTES: usize = 1 << 20;

/// Events that are named for each difference of candidate rules.
const EXAMPLES_MAX: usize = 3;

pub(in crate::cli) fn run(args: SampleArgs) -> anyhow::Result<Exit> {
    let plan = Plan::new(&args.rules, &args.events, &args.parameters)?;
    for (sources, what) in [(&plan.rules, "rules"), (&plan.events, "events")] {
        if sources.is_empty() {
            complain(&format!("no {what}: give --{what}, or name them in {}", crate::config::FILE_NAME));
            return Ok(Exit::NothingToRun);
        }
    }
    let Ok(sampling) = sampling_plan(&args)? else { return Ok(Exit::Unusable) };
    let loader = RuleLoader {
        sources: plan.rules.clone(),
        candidate: args.candidate.clone(),
        parameters: plan.parameters.clone(),
        limits: args.reading.limits,
    };
    let rules = match loader.load() {
        Ok(rules) => rules,
        Err(exit) => return Ok(exit),
    };
    let limits = SourceLimits {
        event_bytes_max: args.reading.event_bytes_max,
        batch_bytes_target: BATCH_BYTES,
        ..SourceLimits::default()
    };
    let Ok(spec) = InputSpec::new(&plan.events, &limits) else { return Ok(Exit::Unusable) };
    let mut in_use = FilesInUse::default();
    in_use.note(files_of(&plan.rules), "the rules");
    in_use.note(files_of(&args.candidate), "the candidate rules");
    in_use.note(&plan.config, "the configuration");
    if let InputSpec::Files(files) = &spec {
        note_events(files, &mut in_use);
    }
    in_use.note(&args.tap_key, "the keys");
    // A pattern that was typed is no name of a file.
    in_use.note(&args.keep, "the patterns");
    if let Some(path) = &args.baseline {
        match path.exists() {
            true => in_use.note([path], "what is compared with"),
            false if in_use.claim(path, "baseline").is_err() => return Ok(Exit::Unusable),
            false => {}
        }
    }
    let tapping = args.tap.is_some().then(|| tap_options(&args)).transpose()?.transpose();
    let Ok(tapping) = tapping else { return Ok(Exit::Unusable) };
    let Ok(results) = results(&args, &spec, &mut in_use)? else { return Ok(Exit::Unusable) };
    let aside = args.set_aside.as_deref().map(|path| synced(path, "messages", &mut in_use));
    let Ok(aside) = aside.transpose()?.transpose() else { return Ok(Exit::Unusable) };
    let bundle = args.cross_check_bundle.as_deref();
    let bundle = bundle.map(|path| OutputFile::append(path, Content::OfEvents("disagreements"), &mut in_use));
    let Ok(bundle) = bundle.transpose()?.transpose() else { return Ok(Exit::Unusable) };
    let probed = args.probe.probe_results.as_deref();
    let probed = probed.map(|path| OutputFile::create(path, Content::OfEvents("results"), &mut in_use));
    let Ok(probed) = probed.transpose()?.transpose() else { return Ok(Exit::Unusable) };
    let tap = args.tap.as_deref().map(|path| TapFiles::open(path, args.tap_force, &mut in_use));
    let Ok(tap) = tap.transpose()?.transpose() else { return Ok(Exit::Unusable) };
    let is_live = spec.is_live();
    let Ok(drift) = drift_options(&args, is_live)? else { return Ok(Exit::Unusable) };
    let signals = Signals::listen()?;
    let options = SampleOptions {
        plan: sampling,
        threads: NonZeroUsize::new(args.threads.into()).unwrap_or(NonZeroUsize::MIN),
        limits,
        overload: overload(&args, &spec),
        drift,
        shadow: shadow_options(&args),
        tap: tapping.map(Arc::new),
        cross_check: None,
        probing: None,
        stop: if spec.ends_itself() { Arc::default() } else { Arc::clone(&signals.stop) },
    };
    let progress = match &spec {
        InputSpec::Files(files) => Some(Progress::new(files.progress(), files.bytes_total())),
        InputSpec::Http(_) | InputSpec::Queue(_) => None,
    };
    let input = match spec.start(&args, &options.limits, &signals, aside, &mut in_use)? {
        Ok(input) => input,
        Err(exit) => return Ok(exit),
    };
    let work = Work { is_live, loader, rules, results, tap, bundle, probed, progress, signals };
    run_input(input, &args, options, work)
}

/// What a run needs besides its options.
struct Work {
    is_live: bool,
    loader: RuleLoader,
    rules: UsableRules,
    results: Option<Box<dyn Write>>,
    tap: Option<TapFiles>,
    bundle: Option<OutputFile>,
    probed: Option<OutputFile>,
    progress: Option<Progress>,
    signals: Signals,
}

fn run_input(
    input: Input,
    args: &SampleArgs,
    mut options: SampleOptions,
    work: Work,
) -> anyhow::Result<Exit> {
    let Input { source, metrics, recorder } = input;
    let Work { is_live, loader, rules, mut results, tap, bundle, probed, progress, signals } = work;
    let switch = Arc::new(RuleSwitch::new(loader.ruling(&rules)));
    let registry = Arc::clone(metrics.always());
    let bundle = bundle.map(|file| Box::new(file) as CrossCheckBundle);
    let checker = match cross_check::start(args, bundle, &registry)? {
        Ok(started) => started.map(|(checker, check)| {
            options.cross_check = Some(check);
            checker
        }),
        Err(exit) => return Ok(exit),
    };
    let prober = match probe::start(args, switch.current(), loader.mirrored(&rules), probed, &registry)? {
        Ok(started) => started.map(|(prober, probing)| {
            options.probing = Some(probing);
            prober
        }),
        Err(exit) => return Ok(exit),
    };
    let (head, sources) = (loader.head(&rules), loader.sources.clone());
    watch(loader, rules, Arc::clone(&switch), Arc::clone(&registry), signals.clone());
    let lines = results.as_mut().map(|file| file as &mut dyn Write);
    let mut watcher = Watcher { progress, recorder };
    metrics.readiness().ready();
    let sampled = sample(source, &switch, &options, lines, Published::new(registry), &mut watcher);
    metrics.readiness().not_ready("ending");
    watcher.progress.iter().for_each(Progress::finish);
    if sampled.is_err() {
        // Whatever still waits for events is to end too.
        signals.stop.store(true, Ordering::Relaxed);
    }
    let failed = watcher.recorder.and_then(Recorder::finish);
    // As text: a file whose reader has gone is an error, unlike standard output that nobody reads.
    let Sampled { mut summary, baseline, tapped } = sampled.map_err(|error| anyhow::anyhow!("{error}"))?;
    summary.interrupted = signals.is_stopped();
    summary.cross_check = checker.map(|checker| checker.finish(cross_check::GRACE));
    summary.probed = prober.map(|prober| {
        remark("waiting for what is on its way through the testbed");
        prober.finish(|| signals.is_stopped(), probe::GRACE)
    });
    let is_learned = write_baseline(args, baseline.as_ref())?;
    let drift = summary.drift.as_ref().filter(|_| args.expect_no_drift && summary.read > 0);
    let is_uncompared = drift.is_some_and(|drift| tell_uncompared(args, drift, baseline.as_ref()));
    // A service has told, and may see more tomorrow; who learns a baseline got it.
    let nothing_compared = is_uncompared && !is_live && !is_learned;
    if let Some((tap, tapped)) = tap.zip(tapped) {
        tap.write(&tapped, &sources, head)?;
    }
    print(&summary, args.format)?;
    let ending = if summary.interrupted { Ending::Service } else { Ending::OneShot };
    let exit = match exit(&summary, args, &signals) {
        Exit::Fine if nothing_compared && !summary.interrupted => Exit::NothingToRun,
        exit => exit,
    };
    Ok(metrics.finish(ending, failed.unwrap_or(exit)))
}

fn shadow_options(args: &SampleArgs) -> ShadowOptions {
    let contents = if args.show_events { EventContents::Shown } else { EventContents::Hidden };
    ShadowOptions { examples_max: EXAMPLES_MAX, contents }
}

/// The file of results, if one is wanted; printed if it cannot be written. With a queue, lines are added to those of an
/// earlier run and are on the disk before messages are deleted.
fn results(
    args: &SampleArgs,
    spec: &InputSpec,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Result<Option<Box<dyn Write>>, Complained>> {
    let Some(path) = args.results.as_deref() else { return Ok(Ok(None)) };
    Ok(match spec {
        InputSpec::Queue(_) => {
            synced(path, "results", in_use)?.map(|file| Some(Box::new(file) as Box<dyn Write>))
        }
        _ => OutputFile::create(path, Content::OfEvents("results"), in_use)?
            .map(|file| Some(Box::new(file) as Box<dyn Write>)),
    })
}

/// A file to which lines are added. Not before it is known not to be in use is its broken last line cut.
fn synced(
    path: &Path,
    content: &'static str,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Result<Synced, Complained>> {
    if in_use.check(path, content).is_err() {
        return Ok(Err(Complained));
    }
    cut_broken_line(path)?;
    Ok(OutputFile::append(path, Content::OfEvents(content), in_use)?.map(Synced))
}

/// Tells people what happens.
struct Watcher {
    progress: Option<Progress>,
    recorder: Option<Box<dyn Recorder>>,
}

impl Observer for Watcher {
    fn read(&mut self, observed: Observed) {
        self.progress.iter().for_each(|progress| progress.show(observed.read));
    }

    fn recorded(&mut self) {
        self.recorder.iter_mut().for_each(|recorder| recorder.recorded());
    }

    fn drifted(&mut self, change: &DriftChange) {
        remark(&drift_words(change));
    }
}

fn overload(args: &SampleArgs, spec: &InputSpec) -> Overload {
    match args.overload {
        // Queues and HTTP have room and refusals of their own.
        _ if matches!(spec, InputSpec::Http(_) | InputSpec::Queue(_)) => Overload::Wait,
        Some(OverloadName::Drop) => Overload::Drop,
        Some(OverloadName::Wait) => Overload::Wait,
        None if spec.may_wait() => Overload::Wait,
        None => Overload::Drop,
    }
}

fn print(summary: &SampleSummary, format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        Format::Human => write_sample_human(summary, &mut out)?,
        Format::Json => write_sample_json(summary, &mut out)?,
    }
    out.flush()
}

fn exit(summary: &SampleSummary, args: &SampleArgs, signals: &Signals) -> Exit {
    match summary {
        _ if signals.is_interrupted() => Exit::Interrupted,
        SampleSummary { cross_check: Some(check), interrupted: false, .. } if check.disagreed > 0 => {
            Exit::VerdictsDisagree
        }
        SampleSummary { cross_check: Some(check), interrupted: false, .. } if check.failed_altogether() => {
            check.failure.iter().for_each(|failure| complain(failure));
            Exit::BackEndFailed
        }
        SampleSummary { probed: Some(probed), interrupted: false, .. } if probed.disagreed > 0 => {
            Exit::VerdictsDisagree
        }
        SampleSummary { probed: Some(probed), interrupted: false, .. } if probed.failed_altogether() => {
            probed.failure.iter().for_each(|failure| complain(failure));
            Exit::BackEndFailed
        }
        _ if args.expect_no_drift
            && summary.drift.as_ref().is_some_and(|drift| !drift.dropped.is_empty()) =>
        {
            Exit::ExpectationFailed
        }
        _ if args.expect_no_differences && summary.shadow.as_ref().is_some_and(ShadowReport::differs) => {
            Exit::ExpectationFailed
        }
        _ if summary.interrupted => Exit::Fine,
        SampleSummary { read: 0, .. } if !args.until_empty => {
            complain("no events were read");
            Exit::NothingToRun
        }
        // Of a queue, what cannot be judged is set aside and counted; a schedule is not to fail for it.
        _ if !args.until_empty && none_judged(summary) => {
            complain("not one event could be judged");
            Exit::Unusable
        }
        _ => Exit::Fine,
    }
}

/// Whether all that the sampler did not drop errored, and no rule matched any of it.
fn none_judged(summary: &SampleSummary) -> bool {
    summary.errored > 0
        && summary.delivered + summary.unmatched == 0
        && summary.rules.iter().all(|rule| rule.matched == 0)
}

//! From arguments to an exit code.

use std::io::{self, BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::sync::Arc;

use super::args::{OverloadName, SampleArgs};
use super::drift::{drift_options, write_baseline};
use super::plan::sampling_plan;
use super::reload::{RuleLoader, watch};
use super::signals::Signals;
use crate::cli::args::Format;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, remark};
use crate::cli::output_file::{FilesInUse, OutputFile};
use crate::cli::plan::Plan;
use crate::cli::progress::Progress;
use crate::cli::replay::{note_events, open};
use crate::replay::Observed;
use crate::report::{SampleSummary, drift_words, write_sample_human, write_sample_json};
use crate::rules::files_of;
use crate::sample::{Observer, Overload, Published, RuleSwitch, SampleOptions, sample};
use crate::sampling::drift::DriftChange;
use crate::sources::SourceLimits;
use crate::telemetry::alarm::Ending;

/// Bytes of a batch: small, as several are in flight beside production.
const BATCH_BYTES: usize = 1 << 20;

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
        parameters: plan.parameters.clone(),
        limits: args.reading.limits,
    };
    let Ok(ruling) = loader.load() else { return Ok(Exit::Unusable) };
    if ruling.set().rules().is_empty() {
        complain("no rule listens to events");
        return Ok(Exit::NothingToRun);
    }
    let limits = SourceLimits {
        event_bytes_max: args.reading.event_bytes_max,
        batch_bytes_target: BATCH_BYTES,
        ..SourceLimits::default()
    };
    let Ok(source) = open(&plan.events, limits.clone()) else { return Ok(Exit::Unusable) };
    let mut in_use = FilesInUse::default();
    in_use.note(files_of(&plan.rules), "the rules");
    in_use.note(&plan.config, "the configuration");
    note_events(&source, &mut in_use);
    let results = args.results.as_deref().map(|path| OutputFile::create(path, "results", &mut in_use));
    let Ok(mut results) = results.transpose()?.transpose() else { return Ok(Exit::Unusable) };
    if let Some(path) = args.baseline.as_ref().filter(|path| path.exists()) {
        in_use.note([path], "what is compared with");
    }
    let Ok(drift) = drift_options(&args, source.reads_standard_input())? else { return Ok(Exit::Unusable) };
    let signals = Signals::listen()?;
    let options = SampleOptions {
        plan: sampling,
        threads: NonZeroUsize::new(args.threads.into()).unwrap_or(NonZeroUsize::MIN),
        limits,
        overload: overload(&args, source.reads_standard_input()),
        drift,
        stop: Arc::clone(&signals.stop),
    };
    let (switch, registry) = (Arc::new(RuleSwitch::new(ruling)), metrics.always());
    watch(loader, Arc::clone(&switch), Arc::clone(registry), signals.clone());
    let progress = Progress::new(source.progress(), source.bytes_total());
    let lines = results.as_mut().map(|file| file as &mut dyn Write);
    let published = Published::new(Arc::clone(&registry));
    let mut watcher = Watcher { progress };
    let summary = sample(source, &switch, &options, lines, published, &mut watcher);
    watcher.progress.finish();
    // As text: a file whose reader has gone is an error, unlike standard output that nobody reads.
    let (mut summary, baseline) = summary.map_err(|error| anyhow::anyhow!("{error}"))?;
    summary.interrupted = signals.is_stopped();
    write_baseline(&args, baseline.as_ref())?;
    print(&summary, args.format)?;
    Ok(exit(&summary, &args, &signals))
}

/// Tells people what happens.
struct Watcher {
    progress: Progress,
}

impl Observer for Watcher {
    fn read(&mut self, observed: Observed) {
        self.progress.show(observed.read);
    }

    fn drifted(&mut self, change: &DriftChange) {
        remark(&drift_words(change));
    }
}

fn overload(args: &SampleArgs, is_live: bool) -> Overload {
    match args.overload {
        Some(OverloadName::Drop) => Overload::Drop,
        Some(OverloadName::Wait) => Overload::Wait,
        None if is_live => Overload::Drop,
        None => Overload::Wait,
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
        _ if args.expect_no_drift
            && summary.drift.as_ref().is_some_and(|drift| !drift.dropped.is_empty()) =>
        {
            Exit::ExpectationFailed
        }
        _ if summary.interrupted => Exit::Fine,
        SampleSummary { read: 0, .. } => {
            complain("no events were read");
            Exit::NothingToRun
        }
        _ => Exit::Fine,
    }
}

//! Tells what a run came to: on standard output, in files, and as an exit code.

use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;

use super::args::{OutcomeArgs, ProbeFormat, TrackingArgs};
use super::summary::{Contents, event_of, summary_of};
use super::times_log::write_times;
use super::tracking::{refused_by_store, typed};
use super::tracking_place::TrackingPlace;
use crate::calls::CallErrorKind;
use crate::cli::bundle::Bundle;
use crate::cli::exit::Exit;
use crate::cli::output::{Complained, complain, remark};
use crate::cli::output_file::{Content, FilesInUse, OutputFile};
use crate::probe::{Evidence, Failed, Histories, History, Part, Problem, Remembered, RunEnd};
use crate::report::{
    OurAnswer, ProbeEvent, ProbeSkip, RecordedCase, write_probe_event_json, write_probe_human,
    write_probe_json, write_probe_ndjson_summary,
};
use crate::tracking::{RunId, StoreError, TrackingStore};

/// Errored events that the text for people names.
const NAMED_MAX: usize = 20;

/// Files to write.
pub(super) struct Files {
    results: Option<OutputFile>,
    latency_log: Option<OutputFile>,
    bundle: Bundle,
}

impl Files {
    /// Opens them; none may be among those that are read. Not before the testbed was found and the tracking store is there:
    /// a start that fails leaves no empty files, and the store's file is known to be in use.
    pub(super) fn open(
        args: &OutcomeArgs,
        tracking: &TrackingArgs,
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<Files, Exit>> {
        if let TrackingPlace::File(path) = &tracking.tracking {
            in_use.note([path], "the tracking stores");
        }
        let mut create = |path: &Option<PathBuf>, content| {
            path.as_deref()
                .map(|path| OutputFile::create(path, Content::OfEvents(content), in_use))
                .transpose()
                .map(Option::transpose)
        };
        let results = create(&args.results, "results")?;
        let latency_log = create(&args.latency_log, "times")?;
        Ok(match (results, latency_log) {
            (Ok(results), Ok(latency_log)) => match Bundle::look(&args.bundle, in_use)? {
                Ok(bundle) => Ok(Files { results, latency_log, bundle }),
                Err(Complained) => Err(Exit::Unusable),
            },
            _ => Err(Exit::Unusable),
        })
    }
}

/// A run, and where it is written down.
pub(super) struct Told<'t, S> {
    pub(super) args: &'t OutcomeArgs,
    pub(super) tracking: &'t TrackingPlace,
    pub(super) run: RunId,
    pub(super) part: &'t Part,
    pub(super) store: &'t S,
    pub(super) skipped: Vec<ProbeSkip>,
}

impl<S: TrackingStore> Told<'_, S> {
    /// Writes everything that is asked for; the exit code.
    pub(super) async fn tell(mut self, mut files: Files) -> anyhow::Result<Exit> {
        let mut out = BufWriter::new(stdout());
        let read = self.events(&mut files, &mut out).await?;
        let Part { record, tally, .. } = self.part;
        let mut summary = summary_of(self.run, record, tally);
        summary.skipped = std::mem::take(&mut self.skipped);
        let errored = read.as_deref().unwrap_or_default();
        match self.args.format {
            ProbeFormat::Human => write_probe_human(&summary, errored, &mut out)?,
            ProbeFormat::Json => write_probe_json(&summary, &mut out)?,
            ProbeFormat::Ndjson => write_probe_ndjson_summary(&summary, &mut out)?,
        }
        out.flush()?;
        if let Some(file) = &mut files.latency_log {
            write_times(&self.run.to_string(), record, tally, file)?;
            file.flush()?;
        }
        if let Some(file) = &mut files.results {
            file.flush()?;
        }
        files.bundle.tell();
        let exit = self.exit();
        Ok(match read {
            Err(error) if exit != Exit::Interrupted => {
                refused_by_store(&error);
                Exit::BackEndFailed
            }
            _ => exit,
        })
    }

    /// Writes what is to be said of each event; the errored ones that are to be named.
    async fn events(
        &self,
        files: &mut Files,
        out: &mut impl Write,
    ) -> anyhow::Result<Result<Vec<ProbeEvent>, StoreError>> {
        let mut named = Vec::new();
        let all = files.results.is_some() || self.args.format == ProbeFormat::Ndjson;
        if !all && self.part.tally.errored == 0 {
            return Ok(Ok(named));
        }
        let name = self.run.to_string();
        let mut histories = Histories::of(self.store, self.run);
        loop {
            let history = match histories.next().await {
                Ok(Some(Remembered::Event(history))) => history,
                Ok(Some(Remembered::Unattributed(_))) => continue,
                Ok(None) => return Ok(Ok(named)),
                Err(error) => return Ok(Err(error)),
            };
            let event = event_of(&history, Contents::asked(self.args.payloads));
            if let Some(file) = &mut files.results {
                write_probe_event_json(&name, &event, file)?;
            }
            if self.args.format == ProbeFormat::Ndjson {
                write_probe_event_json(&name, &event, out)?;
            }
            for problem in problems_of(&history) {
                keep(&mut files.bundle, problem, self.part.record.bus.as_str());
            }
            if event.verdict == Some("errored") && named.len() < NAMED_MAX {
                named.push(event);
            }
        }
    }

    /// Says what is in the way of a complete run, and what to do.
    fn exit(&self) -> Exit {
        let Part { end, tally, .. } = self.part;
        let again = format!("ruleproof probe redrive {}{}", self.run, typed(self.tracking));
        match end {
            RunEnd::Interrupted => {
                remark(&format!("interrupted; `{again}` goes on from there"));
                Exit::Interrupted
            }
            RunEnd::Incomplete(failed) => {
                let hint = hint_of(failed).map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
                complain(&format!("{failed}{hint}"));
                remark(&match failed {
                    Failed::Call(error) if error.kind == CallErrorKind::Missing => format!(
                        "`{again}` goes on from there; messages that were in what is gone are lost, so events that wait for \
                         them err, and one more redrive sends those again"
                    ),
                    _ => format!("nothing is lost; `{again}` goes on from there"),
                });
                Exit::BackEndFailed
            }
            RunEnd::Complete if tally.disagreements + tally.late_disagreements() > 0 => {
                Exit::VerdictsDisagree
            }
            RunEnd::Complete if tally.errored > 0 => {
                remark(&format!(
                    "once the cause is gone, `{again}` sends the errored events again as they were read; what was broken in \
                     its file, or is no event, needs a new run"
                ));
                Exit::ExpectationFailed
            }
            RunEnd::Complete => Exit::Fine,
        }
    }
}

fn hint_of(failed: &Failed) -> Option<String> {
    match failed {
        Failed::Call(error) if error.kind == CallErrorKind::Missing => Some(
            "something of the testbed is gone; `ruleproof probe up` with the same --rules and --bus makes it anew"
                .to_owned(),
        ),
        other => other.hint(),
    }
}

/// What was wrong in the last attempt.
fn problems_of(history: &History) -> impl Iterator<Item = &Problem> {
    let found = history.last().and_then(|(_, attempt)| attempt.verdict.as_ref());
    found.into_iter().flat_map(|found| &found.verdict.problems)
}

/// Adds what AWS answered otherwise than we do.
fn keep(file: &mut Bundle, problem: &Problem, bus: &str) {
    let Some(bundle) = &problem.bundle else { return };
    let rule = problem.rule.as_deref().unwrap_or_default();
    let hash = xxh3_64(format!("{}\n{}", bundle.pattern, bundle.event).as_bytes());
    let how = match bundle.evidence {
        Evidence::Receipt => "a receipt of the rule",
        Evidence::Delivery => "a delivery of the rule",
        Evidence::TestEventPattern => "TestEventPattern",
    };
    let answer = |matches| if matches { "match" } else { "no_match" };
    let ours =
        OurAnswer { answered: answer(bundle.local_matches), rule, ruleproof: env!("CARGO_PKG_VERSION") };
    let case = RecordedCase {
        id: &format!("{rule}-{hash:016x}"),
        pattern: &bundle.pattern,
        event: &bundle.event,
        expect: answer(bundle.aws_matches),
        source: &format!("{how} on {bus}"),
        ours: Some(ours),
    };
    file.keep(&case);
}

//! The testbed through which `sample --probe` sends some of its events, one run after the other.

use std::io::Write;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::args::{OtherRuns, PaceArgs};
use super::drive::{driver, find};
use super::in_use::InUse;
use super::summary::{Contents, event_of};
use super::testbed::{Found, Subject, now_s, subject_of_rules};
use crate::aws::Aws;
use crate::cli::exit::Exit;
use crate::cli::output_file::OutputFile;
use crate::findings::CompiledRule;
use crate::probe::{Given, Histories, PlannedEvent, Remembered, RunEnd, Tally, Unobserved, run};
use crate::report::write_probe_event_json;
use crate::rules::BusName;
use crate::sample::ProbeRun;
use crate::tracking::{MemoryStore, RunId};

/// A testbed that mirrors the rules of the sample.
pub(in crate::cli) struct SampleBed {
    aws: Aws,
    subject: Subject,
    found: Found,
    pace: PaceArgs,
    results: Option<OutputFile>,
    stop: CancellationToken,
}

impl SampleBed {
    /// Looks whether the testbed is there, for these very rules; what is not has been printed.
    pub(in crate::cli) async fn find(
        aws: Aws,
        rules: Vec<CompiledRule>,
        bus: &BusName,
        pace: PaceArgs,
    ) -> Result<SampleBed, Exit> {
        let subject = subject_of_rules(rules, bus)?;
        let found = find(&aws, &subject).await?;
        Ok(SampleBed { aws, subject, found, pace, results: None, stop: CancellationToken::new() })
    }

    /// With a file to which a line of JSON per event is written.
    pub(in crate::cli) fn with_results(self, results: Option<OutputFile>) -> SampleBed {
        SampleBed { results, ..self }
    }

    /// Ends the run that is under way.
    pub(in crate::cli) fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Sends these events and waits for their verdicts. What is known of them is in memory only: a sample that is killed
    /// has its next events.
    pub(in crate::cli) async fn run(&mut self, events: Vec<PlannedEvent>) -> ProbeRun {
        let (name, store) = (RunId::new(now_s(), fastrand::u32(..)), Arc::new(MemoryStore::new()));
        let (subject, found) = (self.subject.clone(), self.found.clone());
        let claimed = match InUse::claim(&self.aws, &subject, &found, name, OtherRuns::Respected).await {
            Ok(claimed) => claimed,
            Err(other) => return ProbeRun { tally: Tally::default(), failure: Some(other.told()) },
        };
        let stop = self.stop.clone();
        let driver =
            driver(&self.aws, subject, found, Arc::clone(&store), &self.pace, stop, Arc::new(Unobserved));
        let part = claimed.during(run(driver, name, Given::default(), events.into_iter())).await;
        let failure = match part.end {
            RunEnd::Complete | RunEnd::Interrupted => None,
            RunEnd::Incomplete(failed) => Some(failed.to_string()),
        };
        let written = self.write_results(name, &store).await.err();
        ProbeRun { tally: part.tally, failure: failure.or(written.map(|error| format!("{error:#}"))) }
    }

    async fn write_results(&mut self, run: RunId, store: &MemoryStore) -> anyhow::Result<()> {
        let Some(results) = &mut self.results else { return Ok(()) };
        let (name, mut histories) = (run.to_string(), Histories::of(store, run));
        while let Some(remembered) = histories.next().await? {
            if let Remembered::Event(history) = remembered {
                write_probe_event_json(&name, &event_of(&history, Contents::Private), results)?;
            }
        }
        Ok(results.flush()?)
    }
}

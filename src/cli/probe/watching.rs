//! Shows how a run goes: as metrics, and to a person at a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::time::Duration;

use indicatif::ProgressBar;

use crate::cli::exit::Exit;
use crate::cli::metrics::{Metrics, MetricsArgs};
use crate::cli::output::Complained;
use crate::cli::output_file::FilesInUse;
use crate::probe::{Observer, ProbeMetrics, Tally};
use crate::telemetry::alarm::Ending;

/// Metrics and progress of a run.
pub(super) struct Watching {
    metrics: Metrics,
    bar: ProgressBar,
}

struct Watch {
    metrics: Option<ProbeMetrics>,
    bar: ProgressBar,
}

impl Watching {
    /// If metrics would be written to a file that is in use, that has been printed.
    ///
    /// # Errors
    /// What was asked for cannot be started.
    pub(super) fn start(
        args: &MetricsArgs,
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<Watching, Complained>> {
        let Ok(metrics) = Metrics::start(args, in_use)? else { return Ok(Err(Complained)) };
        metrics.readiness().ready();
        let bar = if stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        Ok(Ok(Watching { metrics, bar }))
    }

    pub(super) fn observer(&self) -> Arc<dyn Observer> {
        let metrics = self.metrics.registry().map(|registry| ProbeMetrics::new(Arc::clone(registry)));
        Arc::new(Watch { metrics, bar: self.bar.clone() })
    }

    /// Leaves the terminal clean for what is printed next.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Ends everything; an alarm that fires makes it a failure.
    pub(super) fn finish(self, exit: Exit) -> Exit {
        self.metrics.finish(Ending::OneShot, exit)
    }
}

impl Observer for Watch {
    fn tally(&self, tally: &Tally, in_flight: usize) {
        if let Some(metrics) = &self.metrics {
            metrics.tally(tally, in_flight);
        }
        if !self.bar.is_hidden() {
            let (judged, errored) = (tally.judged(), tally.errored);
            self.bar.set_message(format!(
                "{judged} events judged, {errored} of them errored, {in_flight} in flight"
            ));
            self.bar.tick();
        }
    }

    fn put(&self, took: Duration) {
        self.metrics.iter().for_each(|metrics| metrics.put(took));
    }

    fn delivered(&self, took: Duration) {
        self.metrics.iter().for_each(|metrics| metrics.delivered(took));
    }
}

//! `ruleproof probe show`.

use std::io::{BufWriter, Write, stdout};
use std::sync::Arc;

use super::args::{ProbeFormat, ShowArgs};
use super::redrive::{no_such_run, record_of};
use super::summary::{Contents, event_of, line_of, summary_of};
use super::tracking::{Purpose, WithStore, refused_by_store, with_store};
use crate::aws::Aws;
use crate::cli::aws::run_async;
use crate::cli::exit::Exit;
use crate::cli::output::complain;
use crate::probe::{Histories, Remembered, Tally};
use crate::report::{
    ProbeEvent, write_probe_event_human, write_probe_event_json, write_probe_human, write_probe_json,
    write_probe_ndjson_summary, write_probe_runs_human, write_probe_runs_json,
};
use crate::tracking::{RunId, TrackingStore};

pub(super) fn run(args: &ShowArgs) -> anyhow::Result<Exit> {
    run_async(with_store(&args.tracking, &args.aws, Purpose::Look, Look(args)))
}

struct Look<'a>(&'a ShowArgs);

impl WithStore for Look<'_> {
    async fn with<S: TrackingStore + 'static>(self, store: Arc<S>, _: Option<&Aws>) -> anyhow::Result<Exit> {
        let mut out = BufWriter::new(stdout());
        let exit = match self.0.run {
            Some(run) => self.one(run, &*store, &mut out).await?,
            None => self.list(&*store, &mut out).await?,
        };
        out.flush()?;
        Ok(exit)
    }
}

impl Look<'_> {
    async fn list<S: TrackingStore>(&self, store: &S, out: &mut impl Write) -> anyhow::Result<Exit> {
        let runs = match store.runs().await {
            Ok(runs) => runs,
            Err(error) => return Ok(refused_by_store(&error)),
        };
        let mut lines = Vec::new();
        for run in runs {
            match record_of(store, run).await {
                Ok(Some(record)) => lines.push(line_of(run, &record)),
                // Deleted in between.
                Ok(None) => {}
                Err(error) => return Ok(refused_by_store(&error)),
            }
        }
        match self.0.format {
            ProbeFormat::Human => write_probe_runs_human(&lines, out)?,
            ProbeFormat::Json | ProbeFormat::Ndjson => write_probe_runs_json(&lines, out)?,
        }
        if lines.is_empty() {
            complain("there are no runs in this tracking store");
            return Ok(Exit::NothingToRun);
        }
        Ok(Exit::Fine)
    }

    async fn one<S: TrackingStore>(
        &self,
        run: RunId,
        store: &S,
        out: &mut impl Write,
    ) -> anyhow::Result<Exit> {
        let record = match record_of(store, run).await {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(no_such_run(run)),
            Err(error) => return Ok(refused_by_store(&error)),
        };
        let (args, name) = (self.0, run.to_string());
        let (mut tally, mut errored, mut shown) = (Tally::default(), Vec::new(), None);
        let mut histories = Histories::of(store, run);
        loop {
            let history = match histories.next().await {
                Ok(Some(Remembered::Event(history))) => history,
                Ok(Some(Remembered::Unattributed(message))) => {
                    tally.unattributed += u64::from(!message.attributed);
                    continue;
                }
                Ok(None) => break,
                Err(error) => return Ok(refused_by_store(&error)),
            };
            tally.remember(&history);
            tally.keep(&history);
            let event = event_of(&history, Contents::asked(args.payloads));
            if Some(event.event) == args.event {
                shown = Some(event);
            } else if args.event.is_none() && args.format == ProbeFormat::Ndjson {
                write_probe_event_json(&name, &event, out)?;
            } else if event.verdict == Some("errored") && args.format == ProbeFormat::Human {
                errored.push(event);
            }
        }
        if let Some(wanted) = args.event {
            return show_event(&name, wanted, shown.as_ref(), args.format, out);
        }
        let summary = summary_of(run, &record, &tally);
        match args.format {
            ProbeFormat::Human => write_probe_human(&summary, &errored, out)?,
            ProbeFormat::Json => write_probe_json(&summary, out)?,
            ProbeFormat::Ndjson => write_probe_ndjson_summary(&summary, out)?,
        }
        Ok(Exit::Fine)
    }
}

fn show_event(
    run: &str,
    wanted: u64,
    found: Option<&ProbeEvent>,
    format: ProbeFormat,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    match (found, format) {
        (Some(event), ProbeFormat::Human) => write_probe_event_human(event, out)?,
        (Some(event), _) => write_probe_event_json(run, event, out)?,
        (None, _) => {
            complain(&format!("run {run} has no event {wanted}; the first is event 0"));
            return Ok(Exit::Unusable);
        }
    }
    Ok(Exit::Fine)
}

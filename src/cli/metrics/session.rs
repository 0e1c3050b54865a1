//! Metrics while a command runs.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::Router;

use super::args::MetricsArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{Complained, complain, remark};
use crate::cli::output_file::FilesInUse;
use crate::config::{Config, MetricsConfig};
use crate::telemetry::Registry;
use crate::telemetry::alarm::{Alarm, AlarmWatch, Change, Ending};
use crate::telemetry::export::{
    Emf, EmfOutput, Exporter, ExporterThread, Flushed, Interval, Moment, Otlp, Prompt, StatsD,
};
use crate::telemetry::http::{Endpoint, HttpServer, Readiness, routes};

/// What the last emissions have, all together, before the command ends without them.
const FLUSH_WITHIN: Duration = Duration::from_secs(3);

/// Listeners, exporters and alarms of a run.
#[derive(Debug)]
pub(in crate::cli) struct Metrics {
    registry: Arc<Registry>,
    readiness: Readiness,
    wanted: bool,
    servers: Vec<HttpServer>,
    exporters: Vec<ExporterThread>,
    alarms: Option<AlarmWatch>,
}

/// A route of a driver, and where it is to be found.
#[derive(Debug)]
pub(in crate::cli) struct DriverRoutes {
    /// Where to listen; shared with `--metrics-listen` if that is the same.
    pub(in crate::cli) address: SocketAddr,
    /// What to answer there besides `/metrics`, `/healthz` and `/readyz`.
    pub(in crate::cli) router: Router,
}

impl Metrics {
    /// Starts what was asked for on the command line and in the nearest configuration; if the file of metrics is in use
    /// for something else, that has been printed.
    ///
    /// # Errors
    /// An address is taken, a file cannot be opened, the configuration is not valid.
    pub(in crate::cli) fn start(
        args: &MetricsArgs,
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<Metrics, Complained>> {
        Metrics::start_with(args, in_use, |_| None)
    }

    /// The same for a driver that has a route of its own, which may count.
    ///
    /// # Errors
    /// As those of [`Metrics::start`].
    pub(in crate::cli) fn start_with(
        args: &MetricsArgs,
        in_use: &mut FilesInUse,
        driver: impl FnOnce(&Arc<Registry>) -> Option<DriverRoutes>,
    ) -> anyhow::Result<Result<Metrics, Complained>> {
        let config = Config::nearest(&std::env::current_dir()?)?;
        in_use.note(config.as_ref().map(|config| &config.path), "the configuration");
        let settings = args.over(&config.unwrap_or_default().metrics);
        if let Some(path) = settings.emf.as_deref().filter(|path| !is_stdout(path))
            && in_use.claim(path, "metrics").is_err()
        {
            return Ok(Err(Complained));
        }
        let registry = Arc::new(Registry::new(settings.series_max.unwrap_or_default()));
        let driver = driver(&registry);
        let mut metrics = Metrics {
            wanted: driver.is_some() || is_wanted(&settings),
            registry,
            readiness: Readiness::default(),
            servers: Vec::new(),
            exporters: Vec::new(),
            alarms: None,
        };
        metrics.listen(settings.listen.map(|address| address.0), driver)?;
        metrics.export(&settings)?;
        metrics.watch(settings.alarms)?;
        Ok(Ok(metrics))
    }

    /// Where to count; `None` if nobody wants to know, so that counting costs nothing.
    pub(in crate::cli) fn registry(&self) -> Option<&Arc<Registry>> {
        self.wanted.then_some(&self.registry)
    }

    /// The same for a driver that counts anyway.
    pub(in crate::cli) fn always(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// What `/readyz` says.
    pub(in crate::cli) fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    /// Ends everything after the last numbers were handed on; `exit` unless an alarm makes it a failure.
    pub(in crate::cli) fn finish(self, ending: Ending, exit: Exit) -> Exit {
        self.readiness.not_ready("ending");
        let fires = self.alarms.map(|alarms| alarms.finish(ending)).unwrap_or_default();
        flush(self.exporters);
        for alarm in &fires {
            complain(&format!("alarm {}", described(alarm)));
        }
        let failed = !fires.is_empty() && ending == Ending::OneShot && exit == Exit::Fine;
        if failed { Exit::ExpectationFailed } else { exit }
    }

    fn listen(&mut self, metrics: Option<SocketAddr>, driver: Option<DriverRoutes>) -> anyhow::Result<()> {
        let own = || routes(Arc::clone(&self.registry), self.readiness.clone());
        let mut wanted = Vec::new();
        match driver {
            Some(driver) => {
                wanted.extend(
                    metrics.filter(|address| *address != driver.address).map(|address| (address, own())),
                );
                wanted.push((driver.address, own().merge(driver.router)));
            }
            None => wanted.extend(metrics.map(|address| (address, own()))),
        }
        for (address, router) in wanted {
            let server = HttpServer::start(Endpoint::bind(address)?, router)?;
            remark(&format!("listening at http://{}", server.address()));
            self.servers.push(server);
        }
        Ok(())
    }

    fn export(&mut self, settings: &MetricsConfig) -> anyhow::Result<()> {
        let interval = settings.interval.unwrap_or(Interval::DEFAULT);
        if let Some(url) = &settings.otlp {
            self.add(Otlp::to(url.clone(), Moment::now())?, interval)?;
        }
        if let Some(path) = &settings.emf {
            self.add(Emf::to(emf_output(path)?), interval)?;
        }
        if let Some(server) = &settings.statsd {
            let statsd = StatsD::to(resolved(server)?).with_context(|| format!("StatsD at {server}"))?;
            self.add(statsd, interval)?;
        }
        Ok(())
    }

    fn add(&mut self, exporter: impl Exporter, interval: Interval) -> anyhow::Result<()> {
        self.exporters.push(ExporterThread::start(exporter, Arc::clone(&self.registry), interval)?);
        Ok(())
    }

    fn watch(&mut self, alarms: Vec<(String, crate::telemetry::alarm::AlarmRule)>) -> anyhow::Result<()> {
        if alarms.is_empty() {
            return Ok(());
        }
        let prompts: Vec<Prompt> = self.exporters.iter().map(ExporterThread::prompt).collect();
        let tell = move |alarm: &Alarm, change| {
            let word = match change {
                Change::Fired => "fires",
                Change::Resolved => "is resolved",
            };
            remark(&format!("alarm {} {word}", described(alarm)));
            prompts.iter().for_each(Prompt::emit_soon);
        };
        let alarms = alarms.into_iter().map(|(name, rule)| Alarm::new(name, rule)).collect();
        self.alarms = Some(AlarmWatch::start(alarms, Arc::clone(&self.registry), tell)?);
        Ok(())
    }
}

fn is_wanted(settings: &MetricsConfig) -> bool {
    settings.listen.is_some()
        || settings.otlp.is_some()
        || settings.emf.is_some()
        || settings.statsd.is_some()
        || !settings.alarms.is_empty()
}

/// All at once, so that one that hangs takes no time from the others.
fn flush(exporters: Vec<ExporterThread>) {
    exporters.iter().for_each(ExporterThread::finish);
    let deadline = Instant::now() + FLUSH_WITHIN;
    for exporter in exporters {
        let name = exporter.name();
        match exporter.wait(deadline.saturating_duration_since(Instant::now())) {
            Flushed::Complete => {}
            Flushed::Failed(why) => remark(&format!("the last metrics for {name} were not taken: {why}")),
            Flushed::Hanging => remark(&format!("the last metrics for {name} were not taken in time")),
        }
    }
}

/// The name of an alarm, with its rule where that says more.
fn described(alarm: &Alarm) -> String {
    let (name, rule) = (alarm.name(), alarm.rule().to_string());
    if name == rule { format!("`{rule}`") } else { format!("{name} (`{rule}`)") }
}

fn emf_output(path: &Path) -> anyhow::Result<EmfOutput> {
    if is_stdout(path) {
        return Ok(EmfOutput::Stdout);
    }
    EmfOutput::append_to(path).with_context(|| format!("{} cannot be written", path.display()))
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

fn resolved(server: &str) -> anyhow::Result<SocketAddr> {
    let found = server.to_socket_addrs().with_context(|| format!("StatsD at {server}"))?.next();
    match found {
        Some(address) => Ok(address),
        None => bail!("StatsD at {server}: the name has no address"),
    }
}

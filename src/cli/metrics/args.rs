//! What can be typed.

use std::path::PathBuf;

use clap::Args;

use crate::config::MetricsConfig;
use crate::telemetry::SeriesMax;
use crate::telemetry::alarm::AlarmRule;
use crate::telemetry::export::{Interval, OtlpUrl};
use crate::telemetry::http::ListenAddress;

/// Who is told what a run counts.
#[derive(Debug, Clone, Args, Default)]
#[command(next_help_heading = "Metrics")]
pub(in crate::cli) struct MetricsArgs {
    /// Serve /metrics (Prometheus), /healthz and /readyz; a port alone listens on the loopback interface
    #[arg(long, value_name = "[ADDR:]PORT")]
    metrics_listen: Option<ListenAddress>,
    /// Send metrics to an OpenTelemetry collector, such as http://127.0.0.1:4318
    #[arg(long, value_name = "URL")]
    metrics_otlp: Option<OtlpUrl>,
    /// Write metrics in CloudWatch's embedded metric format to the end of this file; `-` is standard output, where what
    /// the command prints in its --format stands between them
    #[arg(long, value_name = "FILE|-")]
    metrics_emf: Option<PathBuf>,
    /// Send metrics to a StatsD server
    #[arg(long, value_name = "HOST:PORT")]
    metrics_statsd: Option<String>,
    /// Time between two emissions of metrics, at least 1s [default: 10s]
    #[arg(long, value_name = "TIME")]
    metrics_interval: Option<Interval>,
    /// Series of metrics; more label values than that share the value `other` [default: 1000]
    #[arg(long, value_name = "N")]
    metrics_series_max: Option<SeriesMax>,
    /// Raise an alarm, such as 'errored > 1% for 5m'; a run that ends with it exits with 1
    #[arg(long = "alarm", value_name = "RULE")]
    alarms: Vec<AlarmRule>,
}

impl MetricsArgs {
    /// What was typed, and what was not as the configuration has it. Alarms add up.
    pub(super) fn over(&self, config: &MetricsConfig) -> MetricsConfig {
        let typed = self.alarms.iter().map(|rule| (rule.to_string(), rule.clone()));
        MetricsConfig {
            listen: self.metrics_listen.or(config.listen),
            otlp: self.metrics_otlp.clone().or_else(|| config.otlp.clone()),
            emf: self.metrics_emf.clone().or_else(|| config.emf.clone()),
            statsd: self.metrics_statsd.clone().or_else(|| config.statsd.clone()),
            interval: self.metrics_interval.or(config.interval),
            series_max: self.metrics_series_max.or(config.series_max),
            alarms: config.alarms.iter().cloned().chain(typed).collect(),
        }
    }
}

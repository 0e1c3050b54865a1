//! `[metrics]` and `[[alarm]]`.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

use crate::telemetry::SeriesMax;
use crate::telemetry::alarm::AlarmRule;
use crate::telemetry::export::{Interval, OtlpUrl};
use crate::telemetry::http::ListenAddress;

/// `[metrics]` and `[[alarm]]`: who is told what a run counts. Options of the command line win, alarms add up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MetricsConfig {
    /// Where to serve `/metrics`, `listen = "127.0.0.1:9464"`.
    pub listen: Option<ListenAddress>,
    /// An OTLP collector, `otlp = "http://127.0.0.1:4318"`.
    pub otlp: Option<OtlpUrl>,
    /// A file for CloudWatch's embedded metric format, or `-`, `emf = "metrics.log"`.
    pub emf: Option<PathBuf>,
    /// A StatsD server, `statsd = "127.0.0.1:8125"`.
    pub statsd: Option<String>,
    /// Time between two emissions, `interval = "10s"`.
    pub interval: Option<Interval>,
    /// How many series there may be, `series-max = 1000`.
    pub series_max: Option<SeriesMax>,
    /// Alarm rules with their names.
    pub alarms: Vec<(String, AlarmRule)>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WrittenMetrics {
    listen: Option<Spanned<String>>,
    otlp: Option<Spanned<String>>,
    emf: Option<String>,
    statsd: Option<String>,
    interval: Option<Spanned<String>>,
    series_max: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenAlarm {
    name: Option<String>,
    rule: Spanned<String>,
}

impl MetricsConfig {
    /// Reads what was written in `text`; all problems at once, each with its line and column.
    pub(super) fn read(
        metrics: WrittenMetrics,
        alarms: Vec<WrittenAlarm>,
        text: &str,
        folder: &Path,
    ) -> Result<MetricsConfig, String> {
        let mut problems = Vec::new();
        let mut config = MetricsConfig {
            listen: parsed(metrics.listen, text, &mut problems),
            otlp: parsed(metrics.otlp, text, &mut problems),
            emf: metrics.emf.map(|path| if path == "-" { path.into() } else { folder.join(path) }),
            statsd: metrics.statsd,
            interval: parsed(metrics.interval, text, &mut problems),
            series_max: parsed(metrics.series_max, text, &mut problems),
            alarms: Vec::new(),
        };
        for WrittenAlarm { name, rule } in alarms {
            if let Some(rule) = parsed::<AlarmRule, _>(Some(rule), text, &mut problems) {
                config.alarms.push((name.unwrap_or_else(|| rule.to_string()), rule));
            }
        }
        if problems.is_empty() { Ok(config) } else { Err(problems.join("\n")) }
    }
}

fn parsed<T: FromStr<Err: Display>, W: ToString>(
    written: Option<Spanned<W>>,
    text: &str,
    problems: &mut Vec<String>,
) -> Option<T> {
    let written = written?;
    let before = text.get(..written.span().start).unwrap_or_default();
    let value = written.into_inner().to_string();
    match value.parse() {
        Ok(parsed) => Some(parsed),
        Err(problem) => {
            let line = before.lines().count().max(1);
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            problems.push(format!("line {line}, column {column}: `{value}`: {problem}"));
            None
        }
    }
}

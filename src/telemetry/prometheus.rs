//! Snapshots as text for Prometheus, version 0.0.4 of its exposition format.

use std::fmt::Write as _;

use super::buckets::BucketCounts;
use super::snapshot::{Sample, Snapshot, Value};

/// The media type of [`prometheus_text`].
pub const PROMETHEUS_CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The text of a scrape.
#[must_use]
pub fn prometheus_text(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    for (definition, samples) in snapshot.by_metric() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "# HELP {} {}", definition.name, definition.help);
        let _ = writeln!(text, "# TYPE {} {}", definition.name, definition.kind);
        for sample in samples {
            write_sample(sample, &mut text);
        }
    }
    text
}

fn write_sample(sample: &Sample, text: &mut String) {
    let name = sample.definition.name;
    let labels: Vec<String> = sample.labels().map(label).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
    let _ = match &sample.value {
        Value::Counter(total) => writeln!(text, "{name}{labels} {total}"),
        Value::Gauge(value) => writeln!(text, "{name}{labels} {value}"),
        Value::Histogram(counts) => {
            write_buckets(name, counts, text);
            writeln!(text, "{name}_sum {}\n{name}_count {}", counts.sum_seconds(), counts.count())
        }
    };
}

/// Buckets are cumulative, and histograms have no labels but the bound.
fn write_buckets(name: &str, counts: &BucketCounts, text: &mut String) {
    let mut below = 0;
    let bounds = BucketCounts::bounds().map(|bound| bound.to_string()).chain(["+Inf".to_owned()]);
    for (bound, count) in bounds.zip(counts.by_bucket()) {
        below += count;
        let _ = writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {below}");
    }
}

fn label((name, value): (&str, &str)) -> String {
    let value = value.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n");
    format!("{name}=\"{value}\"")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::registry::Registry;
    use super::super::table::{JUDGE_SECONDS, LAG, RULE_MATCHES};
    use super::*;

    #[test]
    fn each_kind_has_its_lines() {
        let registry = Registry::default();
        registry.series(&RULE_MATCHES, ["a\"b\\c\nd"]).add(7);
        registry.series(&LAG, []).set(1.5);
        registry.series(&JUDGE_SECONDS, []).record(Duration::from_micros(20));
        registry.series(&JUDGE_SECONDS, []).record(Duration::from_secs(1_000));
        let text = prometheus_text(&registry.snapshot());
        for line in [
            "# TYPE ruleproof_rule_matches_total counter",
            r#"ruleproof_rule_matches_total{rule="a\"b\\c\nd"} 7"#,
            "# TYPE ruleproof_lag_seconds gauge",
            "ruleproof_lag_seconds 1.5",
            "# TYPE ruleproof_judge_seconds histogram",
            r#"ruleproof_judge_seconds_bucket{le="0.00001"} 0"#,
            r#"ruleproof_judge_seconds_bucket{le="0.000025"} 1"#,
            r#"ruleproof_judge_seconds_bucket{le="300"} 1"#,
            r#"ruleproof_judge_seconds_bucket{le="+Inf"} 2"#,
            "ruleproof_judge_seconds_sum 1000.00002",
            "ruleproof_judge_seconds_count 2",
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is not in\n{text}");
        }
        assert_eq!(text.lines().filter(|line| line.starts_with("# HELP")).count(), 3);
    }
}

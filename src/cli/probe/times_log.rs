//! Times as a log of HdrHistograms, for the tools that read those.

use std::io::Write;
use std::time::{Duration, SystemTime};

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};

use super::summary::times_by_rule;
use crate::probe::{RunRecord, Tally};

/// Writes one histogram for each kind of time, and one for each rule as `delivered:RULE`; in microseconds.
pub(super) fn write_times(
    name: &str,
    record: &RunRecord,
    tally: &Tally,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let started_us = record.parts.first().map(|part| part.started_us).unwrap_or_default();
    let ended_us = record.parts.last().and_then(|part| part.ended_us).unwrap_or(started_us);
    let since_1970 = |us: i64| Duration::from_micros(u64::try_from(us).unwrap_or_default());
    let (start, duration) = (since_1970(started_us), since_1970(ended_us.saturating_sub(started_us)));
    let mut serializer = V2DeflateSerializer::new();
    let mut log = IntervalLogWriterBuilder::new()
        .add_comment(&format!("ruleproof probe, run {name}; values in microseconds"))
        .with_start_time(SystemTime::UNIX_EPOCH + start)
        .begin_log_with(out, &mut serializer)?;
    let latencies = &tally.latencies;
    let kinds = [
        ("scheduled_to_sent", latencies.scheduled_to_sent.histogram()),
        ("sent_to_delivered", latencies.sent_to_delivered.histogram()),
        ("deadline_wait", latencies.deadline_wait.histogram()),
    ];
    let mut write = |tag: &str, histogram: &Histogram<u64>| {
        let written = log.write_histogram(histogram, start, duration, Tag::new(tag));
        written.map_err(|error| anyhow::anyhow!("{error}"))
    };
    for (kind, histogram) in kinds {
        write(kind, histogram)?;
    }
    for (rule, histogram) in times_by_rule(record, tally) {
        // Tags have neither commas nor blanks.
        let rule: String =
            rule.chars().map(|c| if c == ',' || c.is_whitespace() { '_' } else { c }).collect();
        write(&format!("delivered:{rule}"), &histogram)?;
    }
    Ok(())
}

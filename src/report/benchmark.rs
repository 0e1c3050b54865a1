//! What a benchmark of one rule source found. The JSON is documented in the README.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::human::{bytes, grouped};

/// The version of the line's shape.
const SCHEMA_VERSION: u32 = 1;

/// How fast the rules of one source match some events.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark<'b> {
    /// The rules' source, as it was named.
    pub rules: &'b str,
    /// How many rules it has that listen.
    pub rule_count: usize,
    /// Events of each pass.
    pub events: usize,
    /// Bytes of each pass.
    pub bytes: usize,
    /// How often any rule matches any event in a pass.
    pub matches: u64,
    /// Events that cannot be judged.
    pub errored: u64,
    /// Threads that matched.
    pub threads: usize,
    /// The time from the patterns' texts to rules that are ready to match.
    pub build: Duration,
    /// Bytes of memory that the compiled rules hold.
    pub rule_bytes: usize,
    /// Each pass by the clock.
    pub wall: &'b [Duration],
    /// Each pass by the time of all cores.
    pub cpu: &'b [Duration],
}

#[derive(Serialize)]
struct BenchmarkJson<'b> {
    schema_version: u32,
    rules: &'b str,
    nrules: usize,
    events: usize,
    bytes: usize,
    matches: u64,
    errored: u64,
    threads: usize,
    build_s: f64,
    rule_mem_mb: f64,
    secs: Vec<f64>,
    cpu: Vec<f64>,
}

/// Writes a benchmark as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_benchmark_json(benchmark: &Benchmark<'_>, out: &mut impl Write) -> io::Result<()> {
    let seconds = |times: &[Duration]| times.iter().map(Duration::as_secs_f64).collect();
    let line = BenchmarkJson {
        schema_version: SCHEMA_VERSION,
        rules: benchmark.rules,
        nrules: benchmark.rule_count,
        events: benchmark.events,
        bytes: benchmark.bytes,
        matches: benchmark.matches,
        errored: benchmark.errored,
        threads: benchmark.threads,
        build_s: benchmark.build.as_secs_f64(),
        rule_mem_mb: benchmark.rule_bytes as f64 / 1e6,
        secs: seconds(benchmark.wall),
        cpu: seconds(benchmark.cpu),
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)
}

/// Writes a benchmark as text: the median pass.
///
/// # Errors
/// The writer's.
pub fn write_benchmark_human(benchmark: &Benchmark<'_>, out: &mut impl Write) -> io::Result<()> {
    let pass_s = median(benchmark.wall).as_secs_f64();
    let per_second = |amount: usize| if pass_s > 0.0 { amount as f64 / pass_s } else { 0.0 };
    writeln!(out, "{}: {}", benchmark.rules, counted(benchmark.rule_count, "rule"))?;
    writeln!(
        out,
        "  {} events/s, {}/s  (median of {} over {}, {})",
        grouped(per_second(benchmark.events) as u64),
        bytes(per_second(benchmark.bytes)),
        passes(benchmark.wall.len()),
        counted(benchmark.events, "event"),
        counted(benchmark.threads, "thread")
    )?;
    writeln!(
        out,
        "  {} matches, {} events errored; built in {:.3} s, {} of memory",
        grouped(benchmark.matches),
        grouped(benchmark.errored),
        benchmark.build.as_secs_f64(),
        bytes(benchmark.rule_bytes as f64)
    )
}

/// A count and what is counted.
fn counted(count: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(count as u64), if count == 1 { "" } else { "s" })
}

fn passes(count: usize) -> String {
    format!("{} pass{}", grouped(count as u64), if count == 1 { "" } else { "es" })
}

/// The middle one of some times; the later of two in the middle.
fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_is_documented() {
        let times = [Duration::from_millis(500), Duration::from_millis(250), Duration::from_millis(750)];
        let benchmark = Benchmark {
            rules: "rules.tsv",
            rule_count: 2,
            events: 1000,
            bytes: 1_000_000,
            matches: 30,
            errored: 1,
            threads: 1,
            build: Duration::from_millis(1),
            rule_bytes: 2_500_000,
            wall: &times,
            cpu: &times[..1],
        };
        let mut json = Vec::new();
        write_benchmark_json(&benchmark, &mut json).unwrap();
        let expected = concat!(
            r#"{"schema_version":1,"rules":"rules.tsv","nrules":2,"events":1000,"bytes":1000000,"matches":30,"#,
            r#""errored":1,"threads":1,"build_s":0.001,"rule_mem_mb":2.5,"secs":[0.5,0.25,0.75],"cpu":[0.5]}"#,
            "\n"
        );
        assert_eq!(String::from_utf8(json).unwrap(), expected);
        let mut human = Vec::new();
        write_benchmark_human(&benchmark, &mut human).unwrap();
        let human = String::from_utf8(human).unwrap();
        assert!(
            human.contains("  2,000 events/s, 2.0 MB/s  (median of 3 passes over 1,000 events, 1 thread)"),
            "{human}"
        );
    }
}

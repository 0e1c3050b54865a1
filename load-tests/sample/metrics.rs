//! The metrics of a run, as monitoring sees them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::Value;

/// Values by name and labels, as Prometheus writes them.
pub type Series = BTreeMap<String, f64>;

/// Asks for them once.
pub fn scrape(address: &str) -> Series {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let samples = body.lines().filter(|line| !line.starts_with('#'));
    samples
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect()
}

/// The sum of a counter's series.
pub fn sum(series: &Series, counter: &str) -> f64 {
    let of_counter = |name: &str| name.split('{').next() == Some(counter);
    series.iter().filter(|(name, _)| of_counter(name)).map(|(_, value)| value).sum()
}

/// The sums of some counters in a file of CloudWatch's embedded format, which holds what was added from line to line.
pub fn embedded(path: &Path, counters: &[&str]) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        for counter in counters {
            let label = ["reason", "verdict"].iter().find_map(|label| line[*label].as_str());
            if let Some(added) = line[*counter].as_f64() {
                let name = label.map_or(counter.to_string(), |label| format!("{counter} {label}"));
                *sums.entry(name).or_default() += added;
            }
        }
    }
    sums
}

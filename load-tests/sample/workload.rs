//! Events and rules of the workload `aws`.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Events that come over and over, each time with an id of its own.
const EVENTS: usize = 20_000;
/// Hexadecimal digits that tell events apart: the end of the id, which is a UUID.
const DIGITS: usize = 12;
const UUID_LEN: usize = 36;

pub struct Workload {
    text: Vec<u8>,
    events: Vec<Line>,
    /// For whatever else a run needs.
    pub folder: TempDir,
}

/// A line with its end, and where in it the digits are.
struct Line {
    bytes: Range<usize>,
    digits: usize,
}

impl Workload {
    pub fn read(folder: &Path, rules: usize) -> Workload {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).unwrap_or_else(|error| {
                panic!("{}: {error}; run load-tests/workloads/generate.sh first", path.display())
            })
        };
        let mut workload = Workload { text: Vec::new(), events: Vec::new(), folder: TempDir::new().unwrap() };
        for line in read("aws.ndjson").split_inclusive('\n').take(EVENTS) {
            const BEFORE: &str = "\"id\":\"";
            let digits = line.find(BEFORE).unwrap() + BEFORE.len() + UUID_LEN - DIGITS;
            assert_eq!(line.as_bytes()[digits + DIGITS], b'"', "{line}");
            let start = workload.text.len();
            workload.text.extend_from_slice(line.as_bytes());
            workload.events.push(Line { bytes: start..workload.text.len(), digits });
        }
        let lines: String = read("rules/n1000.tsv").split_inclusive('\n').take(rules).collect();
        fs::write(workload.rules(), lines).unwrap();
        workload
    }

    pub fn rules(&self) -> PathBuf {
        self.folder.path().join("rules.tsv")
    }

    pub fn bytes_mean(&self) -> f64 {
        self.text.len() as f64 / self.events.len() as f64
    }

    /// Appends the lines of these events.
    pub fn write(&self, numbers: Range<u64>, out: &mut Vec<u8>) {
        for number in numbers {
            let line = &self.events[number as usize % self.events.len()];
            let start = out.len();
            out.extend_from_slice(&self.text[line.bytes.clone()]);
            let digits = start + line.digits;
            write!(&mut out[digits..digits + DIGITS], "{number:012x}").unwrap();
        }
    }
}

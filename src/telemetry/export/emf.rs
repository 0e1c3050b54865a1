//! CloudWatch embedded metric format: lines of JSON that CloudWatch Logs turns into metrics.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>:
//! at most 100 metrics in a directive, 30 dimensions in a set, and 1 MB in an event.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write, stdout};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::definition::Unit;
use super::super::snapshot::{Sample, Snapshot};
use super::exporter::{EmitProblem, Exporter, Moment};
use super::flat::{Number, Scalar, scalars};

/// The namespace of all metrics in CloudWatch.
const NAMESPACE: &str = "Ruleproof";
const METRICS_PER_DIRECTIVE_MAX: usize = 100;

/// Where lines go.
#[derive(Debug)]
pub enum EmfOutput {
    /// Standard output, which Lambda and the `awslogs` driver of containers hand to CloudWatch Logs.
    Stdout,
    /// The end of a file, for the CloudWatch agent.
    File(File),
}

impl EmfOutput {
    /// Opens `path` for lines at its end, making it if it is not there.
    ///
    /// # Errors
    /// The system refuses.
    pub fn append_to(path: &Path) -> io::Result<EmfOutput> {
        OpenOptions::new().create(true).append(true).open(path).map(EmfOutput::File)
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        match self {
            EmfOutput::Stdout => {
                let mut stdout = stdout().lock();
                stdout.write_all(line)?;
                stdout.flush()
            }
            EmfOutput::File(file) => file.write_all(line),
        }
    }
}

/// Writes differences as lines, one for each set of dimensions that has news.
#[derive(Debug)]
pub struct Emf {
    output: EmfOutput,
    written: Snapshot,
    /// A line was left unfinished.
    torn: bool,
}

impl Emf {
    /// An exporter to `output`.
    #[must_use]
    pub fn to(output: EmfOutput) -> Emf {
        Emf { output, written: Snapshot::default(), torn: false }
    }

    fn write(&mut self, line: &Line<'_>, at: Moment) -> io::Result<()> {
        let mut bytes = if self.torn { b"\n".to_vec() } else { Vec::new() };
        bytes.extend(line.document(at).to_string().into_bytes());
        bytes.push(b'\n');
        let written = self.output.write(&bytes);
        self.torn = written.is_err();
        written
    }
}

impl Exporter for Emf {
    fn name(&self) -> &'static str {
        "emf"
    }

    fn emit(&mut self, snapshot: &Snapshot, at: Moment) -> Result<(), EmitProblem> {
        let news = snapshot.since(&self.written);
        for line in lines(&news) {
            self.write(&line, at).map_err(|error| EmitProblem(format!("EMF: {error}")))?;
            let now = line.samples.iter().filter_map(|sample| {
                let values: Vec<&str> = sample.values.iter().map(|value| &**value).collect();
                snapshot.find(sample.definition.name, &values).cloned()
            });
            self.written = Snapshot::new(now.collect()).or_else(&self.written);
        }
        Ok(())
    }
}

/// Samples that have the same dimensions.
struct Line<'s> {
    dimensions: Vec<(&'static str, &'s str)>,
    samples: Vec<&'s Sample>,
    scalars: Vec<Scalar>,
}

fn lines(news: &Snapshot) -> Vec<Line<'_>> {
    let mut by_dimensions: BTreeMap<Vec<(&'static str, &str)>, Vec<Line<'_>>> = BTreeMap::new();
    for sample in news.samples() {
        let scalars = scalars(sample);
        if scalars.is_empty() {
            continue;
        }
        let dimensions: Vec<_> = sample.labels().collect();
        let lines = by_dimensions.entry(dimensions.clone()).or_default();
        if lines.last().is_none_or(|line| line.scalars.len() + scalars.len() > METRICS_PER_DIRECTIVE_MAX) {
            lines.push(Line { dimensions, samples: Vec::new(), scalars: Vec::new() });
        }
        if let Some(line) = lines.last_mut() {
            line.samples.push(sample);
            line.scalars.extend(scalars);
        }
    }
    by_dimensions.into_values().flatten().collect()
}

impl Line<'_> {
    fn document(&self, at: Moment) -> Value {
        let names: Vec<&str> = self.dimensions.iter().map(|(name, _)| *name).collect();
        let metrics: Vec<Value> = self
            .scalars
            .iter()
            .map(|scalar| json!({ "Name": scalar.name, "Unit": unit(scalar.unit) }))
            .collect();
        let mut members = Map::new();
        let directive = json!({ "Namespace": NAMESPACE, "Dimensions": [names], "Metrics": metrics });
        members
            .insert("_aws".to_owned(), json!({ "Timestamp": at.millis(), "CloudWatchMetrics": [directive] }));
        for (name, value) in &self.dimensions {
            members.insert((*name).to_owned(), json!(value));
        }
        for scalar in &self.scalars {
            members.insert(scalar.name.clone(), number(scalar.number));
        }
        Value::Object(members)
    }
}

fn number(number: Number) -> Value {
    match number {
        Number::Count(count) => json!(count),
        Number::Sum(value) | Number::Level(value) => json!(value),
    }
}

/// The name of a unit in CloudWatch.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "Count",
        Unit::Bytes => "Bytes",
        Unit::Seconds => "Seconds",
        Unit::Ratio | Unit::Flag => "None",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::super::registry::Registry;
    use super::super::super::table::{EVENTS, JUDGE_SECONDS, LAG, RULE_MATCHES, TARGET_FAILURES};
    use super::*;

    /// What the specification's schema says, without its prose.
    const SCHEMA: &str = r#"{
      "type": "object", "required": ["_aws"],
      "properties": {"_aws": {
        "type": "object", "required": ["Timestamp", "CloudWatchMetrics"],
        "properties": {
          "Timestamp": {"type": "integer"},
          "CloudWatchMetrics": {"type": "array", "items": {
            "type": "object", "required": ["Namespace", "Dimensions", "Metrics"],
            "properties": {
              "Namespace": {"type": "string", "minLength": 1, "maxLength": 1024},
              "Dimensions": {"type": "array", "minItems": 1, "items": {"type": "array", "maxItems": 30,
                "items": {"type": "string", "minLength": 1, "maxLength": 250}}},
              "Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": {
                "type": "object", "required": ["Name"], "additionalProperties": false,
                "properties": {
                  "Name": {"type": "string", "minLength": 1, "maxLength": 1024},
                  "Unit": {"enum": ["Count", "Bytes", "Seconds", "None"]},
                  "StorageResolution": {"enum": [1, 60]}}}}}}}}}}}"#;

    struct Written {
        folder: tempfile::TempDir,
        emf: Emf,
    }

    impl Written {
        fn new() -> Written {
            let folder = tempfile::tempdir().unwrap();
            let emf = Emf::to(EmfOutput::append_to(&folder.path().join("emf")).unwrap());
            Written { folder, emf }
        }

        fn emit(&mut self, registry: &Registry) -> Vec<Value> {
            let path = self.folder.path().join("emf");
            let before = std::fs::metadata(&path).unwrap().len() as usize;
            self.emf.emit(&registry.snapshot(), Moment::since_1970(Duration::from_millis(1_500))).unwrap();
            let text = std::fs::read_to_string(path).unwrap();
            text[before..].lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }

    /// The schema, and what the specification says besides: members that the directives name are there.
    fn assert_valid(line: &Value) {
        let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        assert!(validator.is_valid(line), "{:?}\n{line}", validator.iter_errors(line).collect::<Vec<_>>());
        assert!(line.to_string().len() < 1_000_000);
        for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
            for metric in directive["Metrics"].as_array().unwrap() {
                assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
            }
            for dimension in
                directive["Dimensions"].as_array().unwrap().iter().flat_map(|d| d.as_array().unwrap())
            {
                let value = line[dimension.as_str().unwrap()].as_str().unwrap();
                assert!((1..=1024).contains(&value.len()), "{line}");
            }
        }
    }

    #[test]
    fn lines_are_what_the_specification_wants() {
        let (mut written, registry) = (Written::new(), Registry::default());
        for rule in 0..500 {
            registry.series(&RULE_MATCHES, [&format!("rule-{rule}{}", "x".repeat(rule))]).add(1);
        }
        registry.series(&TARGET_FAILURES, ["", "BODY_TOO_LARGE"]).add(2);
        registry.series(&LAG, []).set(0.25);
        registry.series(&JUDGE_SECONDS, []).record(Duration::from_millis(10));
        let lines = written.emit(&registry);
        assert_eq!(lines.len(), 502);
        lines.iter().for_each(assert_valid);
        let plain = lines.iter().find(|line| line.get("ruleproof_lag_seconds").is_some()).unwrap();
        assert_eq!(plain["_aws"]["Timestamp"], 1_500);
        assert_eq!(plain["ruleproof_judge_seconds_count"], 1);
        assert_eq!(plain["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([[]]));
    }

    #[test]
    fn differences_add_up_and_what_stood_still_is_not_written() {
        let (mut written, registry) = (Written::new(), Registry::default());
        let mut sum = 0;
        for step in 0..5 {
            registry.series(&EVENTS, ["delivered"]).add(step);
            let lines = written.emit(&registry);
            sum += lines.iter().map(|line| line["ruleproof_events_total"].as_u64().unwrap()).sum::<u64>();
        }
        assert_eq!(sum, 10);
        assert_eq!(written.emit(&registry), Vec::<Value>::new());
    }

    #[test]
    fn a_disk_that_takes_nothing_is_a_failure_and_the_numbers_come_later() {
        let registry = Registry::default();
        registry.series(&EVENTS, ["delivered"]).add(7);
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut written = Written::new();
        let working = std::mem::replace(&mut written.emf.output, EmfOutput::File(full));
        assert!(written.emf.emit(&registry.snapshot(), Moment::now()).is_err());
        written.emf.output = working;
        let path = written.folder.path().join("emf");
        written.emf.emit(&registry.snapshot(), Moment::now()).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        // The torn line ends where it was torn.
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[0]), (2, ""));
        assert_eq!(serde_json::from_str::<Value>(lines[1]).unwrap()["ruleproof_events_total"], 7);
    }
}

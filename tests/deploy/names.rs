//! Names of metrics and labels, wherever they are written, are those of the table.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use regex::Regex;
use ruleproof::telemetry::{Definition, Kind, table};
use serde_json::Value;

use crate::files::{deploy, read};

/// The metric that Prometheus calls so.
fn definition(name: &str) -> &'static Definition {
    let is_called = |row: &&&Definition| {
        row.name == name
            || row.kind == Kind::Histogram
                && ["_bucket", "_sum", "_count"]
                    .iter()
                    .any(|suffix| name.strip_suffix(suffix) == Some(row.name))
    };
    table::TABLE.iter().find(is_called).unwrap_or_else(|| panic!("there is no metric {name}"))
}

#[test]
fn the_dashboard_asks_for_metrics_that_there_are() {
    let dashboard: Value = serde_json::from_str(&read("grafana-dashboard.json")).unwrap();
    let name = Regex::new(r"ruleproof_\w+").unwrap();
    let selector = Regex::new(r"(ruleproof_\w+)\{([^}]*)\}").unwrap();
    let by = Regex::new(r"by \(([^)]*)\)").unwrap();
    let placeholder = Regex::new(r"\{\{(\w+)\}\}").unwrap();
    let mut seen = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let expression = target["expr"].as_str().unwrap();
            let metrics: Vec<_> =
                name.find_iter(expression).map(|found| definition(found.as_str())).collect();
            assert!(!metrics.is_empty(), "{expression}");
            seen.extend(metrics.iter().map(|metric| metric.name));
            for found in selector.captures_iter(expression) {
                for label in found[2].split(',').map(|label| label.split('=').next().unwrap().trim()) {
                    assert!(label == "job" || definition(&found[1]).labels.contains(&label), "{expression}");
                }
            }
            let labels: Vec<&str> = metrics.iter().flat_map(|metric| metric.labels).copied().collect();
            for found in by.captures_iter(expression) {
                for label in found[1].split(',').map(str::trim) {
                    assert!(label == "le" || labels.contains(&label), "{label}: {expression}");
                }
            }
            let shown = target["legendFormat"].as_str().unwrap();
            for label in placeholder.captures_iter(shown) {
                assert!(labels.contains(&&label[1]), "{shown}: {expression}");
            }
        }
    }
    assert!(seen.len() >= 15, "{seen:?}");
}

#[test]
fn panels_do_not_cover_each_other() {
    let dashboard: Value = serde_json::from_str(&read("grafana-dashboard.json")).unwrap();
    let places: Vec<(u64, u64)> = dashboard["panels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|panel| (panel["gridPos"]["x"].as_u64().unwrap(), panel["gridPos"]["y"].as_u64().unwrap()))
        .collect();
    assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len());
}

#[test]
fn the_alarms_of_cloudwatch_are_on_metrics_and_dimensions_that_there_are() {
    let text = read("cloudwatch-alarms.yaml");
    let metric =
        Regex::new(r"MetricName: (\w+)\n(?: *Dimensions: \[\{ Name: (\w+), Value: [^}]+\}\])?").unwrap();
    let mut seen = 0;
    for found in metric.captures_iter(&text) {
        let metric =
            table::TABLE.iter().find(|row| row.name == &found[1]).unwrap_or_else(|| panic!("{}", &found[1]));
        let dimensions: Vec<&str> = found.get(2).iter().map(|label| label.as_str()).collect();
        // CloudWatch knows a metric only by all its dimensions.
        assert_eq!(dimensions, metric.labels, "{}", metric.name);
        seen += 1;
    }
    assert_eq!(seen, text.matches("MetricName:").count());
    assert_eq!(text.matches("Namespace: Ruleproof\n").count(), seen);
}

#[test]
fn the_documented_table_is_the_table() {
    let path = deploy().join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let marker = "<!-- metrics: the table below is checked by a test -->\n";
    let (before, documented) = text.split_once(marker).unwrap();
    let mut table = "\n| metric | kind | unit | labels | what it says |\n|---|---|---|---|---|\n".to_owned();
    for Definition { name, kind, unit, labels, help } in table::TABLE {
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        writeln!(table, "| `{name}` | {kind} | {unit} | {} | {help} |", labels.join(", ")).unwrap();
    }
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        return fs::write(path, format!("{before}{marker}{table}")).unwrap();
    }
    assert_eq!(documented, table, "deploy/README.md differs; UPDATE_SNAPSHOTS=1 accepts the new table");
}

#[test]
fn the_templates_give_options_that_sample_has() {
    let help = Command::new(env!("CARGO_BIN_EXE_ruleproof")).args(["sample", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let task = read("fargate.yaml");
    let command = task.split_once("Command:\n").unwrap().1.split_once("Environment:").unwrap().0;
    let loop_text = read("lambda/bootstrap");
    let call = loop_text.split_once("./ruleproof sample").unwrap().1.split_once("code=").unwrap().0;
    let option = Regex::new(r"--[a-z][a-z-]*").unwrap();
    let given: BTreeSet<&str> =
        [command, call].iter().flat_map(|text| option.find_iter(text)).map(|found| found.as_str()).collect();
    assert!(given.len() >= 5, "{given:?}");
    for option in given {
        assert!(help.split_whitespace().any(|word| word == option), "{option}\n{help}");
    }
}

//! `ruleproof rules list`.

use std::io::{BufWriter, Write, stdout};

use serde::Serialize;

use super::args::ListArgs;
use super::sources::{FindingJson, Loaded, OpenJson, PlaceJson, SCHEMA_VERSION, loaded, open_line};
use crate::cli::args::Format;
use crate::cli::exit::Exit;
use crate::rules::{Rule, Trigger};

pub(super) fn run(args: &ListArgs) -> anyhow::Result<Exit> {
    let loaded = match loaded(&args.sources)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Format::Human => human(&loaded, &mut out)?,
        Format::Json => json(&loaded, &mut out)?,
    }
    out.flush()?;
    Ok(loaded.exit())
}

const HEADINGS: [&str; COLUMNS] = ["rule", "bus", "state", "trigger", "targets", "source", "at"];
const COLUMNS: usize = 7;

fn human(loaded: &Loaded, out: &mut impl Write) -> std::io::Result<()> {
    if loaded.rules.is_empty() {
        return Ok(());
    }
    let rows: Vec<[String; COLUMNS]> = loaded.rules.iter().map(row).collect();
    let mut widths = HEADINGS.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in std::iter::once(&HEADINGS.map(str::to_owned)).chain(&rows) {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    let open: Vec<String> = loaded.rules.iter().flat_map(open_lines).collect();
    if !open.is_empty() {
        writeln!(out, "\nnot known before deployment")?;
        open.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

fn row(rule: &Rule) -> [String; COLUMNS] {
    [
        rule.display_name.to_string(),
        rule.bus.to_string(),
        rule.state.to_string(),
        match &rule.trigger {
            Trigger::Pattern(_) => "pattern".to_owned(),
            Trigger::Schedule(schedule) => schedule.clone(),
            Trigger::PatternAndSchedule(_, schedule) => format!("pattern, {schedule}"),
        },
        rule.targets.len().to_string(),
        rule.source_kind.to_string(),
        rule.place.to_string(),
    ]
}

fn open_lines(rule: &Rule) -> Vec<String> {
    rule.open_values().iter().map(|open| format!("  {}: {}", rule.display_name, open_line(open))).collect()
}

#[derive(Serialize)]
struct ListJson<'l> {
    schema_version: u32,
    rules: Vec<RuleJson<'l>>,
    findings: Vec<FindingJson<'l>>,
}

#[derive(Serialize)]
struct RuleJson<'l> {
    name: &'l str,
    /// The name that no other rule has.
    display_name: &'l str,
    bus: &'l str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'l str>,
    targets: usize,
    source: &'static str,
    #[serde(flatten)]
    place: PlaceJson,
    unresolved: Vec<OpenJson<'l>>,
}

fn json(loaded: &Loaded, out: &mut impl Write) -> anyhow::Result<()> {
    let rules = loaded.rules.iter().map(rule_json).collect();
    let list = ListJson { schema_version: SCHEMA_VERSION, rules, findings: loaded.findings_json() };
    serde_json::to_writer(&mut *out, &list)?;
    Ok(writeln!(out)?)
}

fn rule_json(rule: &Rule) -> RuleJson<'_> {
    RuleJson {
        name: rule.name.as_str(),
        display_name: &rule.display_name,
        bus: rule.bus.as_str(),
        state: rule.state.as_str(),
        pattern: rule.trigger.pattern().map(|pattern| pattern.json()),
        schedule: rule.trigger.schedule(),
        targets: rule.targets.len(),
        source: rule.source_kind.as_str(),
        place: PlaceJson::new(&rule.place),
        unresolved: rule.open_values().iter().map(OpenJson::new).collect(),
    }
}

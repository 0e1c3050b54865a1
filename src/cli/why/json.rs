//! Explanations for machines.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::{Answer, Answers};
use crate::analysis::repair::{NoRepair, Operation, Repair};
use crate::analysis::why::{ConditionReport, Trap};
use crate::rules::SourcePlace;

/// The version of the JSON output's shape.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct AnswersJson<'a> {
    schema_version: u32,
    /// Nearest miss first, then what matches.
    rules: Vec<AnswerJson<'a>>,
    misses_left_out: usize,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    place: PlaceJson,
    matches: bool,
    alternatives: usize,
    conditions: Vec<ConditionJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<HintJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson>,
}

#[derive(Serialize)]
struct PlaceJson {
    file: String,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct ConditionJson<'a> {
    path: &'a str,
    holds: bool,
    pattern_pointer: &'a str,
    place: PlaceJson,
    expected: Box<RawValue>,
    found: Vec<FoundJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<HintJson>,
}

#[derive(Serialize)]
struct FoundJson<'a> {
    pointer: &'a str,
    actual: Box<RawValue>,
    accepted: bool,
}

#[derive(Serialize)]
struct HintJson {
    trap: &'static str,
    text: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum FixJson {
    Found {
        matches: bool,
        duplicates_dropped: bool,
        /// RFC 6902.
        patch: Vec<OperationJson>,
        event: Box<RawValue>,
    },
    None {
        reason: String,
    },
}

#[derive(Serialize)]
struct OperationJson {
    op: &'static str,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Box<RawValue>>,
}

pub(super) fn write(answers: &Answers, out: &mut impl Write) -> io::Result<()> {
    let rules = answers.missed.iter().chain(&answers.matched).map(answer).collect::<io::Result<_>>()?;
    let json =
        AnswersJson { schema_version: SCHEMA_VERSION, rules, misses_left_out: answers.misses_left_out };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}

fn answer(answer: &Answer) -> io::Result<AnswerJson<'_>> {
    let report = &answer.report;
    let conditions = report.conditions.iter().zip(&answer.places);
    Ok(AnswerJson {
        rule: answer.name.as_deref(),
        place: place(&answer.place),
        matches: report.matched,
        alternatives: report.alternatives,
        conditions: conditions.map(|(report, place)| condition(report, place)).collect::<io::Result<_>>()?,
        hints: hints(&report.traps),
        fix: answer.fix.as_ref().map(fix).transpose()?,
    })
}

fn condition<'a>(condition: &'a ConditionReport, at: &SourcePlace) -> io::Result<ConditionJson<'a>> {
    let outcome = &condition.outcome;
    let found = outcome.found.iter().map(|leaf| {
        let actual = raw(leaf.actual.clone())?;
        Ok(FoundJson { pointer: leaf.pointer.as_str(), actual, accepted: leaf.accepted })
    });
    Ok(ConditionJson {
        path: &outcome.path,
        holds: outcome.holds,
        pattern_pointer: outcome.pattern_pointer.as_str(),
        place: place(at),
        expected: raw(outcome.expected.clone())?,
        found: found.collect::<io::Result<_>>()?,
        hints: hints(&condition.traps),
    })
}

fn place(place: &SourcePlace) -> PlaceJson {
    PlaceJson { file: place.file.display().to_string(), line: place.place.line, column: place.place.column }
}

fn hints(traps: &[Trap]) -> Vec<HintJson> {
    traps.iter().map(|trap| HintJson { trap: trap.as_str(), text: trap.to_string() }).collect()
}

fn fix(fix: &Result<Repair, NoRepair>) -> io::Result<FixJson> {
    Ok(match fix {
        Ok(repair) => FixJson::Found {
            matches: repair.matches,
            duplicates_dropped: repair.duplicates_dropped,
            patch: repair.operations.iter().map(operation).collect::<io::Result<_>>()?,
            event: raw(repair.event.clone())?,
        },
        Err(reason) => FixJson::None { reason: reason.to_string() },
    })
}

fn operation(operation: &Operation) -> io::Result<OperationJson> {
    let value = operation.value().map(|value| raw(value.to_string())).transpose()?;
    Ok(OperationJson { op: operation.name(), path: operation.pointer().to_string(), value })
}

/// JSON as it is, with its spellings of numbers.
fn raw(json: String) -> io::Result<Box<RawValue>> {
    Ok(RawValue::from_string(json)?)
}

//! Prints generated target inputs as conformance cases without `expect`, JSON Lines on standard output.
//!
//! ```text
//! generate_target_inputs COUNT SEED
//! ```

#![allow(clippy::print_stderr, reason = "it is a command-line tool")]

#[path = "../../tests/support/mod.rs"]
mod support;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Map, Value, json};
use support::rng::Rng;
use support::targets;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [count, seed] => print_cases(count, seed),
        _ => Err(anyhow::anyhow!("usage: generate_target_inputs COUNT SEED")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn print_cases(count: &str, seed: &str) -> anyhow::Result<()> {
    let count: usize = count.parse().context("COUNT is a number")?;
    let seed: u64 = seed.parse().context("SEED is a number")?;
    let mut out = BufWriter::new(io::stdout().lock());
    for at in 0..count {
        // Each case has a seed of its own, so that one can be made again without those before it.
        let mut rng = Rng::new(Rng::new(seed).next_u64() ^ Rng::new(at as u64).next_u64());
        writeln!(out, "{}", case(&mut rng, format!("t{seed}-{at:07}"))?)?;
    }
    Ok(out.flush()?)
}

/// Mostly transformers, some paths.
fn case(rng: &mut Rng, id: String) -> anyhow::Result<Value> {
    let targets::TargetCase { paths, template, event } = targets::case(rng);
    let event: Value = serde_json::from_str(&event)?;
    let context = json!({
        "rule_arn": "arn:aws:events:eu-west-1:123456789012:rule/shop/notify",
        "rule_name": "notify",
        "ingestion_time": "2026-03-04T05:06:08.250Z",
    });
    let mut case = json!({"id": id, "event": event, "context": context, "compare": "exact"});
    if rng.percent(15) {
        case["input_path"] = json!(targets::path(rng));
        return Ok(case);
    }
    if !paths.is_empty() {
        let paths: Map<String, Value> = paths.into_iter().map(|(name, path)| (name, json!(path))).collect();
        case["input_paths_map"] = Value::Object(paths);
    }
    case["input_template"] = json!(template);
    Ok(case)
}

//! Prints generated pairs of patterns and events as conformance cases, and checks the reference matcher
//! against cases that are labelled already.
//!
//! ```text
//! generate_pairs COUNT SEED [engine|service]   cases without `expect`, JSON Lines on standard output
//! generate_pairs check FILE..                  the reference matcher's disagreements with labelled cases
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a command-line tool")]

#[path = "../../tests/support/mod.rs"]
mod support;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use support::generate;
use support::oracle::{self, Profile};
use support::rng::Rng;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check", ref files @ ..] if !files.is_empty() => check(files),
        [count, seed] => print_pairs(count, seed, None),
        [count, seed, profile] => print_pairs(count, seed, Some(profile)),
        _ => Err(anyhow::anyhow!("usage: generate_pairs COUNT SEED [engine|service] | check FILE..")),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// A third of the pairs is for the service unless one profile is asked for.
fn print_pairs(count: &str, seed: &str, profile: Option<&str>) -> anyhow::Result<ExitCode> {
    let count: usize = count.parse().context("COUNT is a number")?;
    let seed: u64 = seed.parse().context("SEED is a number")?;
    let only = profile.map(profile_named).transpose()?;
    let mut out = BufWriter::new(io::stdout().lock());
    for at in 0..count {
        let profile = only.unwrap_or(if at % 3 == 2 { Profile::Service } else { Profile::Engine });
        // Each pair has a seed of its own, so that one can be made again without those before it.
        let mut rng = Rng::new(Rng::new(seed).next_u64() ^ Rng::new(at as u64).next_u64());
        let (pattern, event) = generate::pair_for_model(&mut rng, profile);
        let case = json!({
            "id": format!("d{seed}-{at:07}"),
            "profile": profile_name(profile),
            "pattern": pattern,
            "event": event,
        });
        writeln!(out, "{case}")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn profile_named(name: &str) -> anyhow::Result<Profile> {
    match name {
        "engine" => Ok(Profile::Engine),
        "service" => Ok(Profile::Service),
        other => bail!("{other:?} is no profile; use engine or service"),
    }
}

fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Engine => "engine",
        Profile::Service => "service",
    }
}

/// Prints each disagreement and, like `ruleproof conform`, a last line with the counts.
fn check(files: &[&str]) -> anyhow::Result<ExitCode> {
    let (mut cases, mut disagree) = (0_usize, 0_usize);
    for file in files {
        let input = File::open(file).with_context(|| format!("opening {file}"))?;
        for line in BufReader::new(input).lines() {
            let line = line?;
            let case: Value = serde_json::from_str(&line).with_context(|| format!("a case of {file}"))?;
            let text = |name: &str| case[name].as_str().with_context(|| format!("no {name} in {line}"));
            let profile = profile_named(text("profile")?)?;
            let ours = oracle::answer(text("pattern")?.as_bytes(), text("event")?.as_bytes(), profile);
            cases += 1;
            if ours.as_str() != text("expect")? {
                disagree += 1;
                let why = oracle::refusal(text("pattern")?.as_bytes(), profile).unwrap_or_default();
                println!("{} {why}: {line}", ours.as_str());
            }
        }
    }
    println!("{cases} cases, {} agree, {disagree} disagree", cases - disagree);
    Ok(if disagree == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

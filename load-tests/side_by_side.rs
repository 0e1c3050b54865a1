//! Ruleproof and the crate `quamina` on the same events, in turns of a thousand events each, so that whatever else
//! the machine is doing hits both alike. Of each turn the fastest of several passes counts.
//!
//! Usage: side_by_side EVENTS.ndjson EVENT_COUNT RULES.tsv...
//! Prints a table: rules, thousand events a second of each, gigabytes a second of ours, the ratio, seconds to build.

#![allow(clippy::unwrap_used, missing_docs, reason = "a load test that cannot go on should panic")]
#![allow(clippy::print_stdout, reason = "the table is the point")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use quamina::Quamina;
use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::pattern::{Limits, Pattern, Profile};

const TURN_EVENTS: usize = 1_000;
const PASSES: usize = 7;
/// From so many rules on quamina takes minutes or overflows.
const QUAMINA_RULES_MAX: usize = 1_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [events, count, rules @ ..] = arguments.as_slice() else {
        panic!("usage: side_by_side EVENTS.ndjson EVENT_COUNT RULES.tsv...");
    };
    let text = fs::read_to_string(events).unwrap();
    let events: Vec<&[u8]> = text.lines().take(count.parse().unwrap()).map(str::as_bytes).collect();
    println!("| rules | ours, k/s | quamina, k/s | ratio | ours, GB/s | matches | build, s |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    rules.iter().for_each(|file| compare(Path::new(file), &events));
}

fn compare(file: &Path, events: &[&[u8]]) {
    let text = fs::read_to_string(file).unwrap();
    let rules = bank(&text);
    let clock = Instant::now();
    let parse = |(_, pattern): &(&str, &str)| Pattern::parse(pattern.as_bytes(), &Limits::engine()).unwrap();
    let patterns: Vec<Pattern> = rules.iter().map(parse).collect();
    let (matcher, mut scratch) = (Matcher::new(&patterns, Profile::Engine), Scratch::default());
    let build = clock.elapsed();
    let mut quamina = if rules.len() <= QUAMINA_RULES_MAX { quamina(file) } else { None };

    let turns: Vec<&[&[u8]]> = events.chunks(TURN_EVENTS).collect();
    let mut fastest = vec![[Duration::MAX; 2]; turns.len()];
    let mut matches = 0;
    for _ in 0..PASSES {
        matches = 0;
        for (turn, fastest) in turns.iter().zip(&mut fastest) {
            let (found, time) =
                timed(turn, |event| matcher.matches(event, &mut scratch).map_or(0, <[_]>::len));
            matches += found;
            fastest[0] = fastest[0].min(time);
            if let Some(quamina) = &mut quamina {
                let (_, time) = timed(turn, |event| quamina.matches_for_event(event).unwrap().len());
                fastest[1] = fastest[1].min(time);
            }
        }
    }
    let seconds = |engine: usize| fastest.iter().map(|times| times[engine].as_secs_f64()).sum::<f64>();
    let thousands = |seconds: f64| events.len() as f64 / seconds / 1e3;
    let bytes: usize = events.iter().map(|event| event.len()).sum();
    let (ours, theirs) = (seconds(0), quamina.is_some().then(|| seconds(1)));
    println!(
        "| {} | {:.0} | {} | {} | {:.2} | {matches} | {:.3} |",
        file.file_stem().unwrap().to_string_lossy(),
        thousands(ours),
        theirs.map_or("-".to_owned(), |theirs| format!("{:.0}", thousands(theirs))),
        theirs.map_or("-".to_owned(), |theirs| format!("{:.2}", theirs / ours)),
        bytes as f64 / ours / 1e9,
        build.as_secs_f64()
    );
}

fn timed(events: &[&[u8]], mut matches: impl FnMut(&[u8]) -> usize) -> (usize, Duration) {
    let clock = Instant::now();
    let found = events.iter().map(|event| matches(event)).sum();
    (found, clock.elapsed())
}

/// Names and patterns.
fn bank(text: &str) -> Vec<(&str, &str)> {
    text.lines().map(|line| line.split_once('\t').unwrap()).collect()
}

/// The same rules as far as the other engine can say them; `None` if it can say none.
fn quamina(file: &Path) -> Option<Quamina<String>> {
    let text = fs::read_to_string(file.with_extension("quaminars.tsv")).ok()?;
    let mut quamina = Quamina::new();
    bank(&text)
        .into_iter()
        .for_each(|(name, pattern)| quamina.add_pattern(name.to_owned(), pattern).unwrap());
    Some(quamina)
}

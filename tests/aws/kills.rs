//! kill -9 of the program in the middle of runs.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::account::Ran;
use super::bed::{BUS, Bed};
use super::ministack::endpoint_url;

const KILLS: u64 = 20;

/// Events of a run. A third matches both rules, a third one, a third none.
const EVENTS: usize = 30;

/// When the program is killed: these are spread over the time that a run takes, from the moment in which it begins.
fn delay(kill: u64) -> Duration {
    let span_ms = 4_500 / KILLS;
    Duration::from_millis(kill * span_ms + fastrand::Rng::with_seed(kill).u64(0..span_ms))
}

/// What a killed run had come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Killed {
    BeforeItWasWrittenDown,
    InTheMiddle,
    AfterItsEnd,
}

fn killed_and_redriven(kill: u64) -> Killed {
    let bed = Bed::small(EVENTS);
    let mut child = bed.run_command(endpoint_url(), &[]).stderr(Stdio::piped()).spawn().unwrap();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("note: run ") {
        line.clear();
        assert!(err.read_line(&mut line).unwrap() > 0, "kill {kill}: no run began");
    }
    std::thread::sleep(delay(kill));
    child.kill().unwrap();
    let by_itself = child.wait().unwrap().code() == Some(0);

    let listed = bed.account.run(&["probe", "show", "--format", "json"]);
    if listed.json()["runs"].as_array().is_none_or(Vec::is_empty) {
        let run = line.split_whitespace().nth(2).unwrap().to_owned();
        bed.account.run(&["probe", "redrive", &run]).assert(2, &["there is no run"]);
        return Killed::BeforeItWasWrittenDown;
    }
    let redriven = bed.redrive();
    redriven.assert(0, &[]);
    // As without the kill: nothing lost, and nothing counted twice.
    let third = EVENTS as u64 / 3;
    assert_eq!(redriven.counts(), [2 * third, third, 0, 0], "kill {kill}: {redriven:?}");
    let rules = redriven.json()["rules"].clone();
    let matched = |at: usize| rules[at]["matched"].as_u64();
    assert_eq!([matched(0), matched(1)], [Some(2 * third), Some(third)], "kill {kill}: {rules}");
    each_event_has_its_verdict(&bed, kill);
    bed.account.run(&["probe", "down"]).assert(0, &[]);
    bed.account.assert_empty(BUS);
    if by_itself { Killed::AfterItsEnd } else { Killed::InTheMiddle }
}

fn each_event_has_its_verdict(bed: &Bed, kill: u64) {
    let run = bed.only_run();
    let Ran { out, .. } = bed.account.run(&["probe", "show", &run, "--format", "ndjson"]);
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let events: Vec<Value> = lines.filter(|line| line["type"] == "event").collect();
    assert_eq!(events.len(), EVENTS, "kill {kill}");
    for (at, event) in events.iter().enumerate() {
        let rules: Vec<&str> =
            event["rules"].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap()).collect();
        let expected: (&str, &[&str]) = match at % 3 {
            0 => ("delivered", &["all", "paid"]),
            1 => ("delivered", &["all"]),
            _ => ("unmatched", &[]),
        };
        let mut sorted = rules.clone();
        sorted.sort_unstable();
        assert_eq!((event["verdict"].as_str().unwrap(), &*sorted), expected, "kill {kill}: {event}");
    }
}

#[test]
fn whenever_a_run_is_killed_a_redrive_ends_as_the_run_would_have() {
    // Side by side: a redrive waits until no message can be hidden from it any more.
    let ends: Vec<Killed> = std::thread::scope(|scope| {
        let kills: Vec<_> = (0..KILLS).map(|kill| scope.spawn(move || killed_and_redriven(kill))).collect();
        kills.into_iter().map(|kill| kill.join().unwrap()).collect()
    });
    let in_the_middle = ends.iter().filter(|end| **end == Killed::InTheMiddle).count();
    assert!(in_the_middle >= 10, "{ends:?}");
}

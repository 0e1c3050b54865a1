//! Kills a replay at random points until it has been killed often enough, and holds what it leaves against a run that
//! nobody disturbed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What the program said and wrote in the end.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    code: Option<i32>,
    /// Without what depends on time.
    pub(crate) summary: Value,
    results: String,
    payloads: String,
}

pub(crate) const RESULTS: &str = "results.ndjson";
pub(crate) const PAYLOADS: &str = "payloads.ndjson";
pub(crate) const CHECKPOINT: &str = "checkpoint.json";

impl Outcome {
    pub(crate) fn of(output: &Output, folder: &Path) -> Outcome {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let mut summary: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {output:?}"));
        for name in ["elapsed_s", "events_per_s", "bytes_per_s"] {
            summary.as_object_mut().unwrap().remove(name).unwrap();
        }
        Outcome { code: output.status.code(), summary, results: read(RESULTS), payloads: read(PAYLOADS) }
    }

    /// Fails at the first difference, as whole files are too long to read.
    pub(crate) fn assert_same(&self, undisturbed: &Outcome, when: &str) {
        assert_eq!(self.summary, undisturbed.summary, "{when}");
        assert_eq!(self.code, undisturbed.code, "{when}");
        for (name, is, was) in [
            ("results", &self.results, &undisturbed.results),
            ("payloads", &self.payloads, &undisturbed.payloads),
        ] {
            if let Some(at) = is.lines().zip(was.lines()).position(|(is, was)| is != was) {
                let (is, was) = (is.lines().nth(at), was.lines().nth(at));
                panic!("{when}: {name} differ in line {}: {is:?} instead of {was:?}", at + 1);
            }
            assert_eq!(is.len(), was.len(), "{when}: {name} differ in length");
        }
    }
}

/// Runs `replay` (which writes to the names above in `folder`) to its end, then again until `kills` kills at random
/// points have met runs with events behind and before them, and compares. `replay` gets the arguments to add.
pub(crate) fn survives_kills(seed: u64, kills: usize, folder: &Path, replay: impl Fn(&[&str]) -> Command) {
    let mut random = fastrand::Rng::with_seed(seed);
    let began = Instant::now();
    let undisturbed = Outcome::of(&replay(&[]).output().unwrap(), folder);
    let whole = began.elapsed();
    let kept = ["--checkpoint", CHECKPOINT, "--checkpoint-every", "0s"];
    let (mut killed, mut in_the_middle, mut started) = (0, 0, 0);
    // Kills that came too early, in a row: what is read slowly and recorded fast needs later ones.
    let mut early = 0;
    // How many kills meet the middle depends on the machine.
    let started_max = 20 * kills;
    while in_the_middle < kills && started < started_max {
        for name in [CHECKPOINT, RESULTS, PAYLOADS] {
            let _ = fs::remove_file(folder.join(name));
        }
        loop {
            let resume = folder.join(CHECKPOINT).exists();
            let arguments = [&kept[..], if resume { &["--resume"] } else { &[] }].concat();
            let mut child = replay(&arguments).spawn().unwrap();
            started += 1;
            if in_the_middle < kills && started < started_max {
                std::thread::sleep(
                    whole.mul_f64(random.f64() * f64::from(1 + early.min(4)) / 4.0)
                        + Duration::from_millis(5),
                );
                // An end of its own is no kill; the run is begun again.
                if child.try_wait().unwrap().is_none() {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    killed += 1;
                    let met = is_in_the_middle(folder);
                    in_the_middle += usize::from(met);
                    early = if met { 0 } else { early + 1 };
                    continue;
                }
            }
            Outcome::of(&child.wait_with_output().unwrap(), folder)
                .assert_same(&undisturbed, &format!("seed {seed}, after {killed} kills"));
            break;
        }
    }
    let met =
        format!("seed {seed}: {in_the_middle} of {killed} kills met a run with events behind and before it");
    assert_eq!(in_the_middle, kills, "{met}");
}

fn is_in_the_middle(folder: &Path) -> bool {
    let Ok(text) = fs::read_to_string(folder.join(CHECKPOINT)) else { return false };
    let checkpoint: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let position = &checkpoint["state"]["position"];
    position["input"] != 0 && position["input"] != u32::MAX || position["items"] != 0
}

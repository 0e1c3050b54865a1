//! `ruleproof test --watch`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::session::Session;
use super::test_support::{HEAD, TEMPLATE, command, suite};

/// How long a run may take on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that watches, and the lines that it prints.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(session: &Session) -> Watching {
        // A file that was written a moment ago counts as changed during the first run.
        std::thread::sleep(Duration::from_millis(200));
        let mut child = command(session, &["--watch"]).stderr(Stdio::null()).spawn().unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Watching { child, lines }
    }

    /// The tests that failed in the next run, in the order in which they are shown, and its counts.
    fn next_run(&self) -> (Vec<String>, String) {
        let mut failed = Vec::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("a run");
            if let Some((_, name)) = line.strip_prefix("FAIL ").and_then(|line| line.split_once("  ")) {
                failed.push(name.to_owned());
            }
            if let Some((counts, _)) =
                line.split_once(" in ").filter(|(counts, _)| counts.contains(" passed"))
            {
                return (failed, counts.to_owned());
            }
        }
    }

    #[cfg(unix)]
    fn interrupt(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const TESTS: &str = "  - { name: first, event: placed, expect: { matches: [large] } }
  - { name: second, event: placed, set: { /detail/total: 100 }, expect: { matches: [large] } }
";

#[cfg(unix)]
#[test]
fn tests_run_again_whenever_something_changes_those_that_failed_first() {
    let session = suite(TESTS);
    let watching = Watching::start(&session);
    assert_eq!(watching.next_run(), (vec![], "2 passed".to_owned()));
    session.file("template.yaml", TEMPLATE.replace(">=\", 100", ">=\", 100.5"));
    assert_eq!(watching.next_run(), (vec!["second".to_owned()], "1 passed, 1 failed".to_owned()));
    // Both fail now, and the one that failed before comes first.
    session.file("template.yaml", TEMPLATE.replace(">=\", 100", ">=\", 100000"));
    let failed = vec!["second".to_owned(), "first".to_owned()];
    assert_eq!(watching.next_run(), (failed, "0 passed, 2 failed".to_owned()));
    session.file("template.yaml", TEMPLATE);
    assert_eq!(watching.next_run(), (vec![], "2 passed".to_owned()));
    // A file that comes into being, and one that cannot be read for a while.
    session.file("more/new.test.yaml", format!("{HEAD}{TESTS}").replace("template.yaml", "../template.yaml"));
    assert_eq!(watching.next_run(), (vec![], "4 passed".to_owned()));
    session.file("more/new.test.yaml", "version: [");
    assert_eq!(watching.next_run(), (vec![], "2 passed, 1 test file unusable".to_owned()));
    std::fs::remove_file(session.path("more/new.test.yaml")).unwrap();
    assert_eq!(watching.next_run(), (vec![], "2 passed".to_owned()));
    assert_eq!(watching.interrupt(), Some(130));
}

#[test]
fn watching_and_recording_exclude_each_other() {
    let ran = super::test_support::test(&suite(TESTS), &["--watch", "--bless"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

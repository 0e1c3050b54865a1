//! Outputs that are written over nothing, and read by nobody else.

use super::session::{Session, TWO_RULES};
use super::test_support::suite;

/// Whole events, as AWS wants them.
const EVENTS: &str = r#"{"id":"1","detail-type":"t","source":"a","account":"123456789012","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{}}
{"id":"2","detail-type":"t","source":"c","account":"123456789012","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{}}
"#;
const ONE_TEST: &str = "  - { name: one, event: placed, expect: { matches: [large] } }\n";

/// Rules, events, a pattern and a baseline. No rule ends with a line break, so that one too many is seen.
fn session() -> Session {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES.trim_end()).file("events.ndjson", EVENTS);
    session.file("keep.json", r#"{"source":["a"]}"#).file("ruleproof.toml", "").file("earlier", "{}\n");
    session
}

fn with_sources<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, "--rules", "rules.yaml", "--events", "events.ndjson"][..], more].concat()
}

#[test]
fn metrics_are_added_to_nothing_but_metrics() {
    let session = session();
    let before = |name: &str| session.read(name);
    for command in ["sample", "replay"] {
        for (file, among) in [
            ("rules.yaml", "the rules"),
            ("events.ndjson", "the events"),
            ("ruleproof.toml", "configuration"),
        ] {
            let text = before(file);
            let ran = session.run(&with_sources(command, &["--metrics-emf", file]));
            assert!(ran.code == 2 && ran.err.contains(&format!("{file} is among")), "{command}: {ran:?}");
            assert!(ran.err.contains(among) && ran.err.contains("write the metrics elsewhere"), "{ran:?}");
            assert_eq!(session.read(file), text);
        }
        let ran = session.run(&with_sources(command, &["--metrics-emf", "both", "--results", "both"]));
        assert!(ran.code == 2 && ran.err.contains("both is among the files to write"), "{ran:?}");
        assert!(!session.path("both").exists());
        let ran = session.run(&with_sources(command, &["--metrics-emf", "earlier"]));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let lines = session.read("earlier");
    assert!(lines.starts_with("{}\n") && lines.lines().count() > 2, "{lines}");
}

#[test]
fn metrics_are_not_added_to_what_tests_read() {
    let session = suite(ONE_TEST);
    for (file, among) in [("orders.test.yaml", "the tests"), ("template.yaml", "the")] {
        let text = session.read(file);
        let ran = session.run(&["test", "--metrics-emf", file]);
        assert!(ran.code == 2 && ran.err.contains(&format!("{file} is among {among}")), "{ran:?}");
        assert_eq!((session.read(file), ran.out.as_str()), (text, ""));
    }
    let ran = session.run(&["test", "--metrics-emf", "both", "--coverage-json", "both"]);
    assert!(ran.code == 2 && ran.err.contains("both is among the files to write"), "{ran:?}");
}

#[test]
fn a_sample_loses_neither_patterns_nor_baselines_nor_ends_of_rules() {
    let session = session();
    let learning = ["--window", "1s", "--baseline-windows", "1", "--clock", "event"];
    session.file("baseline.json", "{}");
    for (file, more) in [
        ("keep.json", &["--keep", "keep.json", "--results", "keep.json"][..]),
        ("keep.json", &["--keep", "keep.json", "--set-aside", "keep.json"]),
        ("baseline.json", &["--baseline", "baseline.json", "--results", "baseline.json"]),
        ("rules.yaml", &["--set-aside", "rules.yaml"]),
        ("rules.yaml", &["--baseline", "new.json", "--results", "rules.yaml"]),
    ] {
        let text = session.read(file);
        let ran = session.run(&with_sources("sample", more));
        assert!(ran.code == 2 && ran.err.contains(&format!("{file} is among")), "{more:?}: {ran:?}");
        assert_eq!(session.read(file), text, "{more:?}");
    }
    // Neither is there yet.
    let more = [&["--baseline", "new.json", "--results", "./new.json"][..], &learning].concat();
    let ran = session.run(&with_sources("sample", &more));
    assert!(ran.code == 2 && ran.err.contains("new.json is among the files to write"), "{ran:?}");
    assert!(!session.path("new.json").exists());
}

#[test]
fn a_sample_of_nothing_that_can_be_judged_is_no_success() {
    let session = session();
    let arguments = ["sample", "--rules", "rules.yaml", "--events", "-"];
    let ran = session.run_with_input(&arguments, b"\x00\xff garbage\n{]\n".to_vec());
    assert!(ran.code == 2 && ran.err.contains("not one event could be judged"), "{ran:?}");
    let ran = session.run_with_input(&arguments, b"{]\n{\"source\":\"c\"}\n".to_vec());
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[cfg(unix)]
fn mode(session: &Session, name: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    session.path(name).metadata().unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn what_may_hold_contents_of_events_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let session = session();
    std::fs::set_permissions(session.path("earlier"), PermissionsExt::from_mode(0o640)).unwrap();
    for (command, option, made) in [
        ("sample", "--results", "sampled"),
        ("replay", "--results", "replayed"),
        ("replay", "--payloads", "payloads"),
        ("sample", "--tap", "tap.test.yaml"),
    ] {
        let ran = session.run(&with_sources(command, &[option, made]));
        assert_eq!((ran.code, mode(&session, made)), (0, 0o600), "{made}: {ran:?}");
    }
    let examples: Vec<String> = std::fs::read_dir(session.path("tap.events"))
        .unwrap()
        .map(|entry| format!("tap.events/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    assert!(
        !examples.is_empty() && examples.iter().all(|name| mode(&session, name) == 0o600),
        "{examples:?}"
    );
    let ran = session.run(&with_sources("replay", &["--results", "earlier"]));
    assert_eq!((ran.code, mode(&session, "earlier")), (0, 0o640), "{ran:?}");
}

/// `parity` with a stand-in for AWS that says of every pair that it matches.
#[cfg(all(unix, feature = "aws"))]
mod bundles {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};

    use super::super::session::{Ran, Session};
    use super::{mode, session, with_sources};

    fn answer(stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line == "\r\n" {
                    break;
                }
            }
            reader.read_exact(&mut vec![0; length])?;
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: 15\r\n\r\n";
            (&stream).write_all(format!("{head}{{\"Result\":true}}").as_bytes())?;
        }
    }

    fn parity(session: &Session, more: &[&str]) -> Ran {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in server.incoming().map_while(Result::ok) {
                std::thread::spawn(move || answer(stream));
            }
        });
        let mut command = session.command(&with_sources("parity", &[&["--rate", "1000/s"], more].concat()));
        command.env("AWS_ENDPOINT_URL", url).env("AWS_REGION", "us-east-1").env("NO_PROXY", "127.0.0.1");
        command.env("AWS_ACCESS_KEY_ID", "123456789012").env("AWS_SECRET_ACCESS_KEY", "secret");
        Ran::from(command.output().unwrap())
    }

    #[test]
    fn disagreements_are_written_over_nothing_and_looked_at_first() {
        let session = session();
        for (bundle, says) in [
            ("events.ndjson", "events.ndjson is among the events; write the disagreements elsewhere"),
            ("rules.yaml", "rules.yaml is among the rules; write the disagreements elsewhere"),
            ("no/such/folder", "no/such/folder cannot be written"),
        ] {
            let ran = parity(&session, &["--bundle", bundle]);
            assert!(ran.code == 2 && ran.err.matches(says).count() == 1 && ran.out.is_empty(), "{ran:?}");
        }
        assert_eq!(session.read("events.ndjson"), super::EVENTS);
    }

    #[test]
    fn disagreements_of_earlier_runs_stay() {
        let session = session();
        let ran = parity(&session, &[]);
        assert_eq!(ran.code, 5, "{ran:?}");
        let first = session.read("ruleproof-disagreements.jsonl");
        assert!(first.lines().count() > 1, "{first}");
        assert_eq!(mode(&session, "ruleproof-disagreements.jsonl"), 0o600);
        assert_eq!(parity(&session, &[]).code, 5);
        assert_eq!(session.read("ruleproof-disagreements.jsonl"), first.repeat(2));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_bundle_that_cannot_be_kept_is_said_once_and_the_outcome_stays() {
        let ran = parity(&session(), &["--bundle", "/dev/full"]);
        assert!(ran.code == 5 && ran.out.contains("AWS says match"), "{ran:?}");
        assert_eq!(ran.err.matches("/dev/full").count(), 1, "{ran:?}");
        assert!(ran.err.contains("error: /dev/full cannot be written"), "{ran:?}");
    }
}

//! `ruleproof sample` with events that are posted to it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write, copy, sink};
use std::net::TcpStream;
use std::process::{Child, Command};

use super::interrupt::end;
use super::sample::{counted, events, results, signal, wait_until};
use super::session::{Session, TWO_RULES};

/// Starts to listen; the process, and its address.
fn listening(session: &Session, more: &[&str]) -> (Child, String) {
    session.file("rules.yaml", TWO_RULES);
    let arguments = ["sample", "--rules", "rules.yaml", "--events", "http://127.0.0.1:0", "--format", "json"];
    let arguments = [&arguments[..], &["--results", "out.ndjson"], more].concat();
    let mut child = session.command(&arguments).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();
    wait_until("it is ready", || request(&address, "GET /readyz", "").0 == 200);
    (child, address)
}

/// Sends a request; gives the status and the body of the answer.
fn request(address: &str, head: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    // The server may answer before it has read a body that is too long.
    let _ = write!(
        stream,
        "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let status = answer.split(' ').nth(1).unwrap_or_default().parse().unwrap_or(0);
    (status, answer)
}

#[test]
fn events_come_by_http_and_are_judged_and_counted() {
    let session = Session::new();
    let (child, address) = listening(&session, &["--event-bytes-max", "10000"]);
    assert_eq!(request(&address, "POST /events", r#"{"id":"1","source":"a"}"#).0, 202);
    assert_eq!(
        request(&address, "POST /events", r#"[{"id":"2","source":"b"},{"id":"3","source":"c"}]"#).0,
        202
    );
    assert_eq!(request(&address, "POST /events", &events(3, 30)).0, 202);
    assert_eq!(request(&address, "POST /events", &"x".repeat(20_000)).0, 413);
    let (status, answer) = request(&address, "POST /events", "{}\n{\"id\":}");
    assert!(status == 400 && answer.contains("line 2, column 7: expected value"), "{answer}");
    wait_until("all are judged", || results(&session).len() == 33);
    let metrics = request(&address, "GET /metrics", "").1;
    assert!(metrics.contains("ruleproof_events_read_total 33"), "{metrics}");
    assert!(metrics.contains("ruleproof_http_requests_total{status=\"202\"} 3"), "{metrics}");
    signal(&child, "-TERM");
    let ran = end(child);
    let [read, delivered, unmatched, errored, dropped] = counted(&ran);
    assert_eq!((ran.code, read, delivered, unmatched, errored, dropped), (0, 33, 22, 11, 0, 0));
}

#[test]
fn whoever_posts_more_than_is_judged_is_told_to_come_again_and_what_was_accepted_is_judged() {
    let session = Session::new();
    // Judging stands still while nobody reads the results.
    let pipe = session.path("out.ndjson");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn(move || File::open(pipe).unwrap());
    let (child, address) = listening(&session, &[]);
    let mut results = reader.join().unwrap();
    let padding = "x".repeat(1_000);
    let body = |from: usize| -> String {
        let event = |id| format!("{{\"id\":\"e{id}\",\"source\":\"a\",\"detail\":\"{padding}\"}}\n");
        (from..from + 500).map(event).collect()
    };
    let mut accepted = 0;
    let refused = loop {
        let (status, answer) = request(&address, "POST /events", &body(accepted as usize));
        if status != 202 {
            break (status, answer);
        }
        accepted += 500;
        assert!(accepted < 500_000, "nothing is ever refused");
    };
    assert!(
        refused.0 == 429 && refused.1.to_ascii_lowercase().contains("\r\nretry-after: 1\r\n"),
        "{refused:?}"
    );
    let metrics = request(&address, "GET /metrics", "").1;
    assert!(metrics.contains("ruleproof_http_requests_total{status=\"429\"} 1"), "{metrics}");

    // Once results are read there is room again, and nothing that was accepted is lost.
    let drained = std::thread::spawn(move || copy(&mut results, &mut sink()).unwrap());
    wait_until("there is room again", || {
        let (status, _) = request(&address, "POST /events", &body(accepted as usize));
        accepted += if status == 202 { 500 } else { 0 };
        status == 202
    });
    signal(&child, "-TERM");
    let ran = end(child);
    let [read, delivered, ..] = counted(&ran);
    assert_eq!((ran.code, read, delivered), (0, accepted, accepted), "{ran:?}");
    assert!(drained.join().unwrap() > 50 * accepted);
}

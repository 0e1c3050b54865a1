//! OTLP as a collector gets it, and as one that does not work gets it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use ruleproof::telemetry::export::{Exporter, ExporterThread, Flushed, Interval, Moment, Otlp};
use ruleproof::telemetry::{Registry, table};
use serde_json::Value;

use crate::readers;

/// Answers each request with `answer` and hands on what came: the head and the body.
fn collector(answer: &'static str) -> (SocketAddr, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (requests, requested) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = read_request(&mut stream);
            stream.write_all(answer.as_bytes()).unwrap();
            if requests.send(request).is_err() {
                return;
            }
        }
    });
    (address, requested)
}

fn read_request(stream: &mut TcpStream) -> (String, String) {
    let mut text = Vec::new();
    let mut some = [0; 4_096];
    loop {
        if let Some(end) = text.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8(text[..end].to_vec()).unwrap();
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
            let length: usize = length.unwrap().parse().unwrap();
            if text.len() >= end + 4 + length {
                return (head, String::from_utf8(text[end + 4..].to_vec()).unwrap());
            }
        }
        let read = stream.read(&mut some).unwrap();
        assert!(read > 0);
        text.extend(&some[..read]);
    }
}

fn otlp(address: SocketAddr) -> Otlp {
    let url = format!("http://{address}").parse().unwrap();
    Otlp::to(url, Moment::since_1970(Duration::from_secs(1))).unwrap()
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

#[test]
fn a_request_is_what_the_protocols_own_decoder_reads() {
    let registry = Registry::default();
    registry.series(&table::RULE_MATCHES, ["Big \"orders\" ü"]).add(u64::MAX / 2);
    registry.series(&table::EVENTS, ["delivered"]).add(3);
    registry.series(&table::LAG, []).set(0.5);
    registry.series(&table::JUDGE_SECONDS, []).record(Duration::from_millis(3));
    let (address, requested) = collector(OK);
    otlp(address).emit(&registry.snapshot(), Moment::since_1970(Duration::from_secs(2))).unwrap();
    let (head, body) = requested.recv().unwrap();
    assert!(head.starts_with("POST /v1/metrics HTTP/1.1"), "{head}");
    assert!(head.to_lowercase().contains("content-type: application/json"), "{head}");
    let decoded = readers::otlp(&body);
    let metrics = decoded["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].as_array().unwrap();
    let metric = |name: &str| metrics.iter().find(|metric| metric["name"] == name).unwrap();
    let matches = &metric("ruleproof_rule_matches_total")["sum"];
    assert_eq!(matches["aggregationTemporality"], "AGGREGATION_TEMPORALITY_CUMULATIVE");
    assert_eq!(matches["isMonotonic"], true);
    let point = &matches["dataPoints"][0];
    assert_eq!(point["asInt"], (u64::MAX / 2).to_string());
    assert_eq!(
        (&point["startTimeUnixNano"], &point["timeUnixNano"]),
        (&"1000000000".into(), &"2000000000".into())
    );
    assert_eq!(point["attributes"][0]["value"]["stringValue"], "Big \"orders\" ü");
    assert_eq!(metric("ruleproof_lag_seconds")["gauge"]["dataPoints"][0]["asDouble"], 0.5);
    let judge = &metric("ruleproof_judge_seconds")["histogram"]["dataPoints"][0];
    let (buckets, bounds) =
        (judge["bucketCounts"].as_array().unwrap(), judge["explicitBounds"].as_array().unwrap());
    assert_eq!((buckets.len(), &judge["count"]), (bounds.len() + 1, &Value::from("1")));
    let resource = decoded["resourceMetrics"][0]["resource"]["attributes"].to_string();
    assert!(resource.contains("service.name"), "{resource}");
}

#[test]
fn errors_of_the_collector_are_failures_that_name_it() {
    for (answer, says) in [
        ("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "500"),
        ("HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n\r\n", "429"),
        ("nonsense\r\n\r\n", "127.0.0.1"),
        ("", "127.0.0.1"),
    ] {
        let (address, _requested) = collector(answer);
        let failed =
            otlp(address).emit(&Registry::default().snapshot(), Moment::now()).unwrap_err().to_string();
        assert!(failed.contains(says) && failed.contains(&address.to_string()), "{failed}");
    }
}

#[test]
fn an_empty_answer_that_closes_the_connection_is_a_success() {
    let (address, _requested) =
        collector("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    for _ in 0..20 {
        otlp(address).emit(&Registry::default().snapshot(), Moment::now()).unwrap();
    }
}

/// How long counting takes beside an exporter to `address`, how the exporter ends, and how many emissions failed.
fn beside(address: SocketAddr) -> (Duration, Flushed, u64) {
    let registry = Arc::new(Registry::default());
    let interval = Interval::new(Duration::from_secs(1)).unwrap();
    let exporter = ExporterThread::start(otlp(address), Arc::clone(&registry), interval).unwrap();
    let delivered = registry.series(&table::EVENTS, ["delivered"]);
    let begin = Instant::now();
    for _ in 0..100_000 {
        delivered.add(1);
        exporter.prompt().emit_soon();
    }
    let took = begin.elapsed();
    exporter.finish();
    let flushed = exporter.wait(Duration::from_millis(500));
    (took, flushed, registry.snapshot().counter_sum("ruleproof_emissions_dropped_total"))
}

#[test]
fn dead_collectors_do_not_slow_the_run() {
    // Nobody listens: a port that was free a moment ago.
    let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (took, flushed, dropped) = beside(refused);
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(matches!(&flushed, Flushed::Failed(_)) && dropped > 0, "{flushed:?} {dropped}");
    // Somebody listens and never answers.
    let hanging = TcpListener::bind("127.0.0.1:0").unwrap();
    let (took, flushed, _) = beside(hanging.local_addr().unwrap());
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(flushed, Flushed::Hanging);
}

#[test]
fn what_a_failed_emission_did_not_bring_is_in_the_next() {
    let registry = Registry::default();
    let delivered = registry.series(&table::EVENTS, ["delivered"]);
    delivered.add(2);
    let (broken, _requested) = collector("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
    assert!(otlp(broken).emit(&registry.snapshot(), Moment::now()).is_err());
    delivered.add(3);
    let (address, requested) = collector(OK);
    otlp(address).emit(&registry.snapshot(), Moment::now()).unwrap();
    assert!(requested.recv().unwrap().1.contains(r#""asInt":"5""#));
}

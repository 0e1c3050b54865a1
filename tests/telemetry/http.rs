//! The listener, over real connections.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::post;
use ruleproof::telemetry::http::{Endpoint, HttpServer, Readiness, routes};
use ruleproof::telemetry::{Registry, table};

use crate::readers;

fn any_port() -> Endpoint {
    Endpoint::bind("127.0.0.1:0".parse().unwrap()).unwrap()
}

fn started(registry: &Arc<Registry>) -> (HttpServer, Readiness) {
    let readiness = Readiness::default();
    let router = routes(Arc::clone(registry), readiness.clone())
        .merge(Router::new().route("/events", post(|body: String| async move { body.len().to_string() })));
    (HttpServer::start(any_port(), router).unwrap(), readiness)
}

/// The head and the body of the answer.
fn ask(address: SocketAddr, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn get(address: SocketAddr, path: &str) -> (String, String) {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
}

#[test]
fn a_scrape_is_what_the_reference_parser_of_prometheus_reads() {
    let registry = Arc::new(Registry::default());
    let names = ["plain", "with \"quotes\" and \\", "two\nlines", "üñí {},=", "trailing\\"];
    for (at, name) in names.iter().enumerate() {
        registry.series(&table::RULE_MATCHES, [name]).add(at as u64 + 1);
    }
    registry.series(&table::LAG, []).set(0.000_012_5);
    registry.series(&table::JUDGE_SECONDS, []).record(Duration::from_millis(3));
    let (server, _) = started(&registry);
    let (head, body) = get(server.address(), "/metrics");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.to_lowercase().contains("content-type: text/plain; version=0.0.4"), "{head}");
    let families = readers::prometheus(&body);
    let family = |name: &str| {
        families
            .as_array()
            .unwrap()
            .iter()
            .find(|f| f["name"] == name)
            .unwrap_or_else(|| panic!("{name}: {families}"))
    };
    let matches = family("ruleproof_rule_matches");
    assert_eq!(matches["type"], "counter");
    for (at, name) in names.iter().enumerate() {
        let found = matches["samples"].as_array().unwrap().iter().find(|s| s[1]["rule"] == *name);
        assert_eq!(found.unwrap()[2], at as f64 + 1.0);
    }
    assert_eq!(family("ruleproof_lag_seconds")["samples"][0][2], 0.000_012_5);
    let judge = family("ruleproof_judge_seconds");
    assert_eq!(judge["type"], "histogram");
    let buckets = judge["samples"].as_array().unwrap();
    let bucket = |le: &str| buckets.iter().find(|s| s[1]["le"] == le).unwrap()[2].as_f64().unwrap();
    assert_eq!((bucket("0.0025"), bucket("0.005"), bucket("+Inf")), (0.0, 1.0, 1.0));
}

#[test]
fn readiness_is_what_the_driver_says_and_health_is_not_touched_by_it() {
    let (server, readiness) = started(&Arc::default());
    assert!(get(server.address(), "/readyz").0.starts_with("HTTP/1.1 503"));
    readiness.ready();
    assert!(get(server.address(), "/readyz").0.starts_with("HTTP/1.1 200"));
    readiness.not_ready("draining");
    let (head, body) = get(server.address(), "/readyz");
    assert!(head.starts_with("HTTP/1.1 503") && body == "draining\n", "{head} {body}");
    assert!(get(server.address(), "/healthz").0.starts_with("HTTP/1.1 200"));
    assert!(get(server.address(), "/nothing").0.starts_with("HTTP/1.1 404"));
}

#[test]
fn a_driver_adds_routes_to_the_same_listener() {
    let (server, _) = started(&Arc::default());
    let request = "POST /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    assert_eq!(ask(server.address(), request).1, "5");
}

#[test]
fn a_taken_port_is_refused_with_a_message_that_says_what_to_do() {
    let first = any_port();
    let message = Endpoint::bind(first.address()).unwrap_err().to_string();
    assert!(message.contains(&first.address().to_string()) && message.contains("another port"), "{message}");
}

#[test]
fn silent_and_oversized_clients_do_not_keep_others_out() {
    let (server, _) = started(&Arc::default());
    // More than there are places: some of them wait in the kernel.
    let silent: Vec<TcpStream> = (0..80).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    let mut large = TcpStream::connect(server.address()).unwrap();
    let _ =
        large.write_all(format!("GET /healthz HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(100_000)).as_bytes());
    let mut answer = [0; 12];
    let refused = large.read_exact(&mut answer).is_err() || answer.starts_with(b"HTTP/1.1 431");
    assert!(refused, "{}", String::from_utf8_lossy(&answer));
    // Those that never said anything are gone by now, or will be in seconds.
    assert!(get(server.address(), "/healthz").0.starts_with("HTTP/1.1 200"));
    drop(silent);
}

#[test]
fn idle_clients_give_their_places_to_others() {
    let (server, _) = started(&Arc::default());
    let idle = |_| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        stream
    };
    let idle: Vec<TcpStream> = (0..64).map(idle).collect();
    let begin = Instant::now();
    assert!(get(server.address(), "/healthz").0.starts_with("HTTP/1.1 200"));
    // By themselves they would be gone after ten seconds.
    assert!(begin.elapsed() < Duration::from_secs(8));
    drop(idle);
}

#[test]
fn a_flood_of_scrapes_gets_answers_but_not_fresh_work_each() {
    let registry = Arc::new(Registry::default());
    let (server, _) = started(&registry);
    let begin = Instant::now();
    for _ in 0..200 {
        assert!(get(server.address(), "/metrics").0.starts_with("HTTP/1.1 200"));
    }
    let snapshot = registry.snapshot();
    let fresh = snapshot.counter("ruleproof_emissions_total", &["prometheus"]).unwrap();
    let again = snapshot.counter("ruleproof_emissions_dropped_total", &["prometheus"]).unwrap_or(0);
    assert_eq!(fresh + again, 200);
    // Five at once and five a second.
    assert!(fresh as f64 <= 6.0 + 5.0 * begin.elapsed().as_secs_f64(), "{fresh}");
}

#[test]
fn stopping_does_not_wait_for_open_connections() {
    let (server, _) = started(&Arc::default());
    let _open = TcpStream::connect(server.address()).unwrap();
    let begin = Instant::now();
    drop(server);
    assert!(begin.elapsed() < Duration::from_secs(5));
}

//! Events that are too large are passed over, and what is behind them is read.

use ruleproof::sources::SourceLimits;

use super::common::{items_in_steps, items_with};

fn limits() -> SourceLimits {
    SourceLimits { event_bytes_max: 100, block_bytes: 16, batch_bytes_target: 32, ..SourceLimits::default() }
}

fn check(text: &str, expected: &[&str]) {
    let items = items_with(text.as_bytes(), limits());
    let kinds: Vec<&str> = items.iter().map(|item| item.split(';').next().unwrap_or(item)).collect();
    assert_eq!(kinds.len(), expected.len(), "{kinds:?}");
    for (kind, expected) in kinds.iter().zip(expected) {
        assert!(kind.starts_with(expected), "{kind} does not start with {expected}");
    }
    let offsets = |items: &[String]| -> Vec<String> {
        items.iter().map(|item| item.split("(at least").next().unwrap_or(item).to_owned()).collect()
    };
    let stepped = items_in_steps(text.as_bytes(), 3, SourceLimits { block_bytes: 3, ..limits() });
    assert_eq!(offsets(&stepped), offsets(&items));
}

const TOO_LARGE: &str = "broken longer than the limit of 100 bytes (at least ";

#[test]
fn large_documents_are_passed_over() {
    let large = format!(r#"{{"id":2,"x":"{}","y":[{{}}]}}"#, "z".repeat(10_000));
    let at = format!("9:2 {TOO_LARGE}");
    check(&format!("{{\"id\":1}}\n{large}\n{{\"id\":3}}\n"), &["0:1 event", &at, "10034:3 event {\"id\":3}"]);
    let at = format!("8:1 {TOO_LARGE}");
    check(&format!("{{\"id\":1}}{large}{{\"id\":3}}"), &["0:1 event", &at, "10032:1 event {\"id\":3}"]);
    let at = format!("10:1 {TOO_LARGE}");
    check(&format!("[{{\"id\":1}},{large},{{\"id\":3}}]"), &["1:1 event", &at, "10035:1 event {\"id\":3}"]);
}

#[test]
fn large_broken_documents_are_passed_over() {
    let line = format!(r#"{{"id":2,"x":"{}"#, "z".repeat(10_000));
    let at = format!("9:2 {TOO_LARGE}");
    check(&format!("{{\"id\":1}}\n{line}\n{{\"id\":3}}\n"), &["0:1 event", &at, "10023:3 event {\"id\":3}"]);
    let derailed = format!(r#"{{"id":2,"x":"y"{}"#, "z".repeat(10_000));
    check(
        &format!("{{\"id\":1}}\n{derailed}\n{{\"id\":3}}\n"),
        &["0:1 event", &at, "10025:3 event {\"id\":3}"],
    );
    let junk = "z".repeat(100_000);
    check(&format!("{{\"id\":1}}\n{junk}\n{{\"id\":3}}\n"), &["0:1 event", &at, "100010:3 event {\"id\":3}"]);
    let brackets = "[1,".repeat(10_000);
    check(
        &format!("{{\"id\":1}}\n[{brackets}\n{{\"id\":3}}\n"),
        &[
            "0:1 event",
            "10:2 broken longer than the limit",
            "30011:3 event {\"id\":3}",
            "30020:4 broken the list breaks off",
        ],
    );
}

#[test]
fn a_large_message_of_exported_logs_is_passed_over() {
    let stamp = "2026-03-04T05:06:01.000Z";
    let text = format!(
        "{stamp} {{}}\n{stamp} {}\n{}\n{stamp} {{\"id\":3}}\n",
        "z".repeat(5_000),
        "more\n".repeat(50)
    );
    let at = format!("28:2 {TOO_LARGE}");
    check(&text, &["0:1 event {}", &at, "5305:54 event {\"id\":3}"]);
}

#[test]
fn the_limit_itself_fits() {
    let fits = format!(r#"{{"x":"{}"}}"#, "z".repeat(92));
    let exceeds = format!(r#"{{"x":"{}"}}"#, "z".repeat(93));
    assert_eq!(fits.len(), 100);
    check(&format!("{fits}\n{exceeds}\n{fits}"), &["0:1 event", "101:2 broken", "203:3 event"]);
}

#[test]
fn what_a_wrapper_unpacks_to_is_limited_too() {
    use base64::Engine as _;
    let bomb = super::common::gzip(&vec![b' '; 1_000_000]);
    let data = base64::engine::general_purpose::STANDARD.encode(bomb);
    let limits = SourceLimits { event_bytes_max: 10_000, ..SourceLimits::default() };
    let text = format!(r#"{{"awslogs":{{"data":"{data}"}}}}"#);
    let items = items_with(text.as_bytes(), limits);
    assert_eq!(items.len(), 1);
    assert!(items[0].starts_with("0:1 broken longer than the limit of 10000 bytes"), "{}", items[0]);
}

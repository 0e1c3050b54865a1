//! A replay of one file against two rules.

use super::session::{Ran, Session, TWO_RULES};

/// One kind of error in a summary.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) code: String,
    pub(super) count: u64,
    /// `input:line` of the first.
    pub(super) first_at: String,
    pub(super) reason: String,
}

pub(super) fn fault(code: &str, count: u64, first_at: &str, reason: &str) -> Fault {
    let (code, first_at, reason) = (code.to_owned(), first_at.to_owned(), reason.to_owned());
    Fault { code, count, first_at, reason }
}

/// Replays `events` as the file `name`.
pub(super) fn replay(name: &str, events: impl AsRef<[u8]>) -> Ran {
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES).file(name, events);
    session.run(&["replay", "--format", "json", "--rules", "rules.yaml", "--events", name])
}

/// The kinds of errors in the summary.
pub(super) fn faults(ran: &Ran) -> Vec<Fault> {
    let json = ran.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let fault = |error: &serde_json::Value| Fault {
        code: text(&error["code"]),
        count: error["count"].as_u64().unwrap(),
        first_at: text(&error["first_at"]),
        reason: text(&error["reason"]),
    };
    json["errors"].as_array().unwrap().iter().map(fault).collect()
}

/// An event that both rules want.
pub(super) const GOOD: &str = r#"{"source":"a"}"#;

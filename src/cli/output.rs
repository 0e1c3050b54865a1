//! Messages on standard error.

use std::io::{IsTerminal, Write, stderr};

use crate::findings::{Finding, Severity};

/// Prints a finding under the word for its severity.
pub(super) fn say(finding: &Finding) {
    let color = match finding.severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Note => CYAN,
    };
    print(finding.severity.as_str(), color, &finding.to_string());
}

const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const CYAN: &str = "\x1b[1;36m";

/// Prints an error. Nothing useful can be done where standard error is closed.
pub(super) fn complain(message: &str) {
    print("error", RED, message);
}

/// Prints something worth knowing that stops nothing.
pub(super) fn remark(message: &str) {
    print("note", CYAN, message);
}

fn print(word: &str, color: &str, message: &str) {
    let mut err = stderr().lock();
    let _ = match colored() {
        true => writeln!(err, "{color}{word}\x1b[0m: {message}"),
        false => writeln!(err, "{word}: {message}"),
    };
}

/// Colors only on a terminal, and never where `NO_COLOR` is set (see no-color.org).
fn colored() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Something cannot be used; all that is wrong has been printed.
#[derive(Debug)]
pub(super) struct Complained;

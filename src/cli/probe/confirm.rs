//! Asks before something is made or removed.

use std::io::{IsTerminal, Write, stderr, stdin};

use crate::cli::output::complain;

/// What the user says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Go on.
    Yes,
    /// Do nothing.
    No,
    /// There is nobody to ask.
    Nobody,
}

/// Asks `question` on the terminal, unless `yes` was typed already.
pub(super) fn confirm(question: &str, yes: bool) -> std::io::Result<Answer> {
    if yes {
        return Ok(Answer::Yes);
    }
    if !(stdin().is_terminal() && stderr().is_terminal()) {
        complain("there is no terminal to ask on\n  hint: add --yes to go on without being asked");
        return Ok(Answer::Nobody);
    }
    write!(stderr(), "{question} [y/N] ")?;
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    let says_yes = matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    Ok(if says_yes { Answer::Yes } else { Answer::No })
}

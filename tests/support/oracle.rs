//! The reference matcher: what `PATTERNS.md` says, as plainly as it can be written.
//!
//! A pattern becomes the list of its alternatives, each a map from field paths to matchers. An event becomes
//! the list of its leaves, each with its place in every array around it. Then a backtracking walk over the
//! fields looks for leaves that agree on their places. Nothing is shared between rules, nothing is cached.
//!
//! Where the Python model and `PATTERNS.md` differ, each place says which one it follows and why:
//!
//! - `anything-but` with strings replaces lone surrogates on both sides, as the model does;
//! - `anything-but` with strings knows no IP addresses: event-ruler 2.0.1 compiles them as quoted text only;
//! - a bare IP address is the range of that one address, so that it follows the rules of `cidr` for numbers
//!   and across families (`"18.52.86.120"` matches 12345678), as event-ruler 2.0.1 compiles it.

mod address;
mod complexity;
mod consistency;
mod event;
mod floats;
mod grammar;
mod matchers;

use event::Leaves;
use grammar::Rule;

/// Whose limits and demands hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What event-ruler does.
    Engine,
    /// What `TestEventPattern` answers.
    Service,
}

/// The answer to one pattern and one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Match,
    NoMatch,
    InvalidPattern,
    InvalidEvent,
}

impl Answer {
    /// The word that conformance cases use.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Match => "match",
            Answer::NoMatch => "no_match",
            Answer::InvalidPattern => "invalid_pattern",
            Answer::InvalidEvent => "invalid_event",
        }
    }
}

/// What AWS says to `pattern` and `event`. An invalid pattern beats an invalid event.
pub fn answer(pattern: &[u8], event: &[u8], profile: Profile) -> Answer {
    let Ok(alternatives) = grammar::compile(pattern, profile) else { return Answer::InvalidPattern };
    let Some(leaves) = Leaves::of(event, profile, grammar::empty_names(&alternatives)) else {
        return Answer::InvalidEvent;
    };
    if any_matches(&alternatives, &leaves) { Answer::Match } else { Answer::NoMatch }
}

/// The names of the rules that match `event` in profile `engine`, sorted. Rules that do not compile, and
/// events that are invalid, match nothing.
pub fn several<N: AsRef<str>, P: AsRef<[u8]>>(rules: &[(N, P)], event: &[u8]) -> Vec<String> {
    let matching =
        rules.iter().filter(|(_, pattern)| answer(pattern.as_ref(), event, Profile::Engine) == Answer::Match);
    let mut names: Vec<String> = matching.map(|(name, _)| name.as_ref().to_owned()).collect();
    names.sort();
    names
}

/// The wildcard complexity of `pattern`, capped at 20; `None` if event-ruler refuses the pattern.
pub fn complexity(pattern: &[u8]) -> Option<usize> {
    grammar::compile(pattern, Profile::Engine).ok().map(|alternatives| complexity::of(&alternatives))
}

/// Why `pattern` is refused; `None` if it is not.
pub fn refusal(pattern: &[u8], profile: Profile) -> Option<&'static str> {
    grammar::compile(pattern, profile).err().map(|refused| refused.0)
}

fn any_matches(alternatives: &[Rule], leaves: &Leaves) -> bool {
    alternatives.iter().any(|rule| consistency::matches(rule, leaves))
}

//! The name of a run.

use std::fmt;
use std::str::FromStr;

use crate::event::{milliseconds_since_1970, rfc_3339};

/// The name of a run, made of the second in which it began and a random tag: `20261122T164500Z-3f9a01bc`.
///
/// Names sort by time, and are short and plain enough to stand in names of queues and rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId {
    started_s: u64,
    tag: u32,
}

/// Why a text names no run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names no run; the name of a run is like `20261122T164500Z-3f9a01bc`")]
pub struct RunIdError {
    text: String,
}

impl RunId {
    /// The last second of the year 9999; the order of names would end with it.
    const STARTED_S_MAX: u64 = 253_402_300_799;

    /// The run that began `started_s` seconds after 1970, told from others of that second by `tag`.
    pub fn new(started_s: u64, tag: u32) -> RunId {
        RunId { started_s: started_s.min(RunId::STARTED_S_MAX), tag }
    }

    /// When the run began, in seconds since 1970.
    pub fn started_s(self) -> u64 {
        self.started_s
    }

    fn parse(text: &str) -> Option<RunId> {
        let (time, tag) = text.split_once('-')?;
        let plain = time.len() == 16 && tag.len() == 8 && text.is_ascii();
        plain.then_some(())?;
        let (date, clock) = (&time[..8], &time[9..15]);
        let spelled = format!(
            "{}-{}-{}T{}:{}:{}Z",
            &date[..4],
            &date[4..6],
            &date[6..],
            &clock[..2],
            &clock[2..4],
            &clock[4..]
        );
        let started_s = u64::try_from(milliseconds_since_1970(&spelled)?.div_euclid(1_000)).ok()?;
        let run = RunId::new(started_s, u32::from_str_radix(tag, 16).ok()?);
        (run.to_string() == text).then_some(run)
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let started_s = i64::try_from(self.started_s).unwrap_or(i64::MAX);
        let time: String = rfc_3339(started_s).chars().filter(|c| !matches!(c, '-' | ':')).collect();
        write!(f, "{time}-{:08x}", self.tag)
    }
}

impl FromStr for RunId {
    type Err = RunIdError;

    fn from_str(text: &str) -> Result<RunId, RunIdError> {
        RunId::parse(text).ok_or_else(|| RunIdError { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_time_and_read_back() {
        let runs = [(0, 7), (1_795_365_900, 0x3f9a_01bc), (1_795_365_900, u32::MAX), (u64::MAX, 0)];
        let runs = runs.map(|(started_s, tag)| RunId::new(started_s, tag));
        let names = runs.map(|run| run.to_string());
        assert_eq!(names[1], "20261122T164500Z-3f9a01bc");
        assert!(names.is_sorted() && runs.is_sorted());
        assert_eq!(names.map(|name| name.parse::<RunId>().unwrap()), runs);
    }

    #[test]
    fn other_texts_name_no_run() {
        for text in [
            "",
            "last",
            "20261122T164500Z-3F9A01BC",
            "20261122T164500Z-3f9a01b",
            "20261322T164500Z-3f9a01bc",
            "20261122T164500Z-+f9a01bc",
            "2026112\u{e9}T16450Z-3f9a01bc",
            "20261122T164500Z-3f9a01bc ",
        ] {
            assert!(text.parse::<RunId>().is_err(), "{text}");
        }
    }
}

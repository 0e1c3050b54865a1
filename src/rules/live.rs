//! Rules of buses as they are now: `live://REGION/BUS`.
//!
//! What reads them is handed in, so that nothing here knows AWS.

use super::{BusName, NameError};

const PREFIX: &str = "live://";

/// A bus that an argument names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveBus {
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// The bus.
    pub bus: BusName,
}

/// Reads the rules of buses.
pub trait LiveRules: Sync {
    /// All rules of `bus` with their targets, as a plain file of ours.
    ///
    /// # Errors
    /// The bus cannot be read.
    fn read(&self, bus: &LiveBus) -> Result<String, LiveProblem>;
}

/// Why the rules of a bus cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LiveProblem {
    /// What is wrong.
    pub message: String,
    /// Whose fault it is.
    pub fault: LiveFault,
    /// The way out, where there is one to name.
    pub hint: Option<String>,
}

/// Whose fault it is that the rules of a bus cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveFault {
    /// What was given names no bus that can be read here.
    Source,
    /// AWS refuses or does not answer; the same call may work at another time.
    BackEnd,
}

/// For callers that read files only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoLiveRules;

impl LiveRules for NoLiveRules {
    fn read(&self, _: &LiveBus) -> Result<String, LiveProblem> {
        let message = "buses cannot be read here".to_owned();
        Err(LiveProblem { message, fault: LiveFault::Source, hint: None })
    }
}

/// Whether an argument names a bus. A file whose name begins so is given as `./live:...`.
pub fn is_live(spec: &str) -> bool {
    spec.starts_with(PREFIX)
}

/// The bus that an argument names. The bus's own name may have slashes.
pub(super) fn parse(spec: &str) -> Result<LiveBus, LiveProblem> {
    let wrong = |message: String| LiveProblem {
        message,
        fault: LiveFault::Source,
        hint: Some("such as live://eu-west-1/orders, or live://eu-west-1/default".to_owned()),
    };
    let parts = spec.strip_prefix(PREFIX).and_then(|rest| rest.split_once('/'));
    let (region, bus) = parts
        .filter(|(region, bus)| !region.is_empty() && !bus.is_empty())
        .ok_or_else(|| wrong("not of the form live://REGION/BUS".to_owned()))?;
    let bus =
        BusName::parse(bus).map_err(|error: NameError| wrong(format!("`{bus}` names no bus: {error}")))?;
    Ok(LiveBus { region: region.to_owned(), bus })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bus_is_named_by_its_region_and_name() {
        let parsed = parse("live://eu-west-1/aws.partner/x.com/1").unwrap();
        assert_eq!((parsed.region.as_str(), parsed.bus.as_str()), ("eu-west-1", "aws.partner/x.com/1"));
        for spec in ["live://", "live://eu-west-1", "live:///orders", "live://eu-west-1/", "live://r/a b"] {
            assert!(parse(spec).is_err(), "{spec}");
        }
        assert!(is_live("live://x/y") && !is_live("./live://x/y"));
    }
}

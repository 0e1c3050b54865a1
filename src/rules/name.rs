//! Names of rules and buses.

use std::fmt;
use std::sync::Arc;

/// Longest name of a rule, in characters. Source: EventBridge API Reference, `Rule`.
const RULE_NAME_LEN_MAX: usize = 64;

/// Longest name of an event bus, in characters. Source: EventBridge API Reference, `EventBus`.
const BUS_NAME_LEN_MAX: usize = 256;

/// The name of a rule: 1 to 64 of `[.\-_A-Za-z0-9]` (EventBridge API Reference, `Rule`).
///
/// Names from `name TAB pattern` lines are labels rather than names of deployed rules: these may be any text
/// that is not empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleName(Box<str>);

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A character that AWS refuses.
    #[error("`{character}` is not allowed in a name, only letters, digits, `.`, `-` and `_`")]
    BadCharacter {
        /// The first such character.
        character: char,
    },
    /// Empty or too long.
    #[error("a name has 1 to {len_max} characters, this one has {len}")]
    Length {
        /// Its length in characters.
        len: usize,
        /// The longest that AWS takes.
        len_max: usize,
    },
}

impl RuleName {
    /// The name that `text` is.
    ///
    /// # Errors
    /// `text` is not 1 to 64 of `[.\-_A-Za-z0-9]`.
    pub fn parse(text: &str) -> Result<RuleName, NameError> {
        check(text, RULE_NAME_LEN_MAX, "")?;
        Ok(RuleName(text.into()))
    }

    /// Any text as the label of a rule.
    ///
    /// # Errors
    /// `text` is empty.
    pub fn label(text: &str) -> Result<RuleName, NameError> {
        if text.is_empty() {
            return Err(NameError::Length { len: 0, len_max: RULE_NAME_LEN_MAX });
        }
        Ok(RuleName(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

/// The name of an event bus: 1 to 256 of `[/.\-_A-Za-z0-9]` (EventBridge API Reference, `EventBus`).
///
/// Where a template leaves the bus open, this is what the template wrote, such as `${SharedBus}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusName(Arc<str>);

impl BusName {
    /// The name that `text` is, or ends in if it is the ARN of a bus.
    ///
    /// # Errors
    /// The name is not 1 to 256 of `[/.\-_A-Za-z0-9]`.
    pub fn parse(text: &str) -> Result<BusName, NameError> {
        let name = if text.starts_with("arn:") { after_bus(text).unwrap_or(text) } else { text };
        check(name, BUS_NAME_LEN_MAX, "/")?;
        Ok(BusName(name.into()))
    }

    /// What a template wrote for a bus that is not known; the end of an ARN may be known all the same.
    pub(super) fn unknown(written: &str) -> BusName {
        after_bus(written)
            .and_then(|name| BusName::parse(name).ok())
            .unwrap_or_else(|| BusName(written.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for BusName {
    /// The bus that every account has, and on which a rule is that names none.
    fn default() -> BusName {
        BusName("default".into())
    }
}

impl fmt::Display for BusName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BusName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

fn after_bus(arn: &str) -> Option<&str> {
    arn.split_once(":event-bus/").map(|(_, name)| name)
}

fn check(text: &str, len_max: usize, also: &str) -> Result<(), NameError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c) || also.contains(c);
    if let Some(character) = text.chars().find(|c| !allowed(*c)) {
        return Err(NameError::BadCharacter { character });
    }
    if text.is_empty() || text.len() > len_max {
        return Err(NameError::Length { len: text.len(), len_max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_names_are_those_of_the_api_reference() {
        assert!(RuleName::parse("Orders.big-2_x").is_ok());
        assert_eq!(RuleName::parse("a b"), Err(NameError::BadCharacter { character: ' ' }));
        assert_eq!(RuleName::parse(""), Err(NameError::Length { len: 0, len_max: 64 }));
        assert!(RuleName::parse(&"a".repeat(64)).is_ok());
        assert!(RuleName::parse(&"a".repeat(65)).is_err());
        assert!(RuleName::label("any text, even ünicode").is_ok());
        assert!(RuleName::label("").is_err());
    }

    #[test]
    fn the_bus_of_an_arn_is_its_end() {
        let bus = |text| BusName::parse(text).map(|bus| bus.to_string());
        assert_eq!(bus("orders").as_deref(), Ok("orders"));
        assert_eq!(bus("arn:aws:events:eu-west-1:1:event-bus/orders").as_deref(), Ok("orders"));
        assert_eq!(bus("aws.partner/x.com/1").as_deref(), Ok("aws.partner/x.com/1"));
        assert!(bus("a b").is_err());
        assert_eq!(BusName::unknown("arn:aws:events:${AWS::Region}:1:event-bus/x").as_str(), "x");
        assert_eq!(BusName::unknown("${Bus}").as_str(), "${Bus}");
    }
}

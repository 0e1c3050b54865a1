//! What becomes of single fields.

use std::str::FromStr;

use super::shape::ANY_ELEMENT;
use crate::json::pointer::{self, PointerError};

/// What becomes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It stays as it is.
    Keep,
    /// It is taken away.
    Drop,
    /// It gets a pseudonym.
    Pseudonym,
}

/// What becomes of one field and of all below it: `/detail/items/*/sku=keep`, where `*` is any element of an array, or
/// any member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    steps: Vec<String>,
    treatment: Treatment,
}

/// A text is no rule for a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no rule for a field such as /detail/email=drop: {why}")]
pub struct FieldRuleError {
    text: String,
    why: &'static str,
}

impl FromStr for FieldRule {
    type Err = FieldRuleError;

    fn from_str(text: &str) -> Result<FieldRule, FieldRuleError> {
        let error = |why| FieldRuleError { text: text.to_owned(), why };
        let (field, treatment) = text.rsplit_once('=').ok_or_else(|| error("there is no `=`"))?;
        let treatment = match treatment {
            "keep" => Treatment::Keep,
            "drop" => Treatment::Drop,
            "pseudonym" => Treatment::Pseudonym,
            _ => return Err(error("behind the `=` stands keep, drop or pseudonym")),
        };
        let steps = pointer::steps(field).map_err(|fault| {
            error(match fault {
                PointerError::NoSlash => "the field is a JSON pointer, which begins with a slash",
                PointerError::BadEscape => "a `~` has to be written `~0`, and a slash in a name `~1`",
            })
        })?;
        Ok(FieldRule { steps, treatment })
    }
}

/// The treatment of the field at `path` by the rule that names most of it; of those that name as much, by the last.
pub(super) fn treatment_of(rules: &[FieldRule], path: &[String]) -> Option<Treatment> {
    let names = |rule: &&FieldRule| {
        let steps = rule.steps.iter().zip(path);
        rule.steps.len() <= path.len()
            && steps.into_iter().all(|(step, at)| step == at || step == ANY_ELEMENT)
    };
    rules.iter().filter(names).max_by_key(|rule| rule.steps.len()).map(|rule| rule.treatment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_that_names_most_of_a_field_wins() {
        let rules: Vec<FieldRule> =
            ["/detail=keep", "/detail/items/*/sku=drop", "/detail/a~1b=pseudonym", "/detail=drop"]
                .map(|rule| rule.parse().unwrap())
                .to_vec();
        let of = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
            treatment_of(&rules, &path)
        };
        assert_eq!(of(&["detail", "x"]), Some(Treatment::Drop));
        assert_eq!(of(&["detail", "a/b"]), Some(Treatment::Pseudonym));
        assert_eq!(of(&["detail", "items", "*", "sku", "x"]), Some(Treatment::Drop));
        assert_eq!(of(&["source"]), None);
    }

    #[test]
    fn what_is_no_rule_is_said() {
        for (text, why) in [
            ("/detail", "there is no `=`"),
            ("/detail=hide", "keep, drop or pseudonym"),
            ("detail=keep", "begins with a slash"),
            ("/a~b=keep", "`~0`"),
        ] {
            let error = text.parse::<FieldRule>().unwrap_err().to_string();
            assert!(error.contains(why) && error.contains(text), "{error}");
        }
        // A name may have a `=` in it.
        assert!("/detail/a=b=keep".parse::<FieldRule>().is_ok());
    }
}

//! Takes out of an event what is nobody's business.

use super::looked_at::LookedAt;
use super::pseudonym::PseudonymKey;
use super::rules::{FieldRule, Treatment, treatment_of};
use super::shape::ANY_ELEMENT;
use crate::json::{Member, Node, Text, Value};

/// Members of an event that stay unless a rule for fields says otherwise: they say what kind of event it is and where it
/// is from, or are the same in all events.
pub const KEPT: [&str; 4] = ["version", "source", "detail-type", "region"];

/// Redacts events.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: PseudonymKey,
    rules: Vec<FieldRule>,
    looked_at: LookedAt,
}

impl Redactor {
    /// With a key for pseudonyms, rules for fields, and the fields that rules look at.
    pub fn new(key: PseudonymKey, rules: Vec<FieldRule>, looked_at: LookedAt) -> Redactor {
        Redactor { key, rules, looked_at }
    }

    /// What may be shown of an event; nothing if all of it is to be dropped.
    pub fn redact(&self, event: &Node) -> Option<Value> {
        self.value(&event.value, &mut Place::default())
    }

    fn value(&self, value: &Value, place: &mut Place) -> Option<Value> {
        if treatment_of(&self.rules, &place.steps) == Some(Treatment::Drop) {
            return None;
        }
        Some(match value {
            Value::Object(members) => {
                let redacted = members.iter().filter_map(|member| {
                    let value = place.within(&member.name, |place| self.value(&member.value.value, place))?;
                    Some(Member { name: member.name.clone(), name_span: 0..0, value: value.into() })
                });
                Value::Object(redacted.collect())
            }
            Value::Array(elements) => {
                place.steps.push(ANY_ELEMENT.to_owned());
                let redacted = elements.iter().filter_map(|element| self.value(&element.value, place));
                let redacted = redacted.map(Node::from).collect();
                place.steps.pop();
                Value::Array(redacted)
            }
            Value::String(text) if self.hides(place) => Value::string(&self.key.text(text)),
            Value::Number(spelling) if self.hides(place) => Value::Number(self.key.number(spelling).into()),
            _ => value.clone(),
        })
    }

    fn hides(&self, place: &Place) -> bool {
        match treatment_of(&self.rules, &place.steps) {
            Some(treatment) => treatment == Treatment::Pseudonym,
            None => {
                let is_kept = matches!(place.steps.as_slice(), [name] if KEPT.contains(&name.as_str()));
                !is_kept && !self.looked_at.has(&place.path)
            }
        }
    }
}

/// Where a value stands: for rules of fields, and as patterns name it.
#[derive(Debug, Default)]
struct Place {
    steps: Vec<String>,
    path: Vec<u8>,
}

impl Place {
    fn within<T>(&mut self, name: &Text, of_value: impl FnOnce(&mut Place) -> T) -> T {
        let len = self.path.len();
        if !self.steps.iter().all(|step| step == ANY_ELEMENT) {
            self.path.push(b'.');
        }
        self.path.extend_from_slice(name.as_bytes());
        self.steps.push(name.to_string_lossy().into_owned());
        let done = of_value(self);
        self.steps.pop();
        self.path.truncate(len);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tree;
    use crate::pattern::{Limits, Pattern};

    fn redacted(pattern: &str, rules: &[&str], event: &str) -> String {
        let pattern = Pattern::parse(pattern.as_bytes(), &Limits::service()).unwrap();
        let rules = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        let redactor = Redactor::new(PseudonymKey::new(b"key"), rules, LookedAt::by([&pattern]));
        redactor.redact(&tree::parse(event.as_bytes()).unwrap()).unwrap().to_string()
    }

    #[test]
    fn what_no_condition_compares_becomes_a_pseudonym() {
        let pattern = r#"{"source":["s"],"detail":{"items":{"sku":[{"prefix":"S"}]},"$or":[{"a":[1]},{"b":[{"exists":true}]}]}}"#;
        let event = r#"{"version":"0","id":"11112222-a","source":"s","account":"123412341234","detail":{"items":[{"sku":"S1","n":12},{"sku":"S2"}],"a":1,"b":"secret","c":[true,null,"x"],"a.b":5}}"#;
        let text = redacted(pattern, &[], event);
        for kept in [
            r#""version":"0""#,
            r#""source":"s""#,
            r#""sku":"S1""#,
            r#""sku":"S2""#,
            r#""a":1"#,
            "[true,null,",
        ] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        for gone in ["11112222", "123412341234", r#""n":12"#, "secret", r#""x""#, r#""a.b":5"#] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        assert_eq!(text.len(), event.len());
    }

    #[test]
    fn rules_for_fields_win() {
        let pattern = r#"{"source":["s"]}"#;
        let event = r#"{"source":"s","detail":{"id":"abc","items":[{"sku":"S1","n":12}],"who":{"name":"Ada","tier":3}}}"#;
        let rules = ["/detail/id=keep", "/detail/items/*/sku=keep", "/detail/who=drop", "/source=pseudonym"];
        let text = redacted(pattern, &rules, event);
        assert!(text.contains(r#""id":"abc","items":[{"sku":"S1","n":"#), "{text}");
        assert!(
            !text.contains("who") && !text.contains(r#""source":"s""#) && !text.contains(":12}"),
            "{text}"
        );
    }

    #[test]
    fn names_with_dots_are_the_fields_that_patterns_take_them_for() {
        let pattern = r#"{"detail":{"a":{"b":["x"]}}}"#;
        let text = redacted(pattern, &[], r#"{"detail":{"a.b":"x","a":{"b":"yy"},"b":"zz"}}"#);
        assert!(text.contains(r#""a.b":"x","a":{"b":"yy"}"#) && !text.contains("zz"), "{text}");
    }
}

//! Paths of fields: names joined with dots, with the engine's odd ideas about empty names.

use std::cmp::Ordering;
use std::fmt;

use crate::json::Text;

/// The path of a field, as one dotted text. `{"a.b":…}` and `{"a":{"b":…}}` have the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldPath(Box<[u8]>);

impl FieldPath {
    /// The path of field `name` below `ancestors`: their names joined with dots. An empty name vanishes only
    /// where it is the field's sole ancestor.
    pub(super) fn join<'a>(ancestors: impl Iterator<Item = &'a Text>, name: &Text) -> FieldPath {
        let above = ancestors.map(Text::as_bytes).collect::<Vec<_>>().join(&b'.');
        if above.is_empty() {
            return FieldPath(name.as_bytes().into());
        }
        FieldPath([above.as_slice(), b".", name.as_bytes()].concat().into())
    }

    /// The path of a field at the top of the event.
    pub fn top_level(name: &Text) -> FieldPath {
        FieldPath::join(std::iter::empty(), name)
    }

    /// The dotted text in WTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The steps between the dots; at least one, some perhaps empty.
    pub fn steps(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|byte| *byte == b'.')
    }

    /// Whether a pattern with this path looks into event members whose name is empty: the path is empty or,
    /// cut at its dots with trailing empty steps dropped, has an empty step.
    pub fn asks_for_empty_names(&self) -> bool {
        let kept = match self.0.iter().rposition(|byte| *byte != b'.') {
            Some(last) => &self.0[..=last],
            None => return self.0.is_empty(),
        };
        kept.split(|byte| *byte == b'.').any(<[u8]>::is_empty)
    }

    /// The order in which the engine checks fields: that of the paths' UTF-16 units.
    pub fn cmp_checked(&self, other: &FieldPath) -> Ordering {
        Text::cmp_utf16(&self.0, &other.0)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&str]) -> FieldPath {
        let texts: Vec<Text> = names.iter().map(|name| Text::from(*name)).collect();
        let (last, above) = texts.split_last().unwrap();
        FieldPath::join(above.iter(), last)
    }

    #[test]
    fn an_empty_name_vanishes_only_as_sole_ancestor() {
        assert_eq!(path(&["", "a"]).to_string(), "a");
        assert_eq!(path(&["", "a", "b"]).to_string(), ".a.b");
        assert_eq!(path(&["a", "", "b"]).to_string(), "a..b");
        assert_eq!(path(&[""]).to_string(), "");
    }

    #[test]
    fn empty_names_are_looked_into_only_when_asked_for() {
        assert!(path(&[""]).asks_for_empty_names());
        assert!(path(&["a..b."]).asks_for_empty_names());
        assert!(path(&[".a"]).asks_for_empty_names());
        assert!(!path(&["a."]).asks_for_empty_names());
        assert!(!path(&["."]).asks_for_empty_names());
        assert!(!path(&["a.b"]).asks_for_empty_names());
    }
}

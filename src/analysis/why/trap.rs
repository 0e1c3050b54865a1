//! The classic traps.

use std::fmt;

use crate::json::JsonPointer;

/// A mistake that a condition and an event look like. Prints as a hint: what is the matter, and what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trap {
    /// The text is right but for case.
    CaseDiffers {
        /// A test that would accept, as JSON.
        suggestion: String,
    },
    /// A number in the pattern, a string of the same digits in the event.
    StringForNumber,
    /// A string in the pattern, a number of the same digits in the event.
    NumberForString,
    /// `true` or `false` on one side, the same word as a string on the other.
    BooleanAgainstString,
    /// `null` on one side, the string `"null"` on the other.
    NullAgainstString,
    /// The pattern wants absence, and the event has `null`.
    NullForAbsence,
    /// The pattern wants `null`, and the event has nothing.
    AbsenceForNull,
    /// Alike to the eye: other characters outside ASCII, or some that nobody sees.
    LooksAlike {
        /// The text of the pattern with escapes.
        wanted: String,
        /// That of the event.
        actual: String,
    },
    /// Equal but for `:` and `/`, which ARNs use both.
    ColonAgainstSlash,
    /// Equal but for white space at the ends.
    SurroundingSpace {
        /// Whether it is the event's text that has it, and not the pattern's.
        in_event: bool,
    },
    /// The value has the text, but in another place than the operator looks.
    TextElsewhereInValue {
        /// A test that would accept, as JSON.
        suggestion: String,
    },
    /// `*` in a text that is no wildcard.
    StarInPlainText {
        /// A test that would accept, as JSON.
        suggestion: String,
    },
    /// `anything-but` holds because of one element of an array, though another one is excluded.
    AnythingButMetArray,
    /// `exists` looks at leaves only, and the field holds an object or an empty array.
    ExistsOnContainer {
        /// Where it is.
        pointer: JsonPointer,
    },
    /// The field holds an object where a value is wanted.
    ObjectForLeaf {
        /// Where it is.
        pointer: JsonPointer,
    },
    /// The field holds an empty array or nothing but empty ones.
    EmptyArray {
        /// Where it is.
        pointer: JsonPointer,
    },
    /// A field above holds a value where the pattern looks into an object.
    LeafForObject {
        /// Where it is.
        pointer: JsonPointer,
    },
    /// A field above holds JSON text, which EventBridge does not look into.
    JsonInString {
        /// Where it is.
        pointer: JsonPointer,
    },
    /// The event has the field with another case in its name.
    NameDiffersInCase {
        /// Where it is.
        pointer: JsonPointer,
    },
    /// The event has a field of the same name in another place.
    FieldElsewhere {
        /// Where it is.
        pointer: JsonPointer,
        /// Whether its value would do.
        would_hold: bool,
    },
    /// Different elements of an array satisfy the conditions.
    SplitAcrossElements {
        /// The elements that satisfy something.
        elements: Vec<JsonPointer>,
    },
}

impl Trap {
    /// A stable name, for reports that machines read.
    pub fn as_str(&self) -> &'static str {
        match self {
            Trap::CaseDiffers { .. } => "case-differs",
            Trap::StringForNumber => "string-for-number",
            Trap::NumberForString => "number-for-string",
            Trap::BooleanAgainstString => "boolean-against-string",
            Trap::NullAgainstString => "null-against-string",
            Trap::NullForAbsence => "null-for-absence",
            Trap::AbsenceForNull => "absence-for-null",
            Trap::LooksAlike { .. } => "looks-alike",
            Trap::ColonAgainstSlash => "colon-against-slash",
            Trap::SurroundingSpace { .. } => "surrounding-space",
            Trap::TextElsewhereInValue { .. } => "text-elsewhere-in-value",
            Trap::StarInPlainText { .. } => "star-in-plain-text",
            Trap::AnythingButMetArray => "anything-but-met-array",
            Trap::ExistsOnContainer { .. } => "exists-on-container",
            Trap::ObjectForLeaf { .. } => "object-for-leaf",
            Trap::EmptyArray { .. } => "empty-array",
            Trap::LeafForObject { .. } => "leaf-for-object",
            Trap::JsonInString { .. } => "json-in-string",
            Trap::NameDiffersInCase { .. } => "name-differs-in-case",
            Trap::FieldElsewhere { .. } => "field-elsewhere",
            Trap::SplitAcrossElements { .. } => "split-across-elements",
        }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trap::CaseDiffers { suggestion } => {
                write!(
                    f,
                    "differs in case only, and EventBridge compares exactly; to ignore case: {suggestion}"
                )
            }
            Trap::StringForNumber => {
                f.write_str("the event has a string of these digits, and a number matches numbers only")
            }
            Trap::NumberForString => {
                f.write_str("the event has a number of these digits, and a string matches strings only")
            }
            Trap::BooleanAgainstString => {
                f.write_str("`true` and `false` are no strings: one of the two sides has quotes")
            }
            Trap::NullAgainstString => f.write_str("`null` is no string: one of the two sides has quotes"),
            Trap::NullForAbsence => {
                f.write_str("a field that is `null` exists; to accept it too, add `null` to the list")
            }
            Trap::AbsenceForNull => f.write_str(
                "the field is missing, which is not `null`; to accept that too, add {\"exists\":false}",
            ),
            Trap::LooksAlike { wanted, actual } => {
                write!(
                    f,
                    "looks alike and is another text: the pattern has \"{wanted}\", the event \"{actual}\""
                )
            }
            Trap::ColonAgainstSlash => {
                f.write_str("differs only in `:` and `/`; ARNs use both, by resource type")
            }
            Trap::SurroundingSpace { in_event: true } => {
                f.write_str("the event's text has white space around it, and EventBridge compares exactly")
            }
            Trap::SurroundingSpace { in_event: false } => {
                f.write_str("the pattern's text has white space around it, and EventBridge compares exactly")
            }
            Trap::TextElsewhereInValue { suggestion } => {
                write!(f, "the value has this text, but not there; to find it: {suggestion}")
            }
            Trap::StarInPlainText { suggestion } => {
                write!(f, "`*` is an ordinary character here; for a wildcard: {suggestion}")
            }
            Trap::AnythingButMetArray => f.write_str(
                "holds because of another element: of an array, one element that is not excluded is enough",
            ),
            Trap::ExistsOnContainer { pointer } => {
                write!(
                    f,
                    "`exists` looks at leaves only, and {pointer} is an object or empty; test a field inside it"
                )
            }
            Trap::ObjectForLeaf { pointer } => {
                write!(f, "{pointer} is an object; test a field inside it")
            }
            Trap::EmptyArray { pointer } => {
                write!(f, "{pointer} is an empty array, which is as good as absent")
            }
            Trap::LeafForObject { pointer } => {
                write!(f, "{pointer} is a value, and the pattern looks for a field inside it")
            }
            Trap::JsonInString { pointer } => {
                write!(f, "{pointer} is JSON inside a string, and EventBridge does not look into strings")
            }
            Trap::NameDiffersInCase { pointer } => {
                write!(f, "the event has {pointer}; names of fields are compared exactly")
            }
            Trap::FieldElsewhere { pointer, would_hold: true } => {
                write!(f, "the event has the field at {pointer}, where it would do")
            }
            Trap::FieldElsewhere { pointer, would_hold: false } => {
                write!(f, "the event has a field of this name at {pointer}")
            }
            Trap::SplitAcrossElements { elements } => {
                let listed: Vec<String> = elements.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "the conditions hold in different elements ({}); one element of an array must satisfy all",
                    listed.join(", ")
                )
            }
        }
    }
}

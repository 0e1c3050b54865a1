//! What can be wrong with a pattern, said so that its author can mend it.

use std::fmt;

use super::span::Span;
use super::suggest::{OPERATORS, nearest};
use crate::json::{JsonPointer, Place, SyntaxProblem};

/// A refused pattern, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    problems: Vec<PatternProblem>,
}

impl PatternError {
    pub(super) fn new(mut problems: Vec<PatternProblem>) -> PatternError {
        assert!(!problems.is_empty(), "an error names at least one problem");
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        PatternError { problems }
    }

    /// The problems, at least one, in the order of their places.
    pub fn problems(&self) -> &[PatternProblem] {
        &self.problems
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.problems.iter().map(PatternProblem::to_string).collect();
        f.write_str(&lines.join("; "))
    }
}

impl std::error::Error for PatternError {}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternProblem {
    /// What it is.
    pub kind: PatternProblemKind,
    /// Where it is in the pattern's JSON.
    pub pointer: JsonPointer,
    /// The bytes of the pattern's text.
    pub span: Span,
    /// Line and column of the first of them.
    pub place: Place,
}

impl fmt::Display for PatternProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)?;
        if !self.pointer.is_empty() {
            write!(f, " (at {})", self.pointer)?;
        }
        match self.kind.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Something accepted that deserves a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternWarning {
    /// Longer than an account's default quota, though the API's shape allows it.
    Long {
        /// Its length in characters.
        chars: usize,
        /// The quota.
        chars_warned: usize,
    },
}

impl fmt::Display for PatternWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternWarning::Long { chars, chars_warned } => write!(
                f,
                "the pattern has {chars} characters; an account's default quota is {chars_warned}, ask AWS to raise it"
            ),
        }
    }
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternProblemKind {
    /// The text is not JSON.
    Syntax(SyntaxProblem),
    /// The pattern is some other value than an object.
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// An object without members.
    EmptyObject,
    /// A list without tests.
    EmptyList,
    /// A field's value is neither an object nor a list.
    NeitherObjectNorList {
        /// The field's name.
        name: String,
        /// What its value is.
        found: &'static str,
    },
    /// A list inside a list of tests.
    NestedList,
    /// `$or` with something other than a list of at least two objects.
    BadOr {
        /// What it has.
        found: String,
    },
    /// A field name that `$or` reserves.
    ReservedInOr {
        /// The name.
        name: String,
    },
    /// A test object that does not have exactly one member.
    NotOneOperator {
        /// How many it has.
        members: usize,
    },
    /// An operator that does not exist, at this place.
    UnknownOperator {
        /// Its name.
        name: String,
        /// Inside `anything-but`, `prefix` or `suffix`: that operator.
        inside: Option<&'static str>,
    },
    /// An operator whose operand has the wrong shape.
    BadOperand {
        /// The operator.
        operator: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What it was given.
        found: String,
    },
    /// A number that no double holds, where numbers are compared.
    NumberNotComparable {
        /// Its spelling.
        spelling: String,
    },
    /// A numeric range whose lower end is not below its upper end.
    EmptyRange,
    /// Two `*` in a row.
    ConsecutiveStars,
    /// A backslash before something other than `*` or `\`.
    BadWildcardEscape,
    /// Not an address in a spelling that EventBridge reads.
    BadAddress,
    /// No mask of bits behind the address.
    BadMask,
    /// A mask that leaves nothing to mask.
    MaskTooLong {
        /// The longest mask.
        bits_max: u32,
    },
    /// More fields in one combination of `$or` branches than are allowed.
    TooManyFields {
        /// How many there are.
        fields: usize,
        /// How many may be.
        fields_max: usize,
    },
    /// More combinations of `$or` branches than are allowed.
    TooManyCombinations {
        /// How many there are; `usize::MAX` stands for that or more.
        combinations: usize,
        /// How many may be.
        combinations_max: usize,
    },
    /// Wildcards that keep too many positions of the service's automaton alive.
    TooComplex {
        /// The measure, counted up to [`COMPLEXITY_CAP`](super::COMPLEXITY_CAP).
        complexity: u32,
        /// The highest that is accepted.
        complexity_max: u32,
    },
    /// A longer pattern than the API takes.
    TooLong {
        /// Its length in characters.
        chars: usize,
        /// The longest.
        chars_max: usize,
    },
}

impl fmt::Display for PatternProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use PatternProblemKind as Kind;
        match self {
            Kind::Syntax(problem) => write!(f, "not JSON: {problem}"),
            Kind::NotAnObject { found } => write!(f, "expected an object as the pattern, found {found}"),
            Kind::EmptyObject => f.write_str("expected at least one field, found an empty object"),
            Kind::EmptyList => f.write_str("expected at least one value, found an empty list"),
            Kind::NeitherObjectNorList { name, found } => {
                write!(f, "expected a list of values or an object for `{name}`, found {found}")
            }
            Kind::NestedList => f.write_str("expected a value or an operator, found a list inside a list"),
            Kind::BadOr { found } => {
                write!(f, "expected a list of at least two objects for `$or`, found {found}")
            }
            Kind::ReservedInOr { name } => {
                write!(f, "`{name}` is reserved and cannot be a field name inside `$or`")
            }
            Kind::NotOneOperator { members } => write!(f, "expected exactly one operator, found {members}"),
            Kind::UnknownOperator { name, inside: None } => write!(f, "unknown operator `{name}`"),
            Kind::UnknownOperator { name, inside: Some(outer) } => {
                write!(f, "operator `{name}` is not allowed inside `{outer}`")
            }
            Kind::BadOperand { operator, expected, found } => {
                write!(f, "expected {expected} for `{operator}`, found {found}")
            }
            Kind::NumberNotComparable { spelling } => {
                write!(f, "expected a number that a double holds exactly, found {spelling}")
            }
            Kind::EmptyRange => f.write_str("expected a lower bound below the upper bound"),
            Kind::ConsecutiveStars => f.write_str("two `*` in a row"),
            Kind::BadWildcardEscape => f.write_str("expected `*` or `\\` after a backslash"),
            Kind::BadAddress => f.write_str("expected an IPv4 or IPv6 address before the `/`"),
            Kind::BadMask => f.write_str("expected `address/bits`"),
            Kind::MaskTooLong { bits_max } => write!(f, "expected at most {bits_max} mask bits"),
            Kind::TooManyFields { fields, fields_max } => {
                write!(f, "{fields} fields in one combination, at most {fields_max} are allowed")
            }
            Kind::TooManyCombinations { combinations: usize::MAX, combinations_max } => {
                write!(f, "far more than {combinations_max} combinations of `$or` branches")
            }
            Kind::TooManyCombinations { combinations, combinations_max } => {
                write!(
                    f,
                    "{combinations} combinations of `$or` branches, at most {combinations_max} are allowed"
                )
            }
            Kind::TooComplex { complexity, complexity_max } => {
                let more = if *complexity >= super::COMPLEXITY_CAP { " or more" } else { "" };
                write!(f, "wildcard complexity {complexity}{more}, at most {complexity_max} is accepted")
            }
            Kind::TooLong { chars, chars_max } => {
                write!(f, "the pattern has {chars} characters, at most {chars_max} are accepted")
            }
        }
    }
}

impl PatternProblemKind {
    /// A name that never changes, by which the kind can be looked up.
    pub fn name(&self) -> &'static str {
        use PatternProblemKind as Kind;
        match self {
            Kind::Syntax(_) => "syntax",
            Kind::NotAnObject { .. } => "not-an-object",
            Kind::EmptyObject => "empty-object",
            Kind::EmptyList => "empty-list",
            Kind::NeitherObjectNorList { .. } => "neither-object-nor-list",
            Kind::NestedList => "nested-list",
            Kind::BadOr { .. } => "bad-or",
            Kind::ReservedInOr { .. } => "reserved-in-or",
            Kind::NotOneOperator { .. } => "not-one-operator",
            Kind::UnknownOperator { .. } => "unknown-operator",
            Kind::BadOperand { .. } => "bad-operand",
            Kind::NumberNotComparable { .. } => "number-not-comparable",
            Kind::EmptyRange => "empty-range",
            Kind::ConsecutiveStars => "consecutive-stars",
            Kind::BadWildcardEscape => "bad-wildcard-escape",
            Kind::BadAddress => "bad-address",
            Kind::BadMask => "bad-mask",
            Kind::MaskTooLong { .. } => "mask-too-long",
            Kind::TooManyFields { .. } => "too-many-fields",
            Kind::TooManyCombinations { .. } => "too-many-combinations",
            Kind::TooComplex { .. } => "too-complex",
            Kind::TooLong { .. } => "too-long",
        }
    }

    /// The way out, where there is something true to say.
    pub fn hint(&self) -> Option<String> {
        use PatternProblemKind as Kind;
        match self {
            Kind::NeitherObjectNorList { name, .. } if OPERATORS.contains(&name.as_str()) => {
                Some(format!("an operator stands in a list: [{{\"{name}\": ...}}]"))
            }
            Kind::NeitherObjectNorList { .. } => Some("wrap the value in a list: [...]".to_owned()),
            Kind::UnknownOperator { name, inside: None } => {
                nearest(name, &OPERATORS).map(|known| format!("did you mean `{known}`?"))
            }
            Kind::EmptyList => Some("to ask for an absent field, write [{\"exists\": false}]".to_owned()),
            Kind::NestedList => Some("write the values into one list; any of them may match".to_owned()),
            Kind::NotOneOperator { members: 2.. } => {
                Some("write each operator as an object of its own; any of them may match".to_owned())
            }
            Kind::BadWildcardEscape => Some("write `\\\\` for a backslash (in JSON `\\\\\\\\`)".to_owned()),
            Kind::MaskTooLong { .. } => Some("to match one address, write it as a bare string".to_owned()),
            Kind::NumberNotComparable { .. } => {
                Some("to compare identifiers that are long numbers, write a bare number".to_owned())
            }
            Kind::TooComplex { .. } => Some(
                "use fewer `*`, fewer repeating characters after a `*`, or `prefix` and `suffix` instead"
                    .to_owned(),
            ),
            Kind::TooManyCombinations { .. } => {
                Some("two `$or` in one pattern multiply; split the rule".to_owned())
            }
            Kind::TooLong { .. } | Kind::TooManyFields { .. } => {
                Some("split the rule into several".to_owned())
            }
            _ => None,
        }
    }
}

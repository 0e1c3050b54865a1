//! Paths into the event: the part of JSONPath that EventBridge takes.
//!
//! `$`, then any number of `.name` steps, each followed by any number of `[n]` or `[*]`. Names are made of ASCII
//! letters, digits, `_`, `-` and `/`, so a key with any other character cannot be reached. Source: every recorded
//! path, and the expression that AWS publishes for the same paths in Pipes.

use std::fmt;

/// A path that AWS accepts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputPath {
    steps: Box<[Step]>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// `.name`.
    Member(Box<str>),
    /// `[n]`. Larger numbers than events have elements are cut to the largest.
    Element(u32),
    /// `[*]`.
    AllElements,
}

/// Why a text is no path, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathError {
    /// The first byte that does not fit.
    pub at: usize,
    /// What stands there.
    pub problem: PathProblem,
}

/// What makes a text something other than a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathProblem {
    /// It does not begin with `$`.
    NoRoot,
    /// A step without a name: a dot at the end, or before a bracket.
    NoName,
    /// `..`.
    RecursiveDescent,
    /// `.*`.
    AllMembers,
    /// `['name']`.
    NameInBrackets,
    /// Brackets directly behind `$`.
    BracketsAtRoot,
    /// Brackets that hold neither digits nor `*`.
    BadIndex,
    /// `[` without `]`.
    OpenBracket,
    /// A character that names cannot have.
    BadCharacter(char),
}

impl fmt::Display for PathProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathProblem::NoRoot => f.write_str("a path begins with `$`"),
            PathProblem::NoName => f.write_str("expected a name after the dot"),
            PathProblem::RecursiveDescent => f.write_str("`..` is not supported"),
            PathProblem::AllMembers => f.write_str("`*` is supported in brackets behind a name only"),
            PathProblem::NameInBrackets => f.write_str("names in brackets are not supported"),
            PathProblem::BracketsAtRoot => f.write_str("brackets can only follow a name"),
            PathProblem::BadIndex => f.write_str("expected a whole number or `*` in the brackets"),
            PathProblem::OpenBracket => f.write_str("expected `]`"),
            PathProblem::BadCharacter(found) => write!(f, "`{found}` is not allowed in a path"),
        }
    }
}

impl PathProblem {
    /// The way out, where there is one.
    pub fn hint(self) -> Option<&'static str> {
        Some(match self {
            PathProblem::NoRoot => "write `$.detail.name`",
            PathProblem::NameInBrackets => {
                "write `.name`; a key with a dot, a space or a colon cannot be reached"
            }
            PathProblem::BadIndex => "negative numbers, ranges, lists and filters are not supported",
            PathProblem::BadCharacter(_) => "names have ASCII letters, digits, `_`, `-` and `/`",
            PathProblem::RecursiveDescent | PathProblem::AllMembers => "name every step",
            _ => return None,
        })
    }
}

impl InputPath {
    /// The path that `text` spells.
    ///
    /// # Errors
    /// The first place at which it is none.
    pub fn parse(text: &str) -> Result<InputPath, PathError> {
        let mut parser = Parser { text, at: 0, steps: Vec::new() };
        parser.path()?;
        Ok(InputPath { steps: parser.steps.into() })
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl fmt::Display for InputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Member(name) => write!(f, ".{name}"),
            Step::Element(index) => write!(f, "[{index}]"),
            Step::AllElements => f.write_str("[*]"),
        })
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    steps: Vec<Step>,
}

impl Parser<'_> {
    fn path(&mut self) -> Result<(), PathError> {
        if !self.take('$') {
            return Err(self.error(PathProblem::NoRoot));
        }
        while let Some(next) = self.peek() {
            match next {
                '.' => self.member()?,
                '[' if self.steps.is_empty() => return Err(self.error(self.problem_of_root_brackets())),
                '[' => self.brackets()?,
                other => return Err(self.error(PathProblem::BadCharacter(other))),
            }
        }
        Ok(())
    }

    /// `$['detail']` is meant as a name, `$[0]` as an element.
    fn problem_of_root_brackets(&self) -> PathProblem {
        if self.rest()[1..].starts_with(['\'', '"']) {
            PathProblem::NameInBrackets
        } else {
            PathProblem::BracketsAtRoot
        }
    }

    fn member(&mut self) -> Result<(), PathError> {
        self.at += 1;
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
        let rest = &self.text[self.at..];
        let name = &rest[..rest.find(|c| !in_name(c)).unwrap_or(rest.len())];
        if name.is_empty() {
            return Err(self.error(match self.peek() {
                Some('.') => PathProblem::RecursiveDescent,
                Some('*') => PathProblem::AllMembers,
                None | Some('[') => PathProblem::NoName,
                Some(other) => PathProblem::BadCharacter(other),
            }));
        }
        self.steps.push(Step::Member(name.into()));
        self.at += name.len();
        Ok(())
    }

    fn brackets(&mut self) -> Result<(), PathError> {
        let inside = &self.rest()[1..];
        let Some(len) = inside.find(']') else { return Err(self.error(PathProblem::OpenBracket)) };
        let step = match &inside[..len] {
            "*" => Step::AllElements,
            digits if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Step::Element(digits.parse().unwrap_or(u32::MAX))
            }
            name if name.starts_with(['\'', '"']) => return Err(self.error(PathProblem::NameInBrackets)),
            _ => {
                self.at += 1;
                return Err(self.error(PathProblem::BadIndex));
            }
        };
        self.steps.push(step);
        self.at += len + 2;
        Ok(())
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error(&self, problem: PathProblem) -> PathError {
        PathError { at: self.at, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_paths_print_as_they_were_written() {
        for text in ["$", "$.detail", "$.detail.a-b", "$.a_b.c/d.9", "$.a[1].b", "$.a[*].b[0][*]"] {
            assert_eq!(InputPath::parse(text).map(|path| path.to_string()).as_deref(), Ok(text));
        }
        let huge = InputPath::parse("$.a[99999999999999999999]").expect("digits");
        assert_eq!(InputPath::parse(&huge.to_string()), Ok(huge));
    }

    #[test]
    fn refused_paths_say_where_and_why() {
        use PathProblem::*;
        for (text, at, problem) in [
            ("", 0, NoRoot),
            ("detail.x", 0, NoRoot),
            (" $.detail", 0, NoRoot),
            ("@.detail", 0, NoRoot),
            ("$detail", 1, BadCharacter('d')),
            ("$.", 2, NoName),
            ("$.detail.", 9, NoName),
            ("$.[0]", 2, NoName),
            ("$..x", 2, RecursiveDescent),
            ("$.detail.*", 9, AllMembers),
            ("$['detail']", 1, NameInBrackets),
            ("$.detail[\"x\"]", 8, NameInBrackets),
            ("$[0]", 1, BracketsAtRoot),
            ("$.a[-1]", 4, BadIndex),
            ("$.a[0:2]", 4, BadIndex),
            ("$.a[0,1]", 4, BadIndex),
            ("$.a[?(@.x)]", 4, BadIndex),
            ("$.a[]", 4, BadIndex),
            ("$.a[ 0 ]", 4, BadIndex),
            ("$.a[0", 3, OpenBracket),
            ("$.a[0]x", 6, BadCharacter('x')),
            ("$.zoë", 4, BadCharacter('ë')),
            ("$.a b", 3, BadCharacter(' ')),
            ("$.a.$ref", 4, BadCharacter('$')),
            ("$.a ", 3, BadCharacter(' ')),
        ] {
            assert_eq!(InputPath::parse(text), Err(PathError { at, problem }), "{text}");
        }
    }
}

//! What the codes mean, at length: texts that stand beside this file, so that they read as texts.
//!
//! A text is a section under its code: a title, what it means, why it matters, how to mend it, an example where one
//! helps. A test holds each code to have one.

use super::FindingCode;

/// The texts, one file for each kind of code.
const TEXTS: [(ExplainedKind, &str); 3] = [
    (ExplainedKind::Finding, include_str!("explanations/findings.md")),
    (ExplainedKind::Verdict, include_str!("explanations/verdicts.md")),
    (ExplainedKind::PatternProblem, include_str!("explanations/patterns.md")),
];

/// What a code is a code of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExplainedKind {
    /// A finding.
    Finding,
    /// An errored event.
    Verdict,
    /// One thing that is wrong with a pattern.
    PatternProblem,
}

/// What a code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// What the code is a code of.
    pub kind: ExplainedKind,
    /// The code.
    pub code: &'static str,
    /// What it means, in a line.
    pub title: &'static str,
    /// What it means, why it matters, how to mend it; Markdown.
    pub text: &'static str,
}

impl Explanation {
    /// All of them, in the order of their files.
    pub fn all() -> impl Iterator<Item = Explanation> {
        TEXTS.into_iter().flat_map(|(kind, text)| {
            text.split("\n## ").skip(1).filter_map(move |section| section_of(kind, section))
        })
    }

    /// That of a code, however its letters are cased.
    pub fn of(code: &str) -> Option<Explanation> {
        Explanation::all().find(|explanation| explanation.code.eq_ignore_ascii_case(code))
    }
}

fn section_of(kind: ExplainedKind, section: &'static str) -> Option<Explanation> {
    let (code, rest) = section.split_once('\n')?;
    let (title, text) = rest.trim_start().split_once('\n')?;
    Some(Explanation { kind, code: code.trim(), title: title.trim(), text: text.trim() })
}

impl FindingCode {
    /// What it means; a test holds that each code has its text.
    pub fn explanation(self) -> Option<Explanation> {
        Explanation::of(self.as_str())
    }
}

impl ExplainedKind {
    /// What the codes of this kind are, as a heading.
    pub fn heading(self) -> &'static str {
        match self {
            ExplainedKind::Finding => "findings about rules and tests",
            ExplainedKind::Verdict => "errored events",
            ExplainedKind::PatternProblem => "refused patterns",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Code;

    /// What `PatternProblemKind::name` says.
    const PATTERN_PROBLEMS: [&str; 22] = [
        "syntax",
        "not-an-object",
        "empty-object",
        "empty-list",
        "neither-object-nor-list",
        "nested-list",
        "bad-or",
        "reserved-in-or",
        "not-one-operator",
        "unknown-operator",
        "bad-operand",
        "number-not-comparable",
        "empty-range",
        "consecutive-stars",
        "bad-wildcard-escape",
        "bad-address",
        "bad-mask",
        "mask-too-long",
        "too-many-fields",
        "too-many-combinations",
        "too-complex",
        "too-long",
    ];

    fn named<'c>(codes: impl Iterator<Item = &'c str>) -> Vec<&'c str> {
        let mut codes: Vec<&str> = codes.collect();
        codes.sort_unstable();
        codes
    }

    #[test]
    fn every_code_has_one_text_and_every_text_has_a_code() {
        let findings = FindingCode::ALL.iter().map(|code| code.as_str());
        let verdicts = Code::ALL.iter().map(|code| code.as_str());
        let codes = named(findings.chain(verdicts).chain(PATTERN_PROBLEMS));
        assert_eq!(named(Explanation::all().map(|explanation| explanation.code)), codes);
        for explanation in Explanation::all() {
            assert!(!explanation.title.is_empty() && explanation.text.len() > 20, "{explanation:?}");
            assert!(!explanation.title.ends_with('.'), "{explanation:?}");
        }
    }

    #[test]
    fn codes_are_found_in_any_case() {
        assert_eq!(Explanation::of("invalid_json").map(|explanation| explanation.code), Some("INVALID_JSON"));
        assert_eq!(Explanation::of("no-such-code"), None);
    }
}

//! Prints patterns as compact JSON that parses to the same pattern.

use std::fmt;

use super::field_test::{AnythingBut, ExactNumber, FieldTest, Scalar};
use super::fold::FoldedText;
use super::ir::{Pattern, PatternMember, PatternObject};
use super::numeric::NumericRange;
use super::wildcard::Wildcard;
use crate::json::Text;
use crate::json::text::write_json_string;

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for PatternObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<String> = self.members.iter().map(member).collect();
        write!(f, "{{{}}}", members.join(","))
    }
}

impl fmt::Display for FieldTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            FieldTest::Equals(scalar) => bare(scalar),
            FieldTest::Exactly(text) => operator("exactly", &string(text)),
            FieldTest::EqualsIgnoreCase(folded) => ignore_case(folded),
            FieldTest::Prefix(text) => operator("prefix", &string(text)),
            FieldTest::PrefixIgnoreCase(folded) => operator("prefix", &ignore_case(folded)),
            FieldTest::Suffix(text) => operator("suffix", &string(text)),
            FieldTest::SuffixIgnoreCase(folded) => operator("suffix", &ignore_case(folded)),
            FieldTest::Wildcard(wildcard) => operator("wildcard", &string(wildcard.source())),
            FieldTest::Present => operator("exists", "true"),
            FieldTest::Absent => operator("exists", "false"),
            FieldTest::Numeric(range) => operator("numeric", &numeric(range)),
            FieldTest::Cidr { source, .. } => operator("cidr", &string(source)),
            FieldTest::AnythingBut(excluded) => operator("anything-but", &anything_but(excluded)),
        };
        f.write_str(&text)
    }
}

fn member(member: &PatternMember) -> String {
    match member {
        PatternMember::Field { name, tests } => {
            let tests: Vec<String> = tests.tests.iter().map(|placed| placed.test.to_string()).collect();
            format!("{}:[{}]", string(name), tests.join(","))
        }
        PatternMember::Object { name, object } => format!("{}:{object}", string(name)),
        PatternMember::Or { branches } => {
            let branches: Vec<String> = branches.iter().map(PatternObject::to_string).collect();
            format!("\"$or\":[{}]", branches.join(","))
        }
    }
}

fn operator(name: &str, operand: &str) -> String {
    format!("{{\"{name}\":{operand}}}")
}

fn string(text: &Text) -> String {
    let mut json = Vec::new();
    write_json_string(text.as_bytes(), &mut json);
    String::from_utf8(json).expect("lone surrogates are written as escapes")
}

fn bare(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(wanted) => wanted.to_string(),
        Scalar::Number(number) => number.spelling.to_string(),
        Scalar::String(exact) => string(&exact.text),
    }
}

fn ignore_case(folded: &FoldedText) -> String {
    operator("equals-ignore-case", &string(folded.source()))
}

fn numeric(range: &NumericRange) -> String {
    if let Some(only) = range.single() {
        return format!("[\"=\",{}]", only.spelling);
    }
    let lower =
        range.lower.iter().map(|b| format!("\">{}\",{}", if b.inclusive { "=" } else { "" }, b.spelling));
    let upper =
        range.upper.iter().map(|b| format!("\"<{}\",{}", if b.inclusive { "=" } else { "" }, b.spelling));
    format!("[{}]", lower.chain(upper).collect::<Vec<_>>().join(","))
}

fn anything_but(excluded: &AnythingBut) -> String {
    match excluded {
        AnythingBut::Strings(texts) => one_or_list(texts, string),
        AnythingBut::Numbers(numbers) => {
            one_or_list(numbers, |number: &ExactNumber| number.spelling.to_string())
        }
        AnythingBut::Prefixes(texts) => operator("prefix", &one_or_list(texts, string)),
        AnythingBut::Suffixes(texts) => operator("suffix", &one_or_list(texts, string)),
        AnythingBut::EqualsIgnoreCase(texts) => {
            operator("equals-ignore-case", &one_or_list(texts, |folded: &FoldedText| string(folded.source())))
        }
        AnythingBut::Wildcards(wildcards) => {
            operator("wildcard", &one_or_list(wildcards, |wildcard: &Wildcard| string(wildcard.source())))
        }
    }
}

/// One element stands alone; the engine's second try takes no lists in some places.
fn one_or_list<T>(items: &[T], print: impl Fn(&T) -> String) -> String {
    match items {
        [only] => print(only),
        _ => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(",")),
    }
}

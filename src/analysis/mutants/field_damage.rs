//! What can be wrong with one test.

use super::MutantKind as Kind;
use super::wildcard_damage;
use crate::analysis::synthesis::{flipped, neighbours, without_first, without_last};
use crate::json::{Text, Value};
use crate::pattern::{
    AnythingBut, Bound, ExactNumber, FieldTest, FoldedText, Limits, NumericRange, Pattern, PatternMember,
    Scalar, Wildcard,
};

/// A test in the place of another one.
pub(super) struct TestDamage {
    pub(super) kind: Kind,
    pub(super) test: FieldTest,
}

/// The damaged forms of `test` that are tests.
pub(super) fn damaged(test: &FieldTest) -> Vec<TestDamage> {
    let forms: Vec<(Kind, String)> = match test {
        FieldTest::Equals(Scalar::String(exact)) => exact_text(&exact.text, |text| text.to_owned()),
        FieldTest::Exactly(text) => exact_text(text, |text| operator("exactly", text)),
        FieldTest::EqualsIgnoreCase(folded) => case_respected(folded, |text| text.to_owned()),
        FieldTest::Prefix(text) => affix(Kind::PrefixShortened, text, |text| operator("prefix", text)),
        FieldTest::PrefixIgnoreCase(folded) => folded_affix(Kind::PrefixShortened, folded, "prefix"),
        FieldTest::Suffix(text) => affix(Kind::SuffixShortened, text, |text| operator("suffix", text)),
        FieldTest::SuffixIgnoreCase(folded) => folded_affix(Kind::SuffixShortened, folded, "suffix"),
        FieldTest::Wildcard(wildcard) => wildcard_forms(wildcard, |text| operator("wildcard", text)),
        FieldTest::Present => vec![(Kind::ExistsFlipped, operator("exists", "false"))],
        FieldTest::Absent => vec![(Kind::ExistsFlipped, operator("exists", "true"))],
        FieldTest::Numeric(range) => numeric(range),
        FieldTest::Cidr { source, .. } => widened(source).into_iter().collect(),
        FieldTest::AnythingBut(excluded) => anything_but(excluded),
        FieldTest::Equals(Scalar::Null | Scalar::Bool(_) | Scalar::Number(_)) => Vec::new(),
    };
    forms.into_iter().filter_map(|(kind, json)| Some(TestDamage { kind, test: parsed(&json)? })).collect()
}

/// The test that `json` spells, if it is one.
fn parsed(json: &str) -> Option<FieldTest> {
    let pattern = Pattern::parse(format!("{{\"field\":[{json}]}}").as_bytes(), &Limits::engine()).ok()?;
    match pattern.root().members.first()? {
        PatternMember::Field { tests, .. } => tests.tests.first().map(|placed| placed.test.clone()),
        _ => None,
    }
}

fn operator(name: &str, operand: &str) -> String {
    format!("{{\"{name}\":{operand}}}")
}

fn json(text: &str) -> String {
    Value::string(text).to_string()
}

fn has_case(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

/// Forms of a test for a text, as `write` writes it from JSON. Texts with lone surrogates are let be.
fn exact_text(text: &Text, write: impl Fn(&str) -> String) -> Vec<(Kind, String)> {
    let Some(text) = text.as_str().filter(|text| has_case(text)) else { return Vec::new() };
    let mut forms = vec![(Kind::CaseIgnored, operator("equals-ignore-case", &json(text)))];
    forms.extend(flipped(text).map(|flipped| (Kind::CaseFlipped, write(&json(&flipped)))));
    forms
}

fn case_respected(folded: &FoldedText, write: impl Fn(&str) -> String) -> Vec<(Kind, String)> {
    let text = folded.source().as_str().filter(|text| has_case(text));
    text.map(|text| (Kind::CaseRespected, write(&json(text)))).into_iter().collect()
}

fn shortened(kind: Kind, text: &Text) -> Option<&str> {
    let text = text.as_str()?;
    if kind == Kind::SuffixShortened { without_first(text) } else { without_last(text) }
}

fn affix(kind: Kind, text: &Text, write: impl Fn(&str) -> String) -> Vec<(Kind, String)> {
    let shorter = shortened(kind, text).map(|shorter| (kind, write(&json(shorter))));
    let with_case = text.as_str().filter(|text| has_case(text));
    let ignoring =
        with_case.map(|text| (Kind::CaseIgnored, write(&operator("equals-ignore-case", &json(text)))));
    shorter.into_iter().chain(ignoring).collect()
}

fn folded_affix(kind: Kind, folded: &FoldedText, name: &str) -> Vec<(Kind, String)> {
    let ignoring = |text: &str| operator(name, &operator("equals-ignore-case", &json(text)));
    let mut forms: Vec<(Kind, String)> =
        shortened(kind, folded.source()).map(|shorter| (kind, ignoring(shorter))).into_iter().collect();
    forms.extend(case_respected(folded, |text| operator(name, text)));
    forms
}

fn wildcard_forms(wildcard: &Wildcard, write: impl Fn(&str) -> String) -> Vec<(Kind, String)> {
    let source = wildcard.source().as_str().unwrap_or_default();
    wildcard_damage::forms(source).into_iter().map(|(kind, text)| (kind, write(&json(&text)))).collect()
}

fn numeric(range: &NumericRange) -> Vec<(Kind, String)> {
    if let Some(only) = range.single() {
        let moved = neighbours(only.value, &only.spelling).above;
        return moved
            .map(|n| (Kind::BoundMoved, operator("numeric", &format!("[\"=\",{n}]"))))
            .into_iter()
            .collect();
    }
    let mut forms = Vec::new();
    for (end, bound) in [(End::Lower, &range.lower), (End::Upper, &range.upper)] {
        let Some(bound) = bound else { continue };
        let swapped = Bound { inclusive: !bound.inclusive, ..bound.clone() };
        forms.push((Kind::BoundInclusionSwapped, with_bound(range, end, swapped)));
        let near = neighbours(bound.value, &bound.spelling);
        for spelling in [near.below, near.above].into_iter().flatten() {
            let moved = Bound { spelling: spelling.into(), ..bound.clone() };
            forms.push((Kind::BoundMoved, with_bound(range, end, moved)));
        }
    }
    forms
}

#[derive(Clone, Copy)]
enum End {
    Lower,
    Upper,
}

fn with_bound(range: &NumericRange, end: End, bound: Bound) -> String {
    let mut changed = range.clone();
    match end {
        End::Lower => changed.lower = Some(bound),
        End::Upper => changed.upper = Some(bound),
    }
    // The printed spelling decides; the value is read again from it.
    FieldTest::Numeric(changed).to_string()
}

fn widened(source: &Text) -> Option<(Kind, String)> {
    let (address, bits) = source.as_str()?.trim_end_matches('/').split_once('/')?;
    let bits: u32 = bits.parse().ok()?;
    let wider = format!("{address}/{}", bits.checked_sub(1)?);
    Some((Kind::RangeWidened, operator("cidr", &json(&wider))))
}

fn anything_but(excluded: &AnythingBut) -> Vec<(Kind, String)> {
    let but = |operand: &str| operator("anything-but", operand);
    match excluded {
        AnythingBut::Numbers(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(|n: &ExactNumber| n.spelling.to_string()).collect();
            dropped_each(&numbers, but)
        }
        AnythingBut::Strings(texts) => {
            let texts: Vec<String> = texts.iter().map(text_json).collect();
            let mut forms = dropped_each(&texts, but);
            forms.push((Kind::CaseIgnored, but(&operator("equals-ignore-case", &list(&texts)))));
            forms
        }
        AnythingBut::Prefixes(texts) => {
            affixes(Kind::PrefixShortened, texts, |list| but(&operator("prefix", list)))
        }
        AnythingBut::Suffixes(texts) => {
            affixes(Kind::SuffixShortened, texts, |list| but(&operator("suffix", list)))
        }
        AnythingBut::EqualsIgnoreCase(folded) => {
            let texts: Vec<String> = folded.iter().map(|folded| text_json(folded.source())).collect();
            let mut forms = dropped_each(&texts, |list| but(&operator("equals-ignore-case", list)));
            forms.push((Kind::CaseRespected, but(&list(&texts))));
            forms
        }
        AnythingBut::Wildcards(wildcards) => {
            let texts: Vec<String> = wildcards.iter().map(|wildcard| text_json(wildcard.source())).collect();
            let write = |list: &str| but(&operator("wildcard", list));
            let mut forms = dropped_each(&texts, write);
            for (at, wildcard) in wildcards.iter().enumerate() {
                forms.extend(wildcard_forms(wildcard, |text| write(&with_item(&texts, at, text))));
            }
            forms
        }
    }
}

fn text_json(text: &Text) -> String {
    Value::String(text.clone()).to_string()
}

/// A single value stands alone, as some forms of the engine take no lists.
fn list(items: &[String]) -> String {
    match items {
        [only] => only.clone(),
        _ => format!("[{}]", items.join(",")),
    }
}

fn with_item(items: &[String], at: usize, item: &str) -> String {
    let mut changed = items.to_vec();
    changed[at] = item.to_owned();
    list(&changed)
}

/// The exclusions without each of the values; where there is but one, anything goes.
fn dropped_each(items: &[String], write: impl Fn(&str) -> String) -> Vec<(Kind, String)> {
    if items.len() < 2 {
        return vec![(Kind::ExclusionDropped, operator("exists", "true"))];
    }
    let without = |at: usize| {
        let mut kept = items.to_vec();
        kept.remove(at);
        (Kind::ExclusionDropped, write(&list(&kept)))
    };
    (0..items.len()).map(without).collect()
}

fn affixes(kind: Kind, texts: &[Text], write: impl Fn(&str) -> String) -> Vec<(Kind, String)> {
    let items: Vec<String> = texts.iter().map(text_json).collect();
    let mut forms = dropped_each(&items, &write);
    for (at, text) in texts.iter().enumerate() {
        if let Some(shorter) = shortened(kind, text).filter(|shorter| !shorter.is_empty()) {
            forms.push((kind, write(&with_item(&items, at, &json(shorter)))));
        }
    }
    forms
}

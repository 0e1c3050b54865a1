//! Patterns to try, and the matcher's word on each claim.

use std::collections::BTreeMap;
use std::path::Path;

use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof::rules::{Parameters, load};
use serde_json::Value;

use crate::support::generate::{self, Corners, Settings};
use crate::support::oracle;
use crate::support::rng::Rng;

pub(crate) fn pattern(text: &str) -> Pattern {
    Pattern::parse(text.as_bytes(), &Limits::service()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(crate) fn engine_pattern(text: &str) -> Pattern {
    Pattern::parse(text.as_bytes(), &Limits::engine()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(crate) fn matches(pattern: &Pattern, event: &str, profile: Profile) -> bool {
    let mut scratch = Scratch::default();
    let matched = Matcher::new([pattern], profile).matches(event.as_bytes(), &mut scratch).map(<[_]>::len);
    matched.unwrap_or_else(|error| panic!("{event}: {error}")) == 1
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A recorded or generated case.
pub(crate) struct Case {
    pub(crate) pattern: String,
    pub(crate) event: String,
    pub(crate) profile: Profile,
    /// `match`, `no_match`, `invalid_pattern` or `invalid_event`.
    pub(crate) expect: String,
}

/// All cases of one file of the conformance data.
pub(crate) fn cases(file: &str) -> Vec<Case> {
    let packed = std::fs::read(repository().join("tests/conformance/data").join(file)).unwrap();
    let text = String::from_utf8(zstd::stream::decode_all(&packed[..]).unwrap()).unwrap();
    let case = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| case[name].as_str().unwrap().to_owned();
        let profile = if field("profile") == "engine" { Profile::Engine } else { Profile::Service };
        Case { pattern: field("pattern"), event: field("event"), profile, expect: field("expect") }
    };
    text.lines().map(case).collect()
}

pub(crate) const PATTERN_FILES: [&str; 3] =
    ["patterns_aws.jsonl.zst", "patterns_suite.jsonl.zst", "patterns_generated.jsonl.zst"];

/// The distinct patterns of the conformance data that are valid, and whether some case matches.
pub(crate) fn conformance_patterns() -> Vec<(Pattern, Profile, bool)> {
    let mut known: BTreeMap<(String, bool), bool> = BTreeMap::new();
    for case in PATTERN_FILES.into_iter().flat_map(cases) {
        let satisfied = known.entry((case.pattern, case.profile == Profile::Service)).or_default();
        *satisfied |= case.expect == "match";
    }
    let parsed = known.into_iter().filter_map(|((text, is_service), satisfied)| {
        let profile = if is_service { Profile::Service } else { Profile::Engine };
        Some((Pattern::parse(text.as_bytes(), &Limits::of(profile)).ok()?, profile, satisfied))
    });
    parsed.collect()
}

/// The patterns of the shipped rules, by name.
pub(crate) fn shipped_patterns() -> Vec<(String, Pattern)> {
    let parameters = Parameters::default();
    let loaded = load(&[repository().join("rules").to_str().unwrap().to_owned()], &parameters);
    let named = loaded.rules.iter().filter_map(|rule| {
        let text = rule.trigger.pattern()?;
        Some((rule.display_name.to_string(), pattern(text.json())))
    });
    let named: Vec<_> = named.collect();
    assert!(named.len() > 10, "{:?}", loaded.problems);
    named
}

/// Valid generated patterns.
pub(crate) fn generated_patterns(seed: u64, count: usize, profile: Profile) -> Vec<Pattern> {
    let mut rng = Rng::new(seed);
    let of = if profile == Profile::Service { oracle::Profile::Service } else { oracle::Profile::Engine };
    let settings = Settings { profile: of, corners: Corners::All };
    let texts = std::iter::repeat_with(|| generate::pattern(&mut rng, settings));
    texts.filter_map(|text| Pattern::parse(text.as_bytes(), &Limits::of(profile)).ok()).take(count).collect()
}

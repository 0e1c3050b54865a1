//! Pairs of patterns and events that try the hard corners and yet match often.
//!
//! Random patterns and random events almost never meet, so an event is made from its pattern: it first gets
//! what one alternative asks for, and then perhaps one thing is broken. Everything follows from the seed.

mod events;
mod faults;
mod json;
mod matchers;
mod patterns;
mod wishes;
mod words;

use super::oracle::Profile;
use super::rng::Rng;
use json::{Json, Members, Style};

/// What a run may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corners {
    /// Everything.
    All,
    /// Not the cases in which the Python model is known to contradict its specification: a bare IP address
    /// against a number, or against an address of the other family, with the same leading digits.
    SettledByModel,
}

/// What to generate for.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub profile: Profile,
    pub corners: Corners,
}

impl Settings {
    fn of(profile: Profile) -> Settings {
        Settings { profile, corners: Corners::All }
    }
}

/// Characters of a pattern that the service accepts.
const SERVICE_PATTERN_BYTES_MAX: usize = 4_096;

/// A pattern and an event. About half of them match; a few percent are invalid.
pub fn pair(rng: &mut Rng, profile: Profile) -> (String, String) {
    pair_with(rng, Settings::of(profile))
}

/// A pair on which the Python model is trusted.
pub fn pair_for_model(rng: &mut Rng, profile: Profile) -> (String, String) {
    pair_with(rng, Settings { profile, corners: Corners::SettledByModel })
}

/// `n` rules with names, patterns from one small vocabulary, mostly valid in profile `engine`.
pub fn rule_set(rng: &mut Rng, n: usize) -> Vec<(String, String)> {
    let settings = Settings::of(Profile::Engine);
    (0..n).map(|at| (format!("rule-{at}"), pattern(rng, settings))).collect()
}

/// An event that one or two of `rules` are likely to match.
pub fn event_for(rng: &mut Rng, rules: &[(String, String)], profile: Profile) -> String {
    let settings = Settings::of(profile);
    let mut members = Members::new();
    for _ in 0..rng.between(1, 2).min(rules.len()) {
        let (_, pattern) = &rules[rng.below(rules.len())];
        members.extend(events::for_pattern(rng, pattern, settings));
    }
    event_text(rng, members, settings)
}

/// One pattern.
pub fn pattern(rng: &mut Rng, settings: Settings) -> String {
    loop {
        let text = pattern_text(rng, settings);
        if settings.profile == Profile::Engine || text.len() <= SERVICE_PATTERN_BYTES_MAX {
            return text;
        }
    }
}

fn pair_with(rng: &mut Rng, settings: Settings) -> (String, String) {
    let pattern = pattern(rng, settings);
    let members = events::for_pattern(rng, &pattern, settings);
    let event = event_text(rng, members, settings);
    (pattern, event)
}

fn pattern_text(rng: &mut Rng, settings: Settings) -> String {
    let mut pattern = if rng.one_in(4_000) { patterns::extreme(rng) } else { patterns::any(rng, settings) };
    if rng.percent(3) {
        faults::spoil(rng, &mut pattern);
    }
    finished(rng, &pattern, 100)
}

fn event_text(rng: &mut Rng, members: Members, settings: Settings) -> String {
    if rng.one_in(120) {
        return faults::not_an_object(rng);
    }
    let members = match settings.profile {
        Profile::Engine => members,
        Profile::Service => events::in_envelope(rng, members),
    };
    finished(rng, &Json::Object(members), 60)
}

/// The text, now and then with something behind it; one of `broken_one_in` is broken somewhere.
fn finished(rng: &mut Rng, json: &Json, broken_one_in: usize) -> String {
    let style = Style::any(rng);
    let mut text = String::new();
    style.space(rng, &mut text);
    text.push_str(&style.write(rng, json));
    if rng.percent(4) {
        text.push_str(rng.pick(&[
            " ",
            "}",
            "{",
            ",",
            " trash",
            "\u{0}",
            "]",
            "\n//",
            "{\"a\":[1]}",
            "\"",
            "é",
        ]));
    }
    if rng.one_in(broken_one_in) { faults::broken(rng, &text) } else { text }
}

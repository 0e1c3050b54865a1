//! Patterns and events from a small grammar, so that bytes without any meaning make cases worth judging.
//!
//! The alphabets are tiny on purpose: fields and values have to meet for a rule to match at all, and array
//! consistency only shows where the same few fields come up again and again.

use libfuzzer_sys::arbitrary::Unstructured;

/// Some rules' patterns and an event, as JSON text.
#[derive(Debug)]
pub struct Case {
    pub patterns: Vec<String>,
    pub event: String,
}

const PATTERNS_MAX: u8 = 4;
const PATTERN_DEPTH_MAX: usize = 3;
const EVENT_DEPTH_MAX: usize = 5;

/// Each multiplies the ways through a pattern, and so the time that a case takes.
const ORS_MAX: usize = 2;

/// Plain names first: when the bytes run out, the first of each list is taken.
const NAMES: [&str; 16] =
    ["a", "b", "c", "a", "b", "c", "a", "b", "c", "a.b", "b.c", "", "a.", "a-c", "id", "\\ud800"];

const SCALARS: [&str; 27] = [
    "1",
    "\"x\"",
    "2",
    "true",
    "null",
    "\"\"",
    "\"xy\"",
    "\"X\"",
    "false",
    "0",
    "-0.0",
    "1.0",
    "10e-1",
    "300",
    "3e2",
    "9007199254740993",
    "9007199254740993.0",
    "1e400",
    "\"10.0.0.1\"",
    "\"::ffff:a00:1\"",
    "\"18.52.86.120\"",
    "\"1234:5678::\"",
    "12345678",
    "\"ß\"",
    "\"\\ud83d\\ude00\"",
    "\"\\udc00\"",
    "\"y\\\"\"",
];

/// Operators whose operand is one of [`TEXTS`].
const TEXT_OPERATORS: [&str; 16] = [
    "{\"prefix\":#}",
    "{\"suffix\":#}",
    "{\"equals-ignore-case\":#}",
    "{\"anything-but\":#}",
    "{\"wildcard\":#}",
    "{\"exactly\":#}",
    "{\"prefix\":{\"equals-ignore-case\":#}}",
    "{\"suffix\":{\"equals-ignore-case\":#}}",
    "{\"anything-but\":[#,\"2\"]}",
    "{\"anything-but\":{\"prefix\":#}}",
    "{\"anything-but\":{\"suffix\":#}}",
    "{\"anything-but\":{\"equals-ignore-case\":#}}",
    "{\"anything-but\":{\"wildcard\":#}}",
    "{\"anything-but\":{\"prefix\":[#,\"y\"]}}",
    "{\"anything-but\":{\"suffix\":[]}}",
    "{\"exactly\":#}",
];

const TEXTS: [&str; 16] = [
    "\"x\"",
    "\"\"",
    "\"xy\"",
    "\"*\"",
    "\"x*\"",
    "\"*y*x\"",
    "\"\\\\*\"",
    "\"\\\"\"",
    "\"\\\"x\"",
    "\"x\\\"\"",
    "\"SS\"",
    "\"ß\"",
    "\"\\ud800\"",
    "\"?\"",
    "\"\\ud83d\\ude00\"",
    "\"10.0.0.1\"",
];

const OTHER_TESTS: [&str; 12] = [
    "{\"exists\":false}",
    "{\"exists\":true}",
    "{\"anything-but\":1}",
    "{\"anything-but\":[0,300]}",
    "{\"numeric\":[\"=\",1]}",
    "{\"numeric\":[\">\",0]}",
    "{\"numeric\":[\">=\",0,\"<\",2]}",
    "{\"numeric\":[\"<=\",0]}",
    "{\"cidr\":\"10.0.0.0/8\"}",
    "{\"cidr\":\"0.0.0.0/0\"}",
    "{\"cidr\":\"::/0\"}",
    "{\"cidr\":\"a00::/16\"}",
];

/// The case that `bytes` choose.
pub fn case(bytes: &[u8]) -> Case {
    let mut maker = Maker { choices: Unstructured::new(bytes), ors_left: 0, text: String::new() };
    let patterns = 1 + maker.below(PATTERNS_MAX);
    let event = maker.finished(|maker| maker.event_object(EVENT_DEPTH_MAX));
    let patterns =
        (0..patterns).map(|_| maker.finished(|maker| maker.pattern_object(PATTERN_DEPTH_MAX))).collect();
    Case { patterns, event }
}

struct Maker<'b> {
    choices: Unstructured<'b>,
    ors_left: usize,
    text: String,
}

impl Maker<'_> {
    /// A number below `end`; 0 when the bytes have run out.
    fn below(&mut self, end: u8) -> usize {
        usize::from(self.choices.int_in_range(0..=end - 1).unwrap_or(0))
    }

    fn one_of(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(texts.len() as u8)]
    }

    fn finished(&mut self, make: impl FnOnce(&mut Self)) -> String {
        self.ors_left = ORS_MAX;
        make(self);
        std::mem::take(&mut self.text)
    }

    /// `count` times what `make` makes, with commas between.
    fn list(&mut self, count: usize, mut make: impl FnMut(&mut Self)) {
        for index in 0..count {
            if index > 0 {
                self.text.push(',');
            }
            make(self);
        }
    }

    fn name(&mut self) {
        let name = self.one_of(&NAMES);
        self.text.push_str(&format!("\"{name}\":"));
    }

    fn event_object(&mut self, depth: usize) {
        self.text.push('{');
        let members = self.below(4);
        self.list(members, |maker| {
            maker.name();
            maker.event_value(depth - 1);
        });
        self.text.push('}');
    }

    fn event_value(&mut self, depth: usize) {
        match if depth == 0 { 0 } else { self.below(8) } {
            0..=2 => self.scalar(),
            3 | 4 => self.event_object(depth),
            _ => {
                self.text.push('[');
                let elements = self.below(4);
                self.list(elements, |maker| maker.event_value(depth - 1));
                self.text.push(']');
            }
        }
    }

    fn scalar(&mut self) {
        // Most values are from the start of the list, so that they meet.
        let scalar = if self.below(2) == 0 { self.one_of(&SCALARS[..4]) } else { self.one_of(&SCALARS) };
        self.text.push_str(scalar);
    }

    fn pattern_object(&mut self, depth: usize) {
        self.text.push('{');
        let members = 1 + self.below(3);
        self.list(members, |maker| match if depth == 0 { 0 } else { maker.below(8) } {
            0..=3 => maker.field(),
            4..=6 => {
                maker.name();
                maker.pattern_object(depth - 1);
            }
            _ if maker.ors_left == 0 => maker.field(),
            _ => {
                maker.ors_left -= 1;
                maker.text.push_str("\"$or\":[");
                let branches = 2 + maker.below(2);
                maker.list(branches, |maker| maker.pattern_object(depth - 1));
                maker.text.push(']');
            }
        });
        self.text.push('}');
    }

    fn field(&mut self) {
        self.name();
        self.text.push('[');
        let tests = 1 + self.below(2);
        self.list(tests, Self::test);
        self.text.push(']');
    }

    fn test(&mut self) {
        match self.below(8) {
            0..=3 => self.scalar(),
            4 => self.text.push_str("{\"exists\":false}"),
            5 => {
                let test = self.one_of(&OTHER_TESTS);
                self.text.push_str(test);
            }
            _ => {
                let operand = self.one_of(&TEXTS);
                let test = self.one_of(&TEXT_OPERATORS).replace('#', operand);
                self.text.push_str(&test);
            }
        }
    }
}

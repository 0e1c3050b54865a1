//! JSON that is written in every way that JSON allows.

use ruleproof::json::{Node, Value, tree};

use super::super::rng::Rng;

/// A value to be written.
///
/// A lone surrogate in a string or a name is the private character that [`lone_surrogate`] gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// A number, a literal, or anything else that goes out as it is.
    Raw(String),
    Text(String),
    List(Vec<Json>),
    Object(Members),
}

pub type Members = Vec<(String, Json)>;

/// Private characters that stand for the surrogates, in their order.
const SURROGATE_STANDINS: u32 = 0xf_0000;

/// What stands for the surrogate `unit` (`0xd800..0xe000`) in a string.
pub fn lone_surrogate(unit: u16) -> char {
    char::from_u32(SURROGATE_STANDINS + u32::from(unit) - 0xd800).unwrap_or('?')
}

/// Whether `character` stands for a lone surrogate.
pub fn is_stand_in(character: char) -> bool {
    surrogate_of(character).is_some()
}

fn surrogate_of(character: char) -> Option<u32> {
    u32::from(character).checked_sub(SURROGATE_STANDINS).filter(|n| *n < 0x800).map(|n| n + 0xd800)
}

impl Json {
    pub fn raw(text: impl Into<String>) -> Json {
        Json::Raw(text.into())
    }

    pub fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    pub fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
        Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Reads `text`; `None` if it is not JSON.
    pub fn read(text: &str) -> Option<Json> {
        tree::parse(text.as_bytes()).ok().map(|node| Json::of(&node))
    }

    fn of(node: &Node) -> Json {
        match &node.value {
            Value::Null => Json::raw("null"),
            Value::Bool(value) => Json::raw(value.to_string()),
            Value::Number(spelling) => Json::raw(&**spelling),
            Value::String(text) => Json::Text(with_standins(text.as_bytes())),
            Value::Array(elements) => Json::List(elements.iter().map(Json::of).collect()),
            Value::Object(members) => Json::Object(
                members
                    .iter()
                    .map(|member| (with_standins(member.name.as_bytes()), Json::of(&member.value)))
                    .collect(),
            ),
        }
    }
}

/// WTF-8 as a string, with stand-ins for the lone surrogates.
fn with_standins(text: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let valid = match std::str::from_utf8(rest) {
            Ok(valid) => valid,
            Err(error) => std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
        };
        out.push_str(valid);
        rest = &rest[valid.len()..];
        if let [0xed, second, third, ..] = *rest {
            out.push(lone_surrogate(0xd000 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f)));
            rest = &rest[3..];
        }
    }
    out
}

/// How one text is written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    spaces: Spaces,
    /// Of a hundred characters so many are written as escapes that need not be.
    escaped_percent: usize,
}

#[derive(Debug, Clone, Copy)]
enum Spaces {
    None,
    One,
    Wild,
}

impl Style {
    pub const PLAIN: Style = Style { spaces: Spaces::None, escaped_percent: 0 };

    pub fn any(rng: &mut Rng) -> Style {
        let spaces = rng.weighted(&[(60, Spaces::None), (25, Spaces::One), (15, Spaces::Wild)]);
        let escaped_percent = rng.weighted(&[(75, 0), (15, 10), (10, 50)]);
        Style { spaces, escaped_percent }
    }

    pub fn write(self, rng: &mut Rng, json: &Json) -> String {
        let mut out = String::new();
        self.value(rng, json, &mut out);
        out
    }

    fn value(self, rng: &mut Rng, json: &Json, out: &mut String) {
        match json {
            Json::Raw(text) => out.push_str(text),
            Json::Text(text) => self.string(rng, text, out),
            Json::List(elements) => {
                self.sequence(rng, ['[', ']'], elements.len(), out, |rng, at, out| {
                    self.value(rng, &elements[at], out);
                });
            }
            Json::Object(members) => {
                self.sequence(rng, ['{', '}'], members.len(), out, |rng, at, out| {
                    self.string(rng, &members[at].0, out);
                    self.space(rng, out);
                    out.push(':');
                    self.space(rng, out);
                    self.value(rng, &members[at].1, out);
                });
            }
        }
    }

    fn sequence(
        self,
        rng: &mut Rng,
        [open, close]: [char; 2],
        len: usize,
        out: &mut String,
        mut item: impl FnMut(&mut Rng, usize, &mut String),
    ) {
        out.push(open);
        for at in 0..len {
            if at > 0 {
                out.push(',');
            }
            self.space(rng, out);
            item(rng, at, out);
            self.space(rng, out);
        }
        if len == 0 {
            self.space(rng, out);
        }
        out.push(close);
    }

    pub fn space(self, rng: &mut Rng, out: &mut String) {
        match self.spaces {
            Spaces::None => {}
            Spaces::One => out.push(' '),
            Spaces::Wild => {
                for _ in 0..rng.below(3) {
                    out.push_str(rng.pick(&[" ", "\t", "\n", "\r\n"]));
                }
            }
        }
    }

    fn string(self, rng: &mut Rng, text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            if let Some(surrogate) = surrogate_of(character) {
                escape(rng, surrogate, out);
            } else if self.escaped_percent > 0 && rng.percent(self.escaped_percent) {
                self.needless_escape(rng, character, out);
            } else {
                plain(rng, character, out);
            }
        }
        out.push('"');
    }

    fn needless_escape(self, rng: &mut Rng, character: char, out: &mut String) {
        if character == '/' && rng.percent(50) {
            return out.push_str("\\/");
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            escape(rng, u32::from(*unit), out);
        }
    }
}

fn plain(rng: &mut Rng, character: char, out: &mut String) {
    match character {
        '"' | '\\' => out.extend(['\\', character]),
        '\n' if rng.percent(50) => out.push_str("\\n"),
        '\t' if rng.percent(50) => out.push_str("\\t"),
        '\u{8}' if rng.percent(50) => out.push_str("\\b"),
        '\0'..' ' => escape(rng, u32::from(character), out),
        _ => out.push(character),
    }
}

fn escape(rng: &mut Rng, unit: u32, out: &mut String) {
    let digits = if rng.percent(50) { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") };
    out.push_str(&digits);
}

//! Other spellings of the same JSON: white space between tokens, escapes in strings.

use ruleproof::json::{Member, Node, Value};

use crate::units::decode;

/// Spells `node`, which was read from `text`, in another way; `seed` says in which.
pub fn respell(text: &[u8], node: &Node, seed: u64) -> Vec<u8> {
    let text = std::str::from_utf8(&text[..node.span.end]).expect("what was parsed is UTF-8");
    let mut speller = Speller { text, state: seed | 1, out: String::new() };
    speller.node(node);
    speller.space();
    speller.out.into_bytes()
}

struct Speller<'t> {
    text: &'t str,
    state: u64,
    out: String,
}

impl Speller<'_> {
    /// A number below `end`, from a multiplicative generator.
    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.state >> 33) % end
    }

    fn space(&mut self) {
        for _ in 0..self.below(9).saturating_sub(5) {
            let space = [' ', '\t', '\r', '\n'][self.below(4) as usize];
            self.out.push(space);
        }
    }

    fn token(&mut self, token: char) {
        self.space();
        self.out.push(token);
        self.space();
    }

    fn node(&mut self, node: &Node) {
        self.space();
        match &node.value {
            Value::Object(members) => self.object(members),
            Value::Array(nodes) => self.array(nodes),
            Value::String(_) => self.string(&node.span),
            _ => self.out.push_str(&self.text[node.span.clone()]),
        }
    }

    fn object(&mut self, members: &[Member]) {
        self.token('{');
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.token(',');
            }
            self.string(&member.name_span);
            self.token(':');
            self.node(&member.value);
        }
        self.token('}');
    }

    fn array(&mut self, nodes: &[Node]) {
        self.token('[');
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.token(',');
            }
            self.node(node);
        }
        self.token(']');
    }

    /// Writes each character plainly or as an escape; halves of pairs that stand alone only as escapes.
    fn string(&mut self, span: &std::ops::Range<usize>) {
        let units = decode(&self.text[span.start + 1..span.end - 1]);
        self.out.push('"');
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(plain) if plain >= ' ' && !matches!(plain, '"' | '\\') && self.below(3) > 0 => {
                    self.out.push(plain);
                }
                Ok(other) => other.encode_utf16(&mut [0; 2]).iter().for_each(|unit| self.escape(*unit)),
                Err(half) => self.escape(half.unpaired_surrogate()),
            }
        }
        self.out.push('"');
    }

    fn escape(&mut self, unit: u16) {
        let short = match unit {
            0x08 => 'b',
            0x09 => 't',
            0x0a => 'n',
            0x0c => 'f',
            0x0d => 'r',
            0x22 => '"',
            0x2f => '/',
            0x5c => '\\',
            _ => 'u',
        };
        match (short, self.below(4)) {
            ('u', 0 | 1) | (_, 2) => self.out.push_str(&format!("\\u{unit:04x}")),
            ('u', _) | (_, 3) => self.out.push_str(&format!("\\u{unit:04X}")),
            _ => self.out.extend(['\\', short]),
        }
    }
}

//! Strings as the engine has them: UTF-16 units, lone surrogates included.

/// A decoded string.
pub type Units = Vec<u16>;

/// Decodes the inside of a valid JSON string.
pub fn decode(raw: &str) -> Units {
    let mut units = Units::new();
    let mut rest = raw;
    while let Some(first) = rest.chars().next() {
        let mut used = first.len_utf8();
        if first == '\\' {
            let (unit, len) = escape(&rest[1..]);
            units.push(unit);
            used += len;
        } else {
            units.extend(first.encode_utf16(&mut [0; 2]).iter());
        }
        rest = &rest[used..];
    }
    units
}

/// What the escape behind a backslash stands for, and its length.
fn escape(text: &str) -> (u16, usize) {
    let letter = text.as_bytes()[0];
    match letter {
        b'u' => (u16::from_str_radix(&text[1..5], 16).expect("the JSON reader checks escapes"), 5),
        b'b' => (0x08, 1),
        b'f' => (0x0c, 1),
        b'n' => (0x0a, 1),
        b'r' => (0x0d, 1),
        b't' => (0x09, 1),
        _ => (u16::from(letter), 1),
    }
}

/// Decodes WTF-8, which is how `ruleproof` keeps strings.
pub fn of_wtf8(bytes: &[u8]) -> Units {
    let mut units = Units::new();
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let more = match first {
            0..0x80 => 0,
            0x80..0xe0 => 1,
            0xe0..0xf0 => 2,
            _ => 3,
        };
        let bits = u32::from(*first) & (0x7f >> if more == 0 { 0 } else { more + 1 });
        let code = after[..more].iter().fold(bits, |code, byte| code << 6 | u32::from(byte & 0x3f));
        match code {
            0..0x10000 => units.push(code as u16),
            _ => units.extend([0xd7c0 + (code >> 10) as u16, 0xdc00 | (code & 0x3ff) as u16]),
        }
        rest = &after[more..];
    }
    units
}

/// The units of plain text.
pub fn of(text: &str) -> Units {
    text.encode_utf16().collect()
}

/// The text with `?` for each lone surrogate.
pub fn with_question_marks(units: &[u16]) -> Units {
    char::decode_utf16(units.iter().copied())
        .flat_map(|decoded| {
            let character = decoded.unwrap_or('?');
            let mut buffer = [0; 2];
            character.encode_utf16(&mut buffer).to_vec()
        })
        .collect()
}

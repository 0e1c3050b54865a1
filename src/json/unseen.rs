//! Characters that nobody sees, or that change how others are seen.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character leaves no mark of its own: controls, white space but the plain one, joiners, marks that combine
/// with the character before, and those that turn the direction of writing.
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || character != ' ' && character.is_whitespace()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{300}'..='\u{36f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text with the escapes of JSON in the place of what nobody sees, so that it can be shown on one line of a terminal.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, is_unseen)
}

/// The text with the escapes of JSON in the place of everything that is not ASCII.
pub fn ascii(text: &str) -> Cow<'_, str> {
    escaped(text, |character| !character.is_ascii() || character.is_control())
}

fn escaped(text: &str, is_meant: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_meant) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' if is_meant(character) => escaped.push_str("\\n"),
            '\t' if is_meant(character) => escaped.push_str("\\t"),
            _ if is_meant(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_spelled_out() {
        assert_eq!(visible("a\u{200b}b\u{202e}\u{a0}\x1b[31m\n"), "a\\u200bb\\u202e\\u00a0\\u001b[31m\\n");
        assert_eq!(visible("cafe\u{301}"), "cafe\\u0301");
        assert!(matches!(visible("café Ω 語 \u{1f600}"), Cow::Borrowed(_)));
    }

    #[test]
    fn everything_else_than_ascii_can_be_spelled_out() {
        assert_eq!(ascii("café \u{1f600}"), "caf\\u00e9 \\ud83d\\ude00");
        assert!(matches!(ascii("plain"), Cow::Borrowed(_)));
    }
}

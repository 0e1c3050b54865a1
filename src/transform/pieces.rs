//! Cuts a template into text and placeholders.
//!
//! A placeholder is `<`, anything but angle brackets, `>`. Angle brackets cannot be escaped; a lone one is text.
//! Whether a placeholder stands in quotes is found by counting the quotes before it that no backslash escapes.

use std::ops::Range;

/// A piece of a template as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum WrittenPiece<'t> {
    /// Text that stays as it is.
    Text(&'t str),
    /// A placeholder.
    Placeholder {
        /// What stands between the angle brackets.
        name: &'t str,
        /// Its bytes in the template, brackets included.
        span: Range<usize>,
        /// Where it stands.
        position: Position,
    },
}

/// Where a placeholder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Position {
    /// By itself.
    Bare,
    /// Between quotes.
    Quoted,
}

/// The pieces of `template`, in order; no two texts in a row.
pub(super) fn pieces(template: &str) -> Vec<WrittenPiece<'_>> {
    let bytes = template.as_bytes();
    let mut pieces = Vec::new();
    let mut position = Position::Bare;
    let (mut text_start, mut at) = (0, 0);
    while at < bytes.len() {
        if let Some(end) = placeholder_end(bytes, at) {
            push_text(&template[text_start..at], &mut pieces);
            pieces.push(WrittenPiece::Placeholder {
                name: &template[at + 1..end - 1],
                span: at..end,
                position,
            });
            (text_start, at) = (end, end);
            continue;
        }
        match (bytes[at], position) {
            // Whatever is escaped belongs to the backslash, be it a quote or an angle bracket.
            (b'\\', Position::Quoted) => at += 1,
            (b'"', Position::Quoted) => position = Position::Bare,
            (b'"', Position::Bare) => position = Position::Quoted,
            _ => {}
        }
        at += 1;
    }
    push_text(&template[text_start..], &mut pieces);
    pieces
}

fn push_text<'t>(text: &'t str, pieces: &mut Vec<WrittenPiece<'t>>) {
    if !text.is_empty() {
        pieces.push(WrittenPiece::Text(text));
    }
}

/// Where the placeholder that begins at `at` ends, if one does.
fn placeholder_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes[at] != b'<' {
        return None;
    }
    let inside = &bytes[at + 1..];
    let len = memchr::memchr2(b'<', b'>', inside)?;
    (inside[len] == b'>').then_some(at + len + 2)
}

/// `template` with `null` for each placeholder, as AWS parses it when the target is saved.
pub(super) fn with_nulls(template: &str) -> String {
    let mut substituted = String::with_capacity(template.len());
    let mut copied = 0;
    for span in placeholders_anywhere(template) {
        substituted.push_str(&template[copied..span.start]);
        substituted.push_str("null");
        copied = span.end;
    }
    substituted.push_str(&template[copied..]);
    substituted
}

/// The bytes of all placeholders, also of those behind a backslash: AWS's messages show the substituted text, and
/// nothing is known of `\<`.
pub(super) fn placeholders_anywhere(template: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = template.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += memchr::memchr(b'<', bytes.get(at..)?)?;
            let start = at;
            match placeholder_end(bytes, start) {
                Some(end) => {
                    at = end;
                    return Some(start..end);
                }
                None => at += 1,
            }
        }
    })
}

/// The placeholders that stand in names of members.
pub(super) fn placeholders_in_names(template: &str) -> Vec<(&str, Range<usize>)> {
    let bytes = template.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut string_start) = (0, None);
    while at < bytes.len() {
        if let Some(end) = placeholder_end(bytes, at) {
            at = end;
            continue;
        }
        match (bytes[at], string_start) {
            (b'\\', Some(_)) => at += 1,
            (b'"', None) => string_start = Some(at),
            (b'"', Some(start)) => {
                string_start = None;
                if template[at + 1..].trim_start().starts_with(':') {
                    let spans = placeholders_anywhere(&template[start..at]);
                    let spans = spans.map(|span| span.start + start..span.end + start);
                    found.extend(spans.map(|span| (&template[span.start + 1..span.end - 1], span)));
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(template: &str) -> Vec<(&str, Position)> {
        let named = |piece| match piece {
            WrittenPiece::Placeholder { name, position, .. } => Some((name, position)),
            WrittenPiece::Text(_) => None,
        };
        pieces(template).into_iter().filter_map(named).collect()
    }

    #[test]
    fn placeholders_know_whether_they_stand_in_quotes() {
        use Position::*;
        assert_eq!(names(r#"{"a": <x>, "b": "<y> \"<z>\""}"#), [("x", Bare), ("y", Quoted), ("z", Quoted)]);
        assert_eq!(names(r#"{"a":"x\\","b":<x>}"#), [("x", Bare)]);
        assert_eq!(names("\"1 < 2\", <x>"), [("x", Bare)]);
        assert_eq!(names("2 > 1"), []);
        assert_eq!(names("<>< a >"), [("", Bare), (" a ", Bare)]);
        assert_eq!(names(r#""\<x>""#), []);
        assert_eq!(names("<"), []);
    }

    #[test]
    fn pieces_make_up_the_template() {
        for template in ["", "<a>", "x<a>y", "<a><b>", "\"é <a> < <b>\\", "\\"] {
            let text: String = pieces(template)
                .iter()
                .map(|piece| match piece {
                    WrittenPiece::Text(text) => (*text).to_owned(),
                    WrittenPiece::Placeholder { name, .. } => format!("<{name}>"),
                })
                .collect();
            assert_eq!(text, template);
        }
    }

    #[test]
    fn nulls_stand_for_all_placeholders() {
        assert_eq!(with_nulls("hello <a>< <b>\\<c>"), "hello null< null\\null");
    }

    #[test]
    fn only_names_of_members_count_as_names() {
        let in_names = |template| -> Vec<&str> {
            placeholders_in_names(template).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(in_names(r#"{"<a>":1}"#), ["a"]);
        assert_eq!(in_names(r#"{"x":{"k-<a>-<b>" : 1}}"#), ["a", "b"]);
        assert_eq!(in_names(r#"{"x":"<a>","y":1}"#), [""; 0]);
        assert_eq!(in_names(r#"{"x":["<a>", <b>, ":x"]}"#), [""; 0]);
        assert_eq!(in_names(r#"{"x":"<a>\": "}"#), [""; 0]);
        assert_eq!(in_names(r#"{"\<a>":"<b>"}"#), ["a"]);
    }
}

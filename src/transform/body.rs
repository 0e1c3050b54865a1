//! What EventBridge takes for a body: one JSON value, or strings one after the other.

use super::problem::TemplateFault;
use crate::json::cursor::Cursor;
use crate::json::{DEPTH_MAX, SyntaxError, tree};

/// Levels of nesting of a body: as many as the template can have around a placeholder and the event below a path, so
/// that no value that stays as it is makes a body too deep, whatever the template. Text that spells brackets can.
const BODY_DEPTH_MAX: usize = 2 * DEPTH_MAX;

/// Checks a rendered body.
///
/// # Errors
/// What is wrong, and at which byte.
pub(super) fn check_body(text: &[u8]) -> Result<(), (usize, TemplateFault)> {
    check_to(text, BODY_DEPTH_MAX)
}

/// Checks a template with `null` for its placeholders.
///
/// # Errors
/// What is wrong, and at which byte.
pub(super) fn check_template(text: &[u8]) -> Result<(), (usize, TemplateFault)> {
    check_to(text, DEPTH_MAX)
}

fn check_to(text: &[u8], depth_max: usize) -> Result<(), (usize, TemplateFault)> {
    let syntax =
        |offset: usize| move |error: SyntaxError| (offset + error.at, TemplateFault::Syntax(error.problem));
    let first = tree::check_to(text, depth_max).map_err(syntax(0))?;
    let mut end = first.end;
    let all_strings = text[first.start] == b'"';
    while let Some(next) = token_start(text, end) {
        if !all_strings || text[next] != b'"' {
            return Err((next, TemplateFault::SeveralValues));
        }
        // Only as far as the string goes: a check looks at all of the text that it is given.
        let string = Cursor::new(&text[next..]).value();
        end = next + tree::check(string).map_err(syntax(next))?.end;
    }
    Ok(())
}

/// Where the next token begins behind `from`, if anything but white space follows.
fn token_start(text: &[u8], from: usize) -> Option<usize> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    text[from..].iter().position(|byte| !is_space(byte)).map(|len| from + len)
}

/// Whether nothing but white space is there.
pub(super) fn is_blank(text: &[u8]) -> bool {
    token_start(text, 0).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_or_lines_of_strings() {
        for body in ["{}", " [1] \n", "17", "null", "\"a\"", "\"a\"\r\n\n\"b\" \"c\"", "\"a\"\"b\""] {
            assert_eq!(check_body(body.as_bytes()), Ok(()), "{body}");
        }
        for (body, at) in [
            ("", 0),
            ("hello", 0),
            ("1 2", 2),
            ("{}{}", 2),
            ("\"a\" 1", 4),
            ("1 \"a\"", 2),
            ("\"a\" \"b", 6),
            ("\"a\"\n\"b\tc\"", 6),
            ("{\"a\":}", 5),
        ] {
            assert_eq!(check_body(body.as_bytes()).expect_err(body).0, at, "{body}");
        }
    }
}

//! What differs between two texts, line by line.

use similar::{ChangeTag, TextDiff};

/// Lines around a difference that are shown with it.
const CONTEXT_LINES: usize = 3;

/// The most lines that are shown.
const LINES_MAX: usize = 60;

/// The lines that differ, those only in `expected` behind `-`, those only in `found` behind `+`, with some lines
/// around them.
pub(crate) fn difference(expected: &str, found: &str) -> Vec<String> {
    let diff = TextDiff::from_lines(expected, found);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(CONTEXT_LINES).iter().enumerate() {
        if index > 0 {
            lines.push("...".to_owned());
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let text = change.value().trim_end_matches(['\n', '\r']);
            lines.push(format!("{sign} {text}").trim_end().to_owned());
        }
    }
    if lines.is_empty() {
        lines.push("only line ends differ".to_owned());
    }
    if lines.len() > LINES_MAX {
        let more = lines.len() - LINES_MAX;
        lines.truncate(LINES_MAX);
        lines.push(format!("... and {more} more lines"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_are_shown_with_those_around_them() {
        let expected = "a\nb\nc\nd\ne\nf";
        assert_eq!(difference(expected, "a\nb\nc\nd\ne\ng"), ["  c", "  d", "  e", "- f", "+ g"]);
        assert_eq!(difference("a\n", "a\r\n").len(), 2);
        let many = (0..200).map(|line| format!("{line}\n")).collect::<String>();
        let lines = difference("", &many);
        assert_eq!((lines.len(), lines[60].as_str()), (61, "... and 140 more lines"));
    }
}

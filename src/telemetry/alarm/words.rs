//! The words of a rule.

use super::rule::AlarmProblem;

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word<'t> {
    /// Letters, digits, `_` and `.`, beginning with a letter.
    Name(&'t str),
    /// A number with what stands directly behind it: `1%`, `5/s`, `1h30m`.
    Number(&'t str),
    /// Between quotation marks, without them.
    Quoted(String),
    /// `>`, `>=`, `{` and the like.
    Symbol(&'t str),
}

/// Words one after the other, each with its place.
pub(super) struct Words<'t> {
    text: &'t str,
    /// In bytes.
    at: usize,
}

impl<'t> Words<'t> {
    pub(super) fn of(text: &'t str) -> Words<'t> {
        Words { text, at: 0 }
    }

    /// A problem at the word that comes next.
    pub(super) fn problem(&mut self, message: impl Into<String>) -> AlarmProblem {
        self.skip_blanks();
        problem_at(self.text, self.at, message)
    }

    /// The next word, which stays.
    pub(super) fn peek(&mut self) -> Result<Option<Word<'t>>, AlarmProblem> {
        let at = self.at;
        let word = self.next();
        self.at = at;
        word
    }

    /// Takes the next word if it is this symbol or name.
    pub(super) fn take(&mut self, wanted: &str) -> Result<bool, AlarmProblem> {
        let found = matches!(self.peek()?, Some(Word::Symbol(found) | Word::Name(found)) if found == wanted);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Takes the next word.
    pub(super) fn next(&mut self) -> Result<Option<Word<'t>>, AlarmProblem> {
        self.skip_blanks();
        let text = self.text;
        let rest = &text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(None) };
        if first == '"' {
            return self.quoted(rest).map(Some);
        }
        let length = match first {
            c if c.is_alphabetic() || c == '_' => {
                length_while(rest, |c| c.is_alphanumeric() || c == '_' || c == '.')
            }
            c if c.is_ascii_digit() => {
                length_while(rest, |c| c.is_alphanumeric() || matches!(c, '.' | '%' | '/'))
            }
            '>' | '<' if rest[1..].starts_with('=') => 2,
            c => c.len_utf8(),
        };
        self.at += length;
        let word = &rest[..length];
        Ok(Some(match first {
            c if c.is_alphabetic() || c == '_' => Word::Name(word),
            c if c.is_ascii_digit() => Word::Number(word),
            _ => Word::Symbol(word),
        }))
    }

    fn quoted(&mut self, rest: &str) -> Result<Word<'t>, AlarmProblem> {
        let mut text = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(Word::Quoted(text));
                }
                '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                c => text.push(c),
            }
        }
        Err(problem_at(self.text, self.at, "this quotation mark has no second one"))
    }

    fn skip_blanks(&mut self) {
        self.at += length_while(&self.text[self.at..], char::is_whitespace);
    }
}

fn length_while(text: &str, goes_on: impl Fn(char) -> bool) -> usize {
    text.find(|c| !goes_on(c)).unwrap_or(text.len())
}

fn problem_at(text: &str, at: usize, message: impl Into<String>) -> AlarmProblem {
    AlarmProblem { column: text[..at].chars().count() + 1, message: message.into() }
}

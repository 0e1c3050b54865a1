//! The syntax of variables: `${self:custom.name, 'default'}`.

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Literal(&'a str),
    /// What stands between the braces.
    Variable(&'a str),
}

/// The pieces of a text. `${AWS::Region}` and other names of `Fn::Sub` are no variables.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut literal_start = 0;
    let mut at = 0;
    while let Some(open) = text[at..].find("${").map(|found| at + found) {
        match closing_brace(&text[open + 2..]) {
            Some(len) if is_variable(&text[open + 2..open + 2 + len]) => {
                if literal_start < open {
                    pieces.push(Piece::Literal(&text[literal_start..open]));
                }
                pieces.push(Piece::Variable(&text[open + 2..open + 2 + len]));
                at = open + len + 3;
                literal_start = at;
            }
            Some(_) => at = open + 2,
            None => break,
        }
    }
    if literal_start < text.len() {
        pieces.push(Piece::Literal(&text[literal_start..]));
    }
    pieces
}

/// The alternatives of a variable: what stands between its commas.
pub(super) fn alternatives(variable: &str) -> Vec<&str> {
    let mut alternatives = Vec::new();
    let mut start = 0;
    let mut scanner = Scanner::default();
    for (at, byte) in variable.bytes().enumerate() {
        if byte == b',' && scanner.is_outside() {
            alternatives.push(variable[start..at].trim());
            start = at + 1;
        }
        scanner.step(byte);
    }
    alternatives.push(variable[start..].trim());
    alternatives
}

/// The text of a literal in quotes.
pub(super) fn quoted(alternative: &str) -> Option<&str> {
    ['\'', '"'].iter().find_map(|quote| alternative.strip_prefix(*quote)?.strip_suffix(*quote))
}

/// A name, perhaps with arguments in parentheses, and a colon, but not two; or a name with arguments alone.
fn is_variable(inside: &str) -> bool {
    let name_len =
        inside.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)).count();
    let rest = &inside[name_len..];
    name_len > 0
        && (rest.starts_with('(') || rest.strip_prefix(':').is_some_and(|address| !address.starts_with(':')))
}

/// Where the brace closes that stands open before `text`.
fn closing_brace(text: &str) -> Option<usize> {
    let mut scanner = Scanner::default();
    for (at, byte) in text.bytes().enumerate() {
        if byte == b'}' && scanner.is_outside() {
            return Some(at);
        }
        scanner.step(byte);
    }
    None
}

/// Knows whether a byte stands inside quotes, braces or parentheses.
#[derive(Default)]
struct Scanner {
    quote: Option<u8>,
    depth: usize,
}

impl Scanner {
    fn is_outside(&self) -> bool {
        self.quote.is_none() && self.depth == 0
    }

    fn step(&mut self, byte: u8) {
        match (self.quote, byte) {
            (Some(quote), _) if quote == byte => self.quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => self.quote = Some(byte),
            (None, b'{' | b'(') => self.depth += 1,
            (None, b'}' | b')') => self.depth = self.depth.saturating_sub(1),
            (None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{Literal, Variable};
    use super::*;

    #[test]
    fn variables_and_names_of_sub_are_told_apart() {
        assert_eq!(
            pieces("a-${self:custom.${opt:stage}.x}-${AWS::Region}-${Queue.Arn}"),
            [Literal("a-"), Variable("self:custom.${opt:stage}.x"), Literal("-${AWS::Region}-${Queue.Arn}")]
        );
        assert_eq!(pieces("${file(./x.yml):a.b}"), [Variable("file(./x.yml):a.b")]);
        assert_eq!(pieces("${opt:x, '}'}!"), [Variable("opt:x, '}'"), Literal("!")]);
        assert_eq!(pieces("${self:x"), [Literal("${self:x")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn alternatives_end_at_commas_outside() {
        assert_eq!(
            alternatives("opt:stage, self:a.${env:X, 'y'}, 'a,b'"),
            ["opt:stage", "self:a.${env:X, 'y'}", "'a,b'"]
        );
        assert_eq!(quoted("'a,b'"), Some("a,b"));
        assert_eq!(quoted("a"), None);
        assert_eq!(quoted("'"), None);
    }
}

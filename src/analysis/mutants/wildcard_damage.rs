//! What can be wrong with a wildcard.

use super::MutantKind as Kind;

/// A `*`, or one literal character with its escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'s> {
    Star,
    Literal(&'s str),
}

/// The damaged forms of a wildcard's text; some may be no wildcards.
pub(super) fn forms(source: &str) -> Vec<(Kind, String)> {
    let tokens = tokens(source);
    let stars = (0..tokens.len()).filter(|at| tokens[*at] == Token::Star);
    let mut forms = Vec::new();
    for star in stars {
        forms.push((Kind::StarDropped, without(&tokens, star)));
        let neighbour = if star + 1 < tokens.len() { Some(star + 1) } else { star.checked_sub(1) };
        if let Some(neighbour) = neighbour {
            let mut moved = tokens.clone();
            moved.swap(star, neighbour);
            forms.push((Kind::StarMoved, written(&moved)));
        }
        let beside = [star.checked_sub(1), Some(star + 1).filter(|at| *at < tokens.len())];
        for literal in beside.into_iter().flatten().filter(|at| tokens[*at] != Token::Star) {
            forms.push((Kind::WildcardShortened, without(&tokens, literal)));
        }
    }
    forms
}

fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let escaped = rest.chars().nth(1).filter(|_| first == '\\').map_or(0, char::len_utf8);
        let (token, after) = rest.split_at(first.len_utf8() + escaped);
        tokens.push(if token == "*" { Token::Star } else { Token::Literal(token) });
        rest = after;
    }
    tokens
}

fn without(tokens: &[Token<'_>], at: usize) -> String {
    let mut kept = tokens.to_vec();
    kept.remove(at);
    written(&kept)
}

fn written(tokens: &[Token<'_>]) -> String {
    let texts = tokens.iter().map(|token| match token {
        Token::Star => "*",
        Token::Literal(text) => text,
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stay_whole() {
        let texts: Vec<String> = forms(r"a\**b").into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, [r"a\*b", r"a\*b*", r"a*b", r"a\**"]);
    }
}

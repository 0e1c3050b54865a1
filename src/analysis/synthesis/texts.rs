//! Strings next to a string.

use crate::json::Text;
use crate::pattern::Wildcard;

/// Longer texts are tried as they are, without their neighbours.
const VARIED_BYTES_MAX: usize = 4_096;

/// What takes the place of a `*` in strings that we make. Two, so that one of them is no part of the pattern.
const FILLERS: [&str; 2] = ["x", "-"];

/// `text` itself, what it may be confused with, and what is one character away from it.
pub(super) fn about(text: &Text) -> Vec<Text> {
    let mut near = vec![text.clone()];
    // Operators on text see `?` for lone surrogates.
    let marked = text.with_question_marks();
    if marked.len() > VARIED_BYTES_MAX {
        return near;
    }
    near.push(Text::from(&*marked));
    let mut add = |text: &str| near.push(Text::from(text));
    for filler in FILLERS {
        add(&format!("{marked}{filler}"));
        add(&format!("{filler}{marked}"));
    }
    folded(&marked).iter().for_each(|folded| add(folded));
    for shorter in [without_first(&marked), without_last(&marked)].into_iter().flatten() {
        add(shorter);
        add(&format!("{shorter}{}", FILLERS[0]));
        add(&format!("{}{shorter}", FILLERS[0]));
    }
    add(&format!("{marked} "));
    near
}

/// The text with its case changed, and as ignoring case reads it: characters outside the BMP are `??` there.
fn folded(text: &str) -> Vec<String> {
    let lower = |c: char| c.to_lowercase().collect::<String>();
    let upper = |c: char| c.to_uppercase().collect::<String>();
    let astral = |c: char, other: String| if c.len_utf16() == 2 { "??".to_owned() } else { other };
    let mut forms: Vec<String> = vec![
        text.chars().map(|c| astral(c, lower(c))).collect(),
        text.chars().map(|c| astral(c, upper(c))).collect(),
        text.chars().map(|c| astral(c, c.to_string())).collect(),
    ];
    forms.extend(flipped(text));
    for form in forms.clone().iter().take(3) {
        forms.push(format!("{form}{}", FILLERS[0]));
        forms.push(format!("{}{form}", FILLERS[0]));
    }
    forms
}

/// The text with the case of its first letter that has one changed.
pub(in crate::analysis) fn flipped(text: &str) -> Option<String> {
    let (at, letter) = text.char_indices().find(|(_, c)| c.is_ascii_alphabetic())?;
    let other =
        if letter.is_ascii_uppercase() { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() };
    Some(format!("{}{other}{}", &text[..at], &text[at + letter.len_utf8()..]))
}

/// The text without its first character, if it has one.
pub(in crate::analysis) fn without_first(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    chars.next().map(|_| chars.as_str())
}

/// The text without its last character, if it has one.
pub(in crate::analysis) fn without_last(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    chars.next_back().map(|_| chars.as_str())
}

/// Strings that `wildcard` stands for, and some that it nearly does.
pub(super) fn about_wildcard(wildcard: &Wildcard) -> Vec<Text> {
    let pieces: Vec<&str> =
        wildcard.pieces().iter().map(|piece| std::str::from_utf8(piece).unwrap_or_default()).collect();
    let mut near: Vec<String> = [FILLERS[0], FILLERS[1], ""].map(|filler| pieces.join(filler)).to_vec();
    let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
    let joined = near[0].clone();
    near.extend(without_first(&joined).map(str::to_owned));
    near.extend(without_last(&joined).map(str::to_owned));
    near.extend([format!("{}{joined}", FILLERS[1]), format!("{joined}{}", FILLERS[1])]);
    near.extend(flipped(&joined));
    near.extend([first.to_owned(), last.to_owned()]);
    // One star at a time with something in it, the others empty, and the other way round.
    for star in 0..pieces.len().saturating_sub(1) {
        for (here, elsewhere) in [(FILLERS[0], ""), ("", FILLERS[0]), (FILLERS[1], "")] {
            near.push(filled(&pieces, |at| if at == star { here } else { elsewhere }));
        }
    }
    // The same, each piece short of a character.
    for short in 0..pieces.len() {
        for piece in [without_first(pieces[short]), without_last(pieces[short])].into_iter().flatten() {
            let mut shortened = pieces.clone();
            shortened[short] = piece;
            near.push(shortened.join(FILLERS[1]));
            near.push(shortened.concat());
        }
    }
    near.iter().map(|text| Text::from(&**text)).collect()
}

fn filled<'f>(pieces: &[&str], filler: impl Fn(usize) -> &'f str) -> String {
    let mut text = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        text.push_str(piece);
        if at + 1 < pieces.len() {
            text.push_str(filler(at));
        }
    }
    text
}

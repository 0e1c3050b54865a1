//! Case-insensitive text the way the engine does it: the *pattern* is folded, character by character.
//!
//! Each character of the pattern stands for its lower and its upper form, with full mappings in the root
//! locale, so ß stands for ß and SS, but s does not stand for the long ſ. The event's text is not touched.
//! A character outside the BMP is two UTF-16 units to the engine, and each unit stands for `?`: it matches
//! `??` and not itself. That is recorded from AWS.

use crate::json::{HeapBytes, Text};

/// Text that stands for all its case variants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FoldedText {
    source: Text,
    units: Box<[FoldUnit]>,
}

/// The spellings that one UTF-16 unit of the pattern stands for.
///
/// No spelling of a unit is the beginning or the end of another one of the same unit (a test goes through
/// all of Unicode), so walking along a value never has a choice to make.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum FoldUnit {
    /// No case.
    One(Box<[u8]>),
    /// Lower and upper.
    Two(Box<[u8]>, Box<[u8]>),
}

impl HeapBytes for FoldedText {
    fn heap_bytes(&self) -> usize {
        self.source.heap_bytes() + self.units.heap_bytes()
    }
}

impl HeapBytes for FoldUnit {
    fn heap_bytes(&self) -> usize {
        match self {
            FoldUnit::One(only) => only.heap_bytes(),
            FoldUnit::Two(lower, upper) => lower.heap_bytes() + upper.heap_bytes(),
        }
    }
}

impl FoldedText {
    /// Folds `source`; its lone surrogates count as `?`.
    pub fn new(source: Text) -> FoldedText {
        let units = source.with_question_marks().chars().flat_map(units_of).collect();
        FoldedText { source, units }
    }

    /// The text as it was written.
    pub fn source(&self) -> &Text {
        &self.source
    }

    /// Of each UTF-16 unit of the text, its lower and its upper spelling; the same where it has no case.
    pub fn spellings(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = |bytes| std::str::from_utf8(bytes).unwrap_or_default();
        self.units.iter().map(move |unit| match unit {
            FoldUnit::One(only) => (text(only), text(only)),
            FoldUnit::Two(lower, upper) => (text(lower), text(upper)),
        })
    }

    /// Whether the text stands for `value`.
    pub fn equals(&self, value: &[u8]) -> bool {
        self.strip_from_start(value).is_some_and(<[u8]>::is_empty)
    }

    /// Whether `value` followed by one `"` begins with a variant of the text: the engine lets the closing
    /// quote leak.
    pub fn begins(&self, value: &[u8]) -> bool {
        let mut rest = value;
        for (index, unit) in self.units.iter().enumerate() {
            match unit.strip_prefix(rest) {
                Some(shorter) => rest = shorter,
                None => return rest.is_empty() && unit.is_quote() && index + 1 == self.units.len(),
            }
        }
        true
    }

    /// Whether `value` behind one `"` ends with a variant of the text: the opening quote leaks too.
    pub fn ends(&self, value: &[u8]) -> bool {
        let mut rest = value;
        for (index, unit) in self.units.iter().enumerate().rev() {
            match unit.strip_suffix(rest) {
                Some(shorter) => rest = shorter,
                None => return rest.is_empty() && unit.is_quote() && index == 0,
            }
        }
        true
    }

    fn strip_from_start<'v>(&self, value: &'v [u8]) -> Option<&'v [u8]> {
        self.units.iter().try_fold(value, |rest, unit| unit.strip_prefix(rest))
    }
}

impl FoldUnit {
    fn is_quote(&self) -> bool {
        matches!(self, FoldUnit::One(only) if **only == *b"\"")
    }

    fn strip_prefix<'v>(&self, value: &'v [u8]) -> Option<&'v [u8]> {
        match self {
            FoldUnit::One(only) => value.strip_prefix(&**only),
            FoldUnit::Two(lower, upper) => {
                value.strip_prefix(&**lower).or_else(|| value.strip_prefix(&**upper))
            }
        }
    }

    fn strip_suffix<'v>(&self, value: &'v [u8]) -> Option<&'v [u8]> {
        match self {
            FoldUnit::One(only) => value.strip_suffix(&**only),
            FoldUnit::Two(lower, upper) => {
                value.strip_suffix(&**lower).or_else(|| value.strip_suffix(&**upper))
            }
        }
    }
}

fn units_of(character: char) -> Vec<FoldUnit> {
    if character.len_utf16() == 2 {
        return vec![FoldUnit::One((*b"?").into()), FoldUnit::One((*b"?").into())];
    }
    let lower: String = character.to_lowercase().collect();
    let upper: String = character.to_uppercase().collect();
    let unit = if lower == upper {
        FoldUnit::One(lower.into_bytes().into())
    } else {
        FoldUnit::Two(lower.into_bytes().into(), upper.into_bytes().into())
    };
    vec![unit]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equals(pattern: &str, value: &str) -> bool {
        FoldedText::new(pattern.into()).equals(value.as_bytes())
    }

    #[test]
    fn no_spelling_of_a_unit_begins_or_ends_the_other() {
        for character in ('\0'..='\u{ffff}').filter(|c| c.len_utf16() == 1) {
            for unit in units_of(character) {
                if let FoldUnit::Two(lower, upper) = unit {
                    let (short, long) =
                        if lower.len() < upper.len() { (lower, upper) } else { (upper, lower) };
                    assert!(!long.starts_with(&short) && !long.ends_with(&short), "{character:?}");
                }
            }
        }
    }

    #[test]
    fn the_pattern_is_folded_and_the_value_is_not() {
        assert!(equals("ß", "SS") && equals("ß", "ß") && !equals("ß", "ss"));
        assert!(equals("ẞ", "ß"));
        assert!(equals("İ", "i\u{307}") && !equals("İ", "i"));
        assert!(equals("ς", "Σ") && equals("ς", "ς"));
        assert!(equals("ﬀ", "FF"));
        assert!(!equals("K", "\u{212a}") && equals("\u{212a}", "k"));
        assert!(equals("µ", "Μ"));
        assert!(equals("\u{1F600}", "??") && !equals("\u{1F600}", "\u{1F600}"));
    }

    #[test]
    fn ends_are_found_from_the_end() {
        let text = FoldedText::new("ßa".into());
        assert!(text.ends("xSSA".as_bytes()) && text.begins("ßAx".as_bytes()));
        assert!(!text.ends("xssa".as_bytes()));
    }

    #[test]
    fn the_quotes_around_a_value_leak() {
        assert!(
            FoldedText::new("aB\"".into()).begins(b"Ab") && !FoldedText::new("a\"\"".into()).begins(b"a")
        );
        assert!(FoldedText::new("\"aB".into()).ends(b"Ab") && !FoldedText::new("\"\"a".into()).ends(b"a"));
        assert!(FoldedText::new("\"".into()).begins(b"") && !FoldedText::new("b".into()).begins(b""));
    }
}

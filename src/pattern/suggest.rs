//! Guesses at what somebody meant to write.

/// The operators that a test can name.
pub(super) const OPERATORS: [&str; 9] = [
    "anything-but",
    "cidr",
    "equals-ignore-case",
    "exactly",
    "exists",
    "numeric",
    "prefix",
    "suffix",
    "wildcard",
];

/// The known name nearest to `name`, if any is near enough to be meant.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let folded = name.to_lowercase().replace(['_', ' '], "-");
    let near_enough = (folded.chars().count() / 3).max(1);
    known
        .iter()
        .map(|candidate| (edit_distance(&folded, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= near_enough && *distance < candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        assert_eq!(nearest("prefx", &OPERATORS), Some("prefix"));
        assert_eq!(nearest("Prefix", &OPERATORS), Some("prefix"));
        assert_eq!(nearest("anything_but", &OPERATORS), Some("anything-but"));
        assert_eq!(nearest("exist", &OPERATORS), Some("exists"));
        assert_eq!(nearest("regex", &OPERATORS), None);
        assert_eq!(nearest("", &OPERATORS), None);
    }
}

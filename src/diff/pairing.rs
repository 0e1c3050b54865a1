//! Which rule of one set is which of the other, and the same for targets.

use std::collections::HashMap;
use std::hash::Hash;

use crate::findings::CompiledRule;
use crate::rules::Target;

/// Two places that belong together, or one that has no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paired {
    pub(super) old: Option<usize>,
    pub(super) new: Option<usize>,
}

/// Pairs rules by bus and name, then by bus and pattern. In the order of the new rules, then those that are gone.
pub(super) fn rules(old: &[CompiledRule], new: &[CompiledRule]) -> Vec<Paired> {
    let by_name = |rule: &CompiledRule| (rule.rule.bus.clone(), rule.rule.name.to_string());
    let by_pattern = |rule: &CompiledRule| (rule.rule.bus.clone(), rule.pattern.to_string());
    let mut pairing = Pairing::new(old.len(), new.len());
    pairing.join(old.iter().map(by_name), new.iter().map(by_name));
    pairing.join(old.iter().map(by_pattern), new.iter().map(by_pattern));
    pairing.pairs()
}

/// Pairs targets by resource and id, then by resource. The same id with another resource is another target: events go
/// elsewhere.
pub(super) fn targets(old: &[Target], new: &[Target]) -> Vec<Paired> {
    let both = |target: &Target| (target.arn.written().to_owned(), target.id.written().to_owned());
    let by_resource = |target: &Target| target.arn.written().to_owned();
    let mut pairing = Pairing::new(old.len(), new.len());
    pairing.join(old.iter().map(both), new.iter().map(both));
    pairing.join(old.iter().map(by_resource), new.iter().map(by_resource));
    pairing.pairs()
}

/// What has found its other half by now.
struct Pairing {
    /// Of each new one, the old one.
    old_of: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl Pairing {
    fn new(old: usize, new: usize) -> Pairing {
        Pairing { old_of: vec![None; new], taken: vec![false; old] }
    }

    /// Pairs those with equal keys that have no other half yet, in order.
    fn join<K: Eq + Hash>(&mut self, old: impl Iterator<Item = K>, new: impl Iterator<Item = K>) {
        let mut free: HashMap<K, Vec<usize>> = HashMap::new();
        for (at, key) in
            old.enumerate().filter(|(at, _)| !self.taken[*at]).collect::<Vec<_>>().into_iter().rev()
        {
            free.entry(key).or_default().push(at);
        }
        for (at, key) in new.enumerate() {
            if self.old_of[at].is_none()
                && let Some(old) = free.get_mut(&key).and_then(Vec::pop)
            {
                self.old_of[at] = Some(old);
                self.taken[old] = true;
            }
        }
    }

    fn pairs(self) -> Vec<Paired> {
        let kept = self.old_of.iter().enumerate().map(|(new, old)| Paired { old: *old, new: Some(new) });
        let gone = self.taken.iter().enumerate().filter(|(_, taken)| !**taken);
        kept.chain(gone.map(|(old, _)| Paired { old: Some(old), new: None })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paired(rounds: &[(&[&str], &[&str])]) -> Vec<(Option<usize>, Option<usize>)> {
        let mut pairing = Pairing::new(rounds[0].0.len(), rounds[0].1.len());
        for (old, new) in rounds {
            pairing.join(old.iter(), new.iter());
        }
        pairing.pairs().into_iter().map(|pair| (pair.old, pair.new)).collect()
    }

    #[test]
    fn the_first_key_wins_and_what_is_left_over_is_new_or_gone() {
        let by_name = (&["a", "b", "c"][..], &["c", "x", "y"][..]);
        let by_pattern = (&["p", "q", "r"][..], &["p", "q", "z"][..]);
        assert_eq!(
            paired(&[by_name, by_pattern]),
            [(Some(2), Some(0)), (Some(1), Some(1)), (None, Some(2)), (Some(0), None)]
        );
    }

    #[test]
    fn twins_are_paired_in_order() {
        assert_eq!(
            paired(&[(&["a", "a", "a"], &["a", "a"])]),
            [(Some(0), Some(0)), (Some(1), Some(1)), (Some(2), None)]
        );
    }
}

//! A fair sample of a stream whose length nobody knows.

/// At most so many of what is offered, each with the same chance.
#[derive(Debug, Clone)]
pub(super) struct Reservoir<T> {
    kept: Vec<T>,
    capacity: usize,
    offered: u64,
}

impl<T> Reservoir<T> {
    pub(super) fn new(capacity: usize) -> Reservoir<T> {
        Reservoir { kept: Vec::new(), capacity, offered: 0 }
    }

    /// Offers something that is only made if it is kept.
    pub(super) fn offer(&mut self, random: &mut fastrand::Rng, make: impl FnOnce() -> T) {
        self.offered += 1;
        if self.kept.len() < self.capacity {
            self.kept.push(make());
            return;
        }
        let place = random.u64(..self.offered);
        if let Some(kept) = usize::try_from(place).ok().and_then(|place| self.kept.get_mut(place)) {
            *kept = make();
        }
    }

    pub(super) fn kept(&self) -> &[T] {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_a_stream_has_the_same_chance() {
        let mut counts = [0_u32; 50];
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..10_000 {
            let mut reservoir = Reservoir::new(5);
            (0..50).for_each(|number| reservoir.offer(&mut random, || number));
            assert_eq!(reservoir.kept().len(), 5);
            reservoir.kept().iter().for_each(|number| counts[*number] += 1);
        }
        // 1,000 each; four standard deviations are 120.
        assert!(counts.iter().all(|count| (880..1_120).contains(count)), "{counts:?}");
    }
}

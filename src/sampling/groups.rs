//! Groups of events: their shares, budgets and counts.

use std::collections::{BTreeMap, HashMap};

use super::ceiling::Budget;
use super::plan::Grouping;
use super::ratio::Ratio;

/// Groups that are counted one by one; all further ones are counted as `other`. Groups with a share of their own come on
/// top.
pub const GROUPS_MAX: usize = 100;

/// What became of the events of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GroupCounts {
    /// Events seen.
    pub seen: u64,
    /// Events kept.
    pub kept: u64,
    /// What the kept ones stand for.
    pub scaled: f64,
    /// The weights of events that the ceiling dropped unseen and that no kept event has taken up yet.
    pub carried: f64,
}

/// One group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) ratio: Ratio,
    pub(super) budget: Option<Budget>,
    pub(super) counts: GroupCounts,
}

/// All groups; the first is that of all others.
#[derive(Debug)]
pub(super) struct Groups {
    general: Ratio,
    groups: Vec<Group>,
    places: HashMap<Box<[u8]>, usize, foldhash::fast::FixedState>,
    places_max: usize,
}

impl Groups {
    pub(super) fn new(general: Ratio, grouping: Option<&Grouping>) -> Groups {
        let mut groups = Groups {
            general,
            groups: Vec::new(),
            places: HashMap::default(),
            places_max: GROUPS_MAX + grouping.map_or(0, |grouping| grouping.shares.len()),
        };
        groups.add(general);
        for (name, ratio) in grouping.iter().flat_map(|grouping| &grouping.shares) {
            let place = groups.add(*ratio);
            groups.places.insert(name.as_bytes().into(), place);
        }
        groups
    }

    fn add(&mut self, ratio: Ratio) -> usize {
        self.groups.push(Group { ratio, budget: None, counts: GroupCounts::default() });
        self.groups.len() - 1
    }

    /// The group called `name`, made if there is room for one more.
    pub(super) fn get(&mut self, name: Option<&[u8]>) -> &mut Group {
        let place = match name {
            None => 0,
            Some(name) => match self.places.get(name) {
                Some(place) => *place,
                None if self.places.len() < self.places_max => {
                    let place = self.add(self.general);
                    self.places.insert(name.into(), place);
                    place
                }
                None => 0,
            },
        };
        &mut self.groups[place]
    }

    /// How many groups have had events.
    pub(super) fn live(&self) -> usize {
        self.groups.iter().filter(|group| group.budget.is_some()).count().max(1)
    }

    /// The counts of all groups that had events; of those without a name of their own as `other`.
    pub(super) fn counts(&self) -> BTreeMap<String, GroupCounts> {
        let mut counts: BTreeMap<String, GroupCounts> = self
            .places
            .iter()
            .map(|(name, place)| (String::from_utf8_lossy(name).into_owned(), self.groups[*place].counts))
            .filter(|(_, counts)| counts.seen > 0)
            .collect();
        let others = self.groups[0].counts;
        if others.seen > 0 {
            counts.entry("other".to_owned()).or_default().add(&others);
        }
        counts
    }
}

impl GroupCounts {
    /// Adds the counts of another part of the stream.
    pub fn add(&mut self, other: &GroupCounts) {
        self.seen += other.seen;
        self.kept += other.kept;
        self.scaled += other.scaled;
        self.carried += other.carried;
    }
}

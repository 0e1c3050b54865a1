//! Reconciles array elements: fields below one array must be satisfied by the same element, at every level.
//!
//! The elements of an event form a tree. Leaves chosen for the conditions of one alternative fit together
//! if, wherever two of them lie below the same array, they lie in the same element of it. Trying the leaves
//! of one field against those of the next is exponential in nested arrays and quadratic already in flat
//! ones. Here each element is visited once, innermost first, and gathers *which sets of conditions* can be
//! satisfied together inside it:
//!
//! - inside an element, its own leaves and one choice from each of its arrays add up;
//! - for an array, the choices are those of any one of its elements.
//!
//! A set that another one contains is dropped, and so is a set that leaves open what nothing outside its array
//! could satisfy. So with any fields below one array, or below arrays in arrays, at most a few sets remain per
//! place and the time is linear in the event.
//!
//! `exists: false` makes it harder: it holds if every leaf of its field is *inconsistent* with what was
//! chosen for the fields checked before it. So each choice also carries which absences it keeps quiet: an
//! array's other elements are silenced by choosing an earlier field's leaf in one element. A field that
//! could be chosen in several arrays (duplicate keys, arrays in arrays) can silence only in the one where it
//! is chosen, and then all ways to choose are followed. That can be exponential; [`CHOICES_MAX`] and
//! [`COMPARISONS_MAX`] bound it.

use super::leaves::{ArrayId, ElementId, Leaves};
use super::mask::Mask;

/// Choices kept for one array or element. More are an error rather than a stalled run.
pub(super) const CHOICES_MAX: usize = 1_000;

/// Comparisons of choices for one alternative of a rule and one event, a fraction of a second. What people write needs
/// a few per element.
const COMPARISONS_MAX: usize = 100_000_000;

/// What satisfies a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// A leaf that is accepted.
    Leaf,
    /// Such a leaf, or that no leaf of the field contradicts its absence.
    LeafOrAbsence,
}

/// The arrays of the event offer too many choices.
#[derive(Debug)]
pub(super) struct TooManyChoices;

const NONE: u32 = u32::MAX;

/// A way to satisfy some conditions inside one place.
#[derive(Debug, Clone, Copy)]
struct Choice<const W: usize> {
    /// The conditions that are satisfied by leaves chosen here.
    chosen: Mask<W>,
    /// The absences that no leaf in here contradicts.
    quiet: Mask<W>,
    /// The fields asked to be absent that have leaves in the element that was chosen.
    present: Mask<W>,
}

#[derive(Debug, Clone, Copy)]
struct Element<const W: usize> {
    /// Conditions that a leaf directly in this element satisfies.
    chosen: Mask<W>,
    /// Absence conditions whose field has a leaf directly in this element.
    present: Mask<W>,
    /// Conditions that some leaf in at least one, and in at least two, of the arrays in this element satisfies.
    available_once: Mask<W>,
    available_twice: Mask<W>,
    /// The first of the arrays in this element that hold anything.
    first_array: u32,
}

#[derive(Debug, Clone, Copy)]
struct Array<const W: usize> {
    /// Absence conditions whose field has leaves in at least one element, and in at least two.
    present_once: Mask<W>,
    present_twice: Mask<W>,
    /// Conditions that some leaf below satisfies.
    available: Mask<W>,
    /// Conditions that can be satisfied outside this array together with a choice inside it.
    outside: Mask<W>,
    /// First of the choices, a chain in the arena.
    choices: u32,
    choices_len: u32,
    /// The next array in the same element.
    next: u32,
    linked: bool,
}

/// Reconciles one alternative after another, reusing its memory.
#[derive(Debug)]
pub(super) struct Reconciler<const W: usize> {
    elements: Vec<Element<W>>,
    arrays: Vec<Array<W>>,
    arena: Vec<(Choice<W>, u32)>,
    choices: Vec<Choice<W>>,
    combined: Vec<Choice<W>>,
    all: Mask<W>,
    absences: Mask<W>,
    comparisons_left: usize,
    /// Conditions that could be chosen in several places of one element; told apart only where
    /// absences are at stake.
    ambiguous: Mask<W>,
}

impl<const W: usize> Default for Reconciler<W> {
    fn default() -> Self {
        Reconciler {
            elements: Vec::new(),
            arrays: Vec::new(),
            arena: Vec::new(),
            choices: Vec::new(),
            combined: Vec::new(),
            all: Mask::default(),
            absences: Mask::default(),
            ambiguous: Mask::default(),
            comparisons_left: 0,
        }
    }
}

impl<const W: usize> Reconciler<W> {
    /// Starts over for the event in `leaves`.
    pub(super) fn start(&mut self, leaves: &Leaves) {
        let nothing = Mask::default();
        let element = Element {
            chosen: nothing,
            present: nothing,
            available_once: nothing,
            available_twice: nothing,
            first_array: NONE,
        };
        let array = Array {
            present_once: nothing,
            present_twice: nothing,
            available: nothing,
            outside: nothing,
            choices: NONE,
            choices_len: 0,
            next: NONE,
            linked: false,
        };
        self.elements.clear();
        self.elements.resize(leaves.arrays_of_elements.len(), element);
        self.arrays.clear();
        self.arrays.resize(leaves.elements_around.len(), array);
        self.arena.clear();
        self.comparisons_left = COMPARISONS_MAX;
        (self.all, self.absences, self.ambiguous) = (nothing, nothing, nothing);
    }

    /// Adds condition `bit` to what must hold. Bits are given in the order in which conditions are checked.
    pub(super) fn demand(&mut self, bit: usize, demand: Demand) {
        self.all.insert(bit);
        if demand == Demand::LeafOrAbsence {
            self.absences.insert(bit);
        }
    }

    /// A leaf in `element` satisfies condition `bit`.
    pub(super) fn satisfied(&mut self, bit: usize, element: ElementId) {
        self.elements[element.0 as usize].chosen.insert(bit);
    }

    /// The field of absence condition `bit` has a leaf in `element`.
    pub(super) fn present(&mut self, bit: usize, element: ElementId) {
        self.elements[element.0 as usize].present.insert(bit);
    }

    /// Whether all demands can be met together.
    pub(super) fn holds(&mut self, leaves: &Leaves) -> Result<bool, TooManyChoices> {
        self.find_available(leaves);
        self.find_outside(leaves);
        for element in (1..self.elements.len() as u32).rev().map(ElementId) {
            if self.is_idle(element) {
                continue;
            }
            self.gather(element)?;
            if self.absences.is_empty() && self.choices.iter().any(|choice| choice.chosen == self.all) {
                return Ok(true);
            }
            self.hand_up(element, leaves)?;
        }
        self.gather(ElementId::ROOT)?;
        Ok(self.choices.iter().any(|choice| self.all.is_within(&choice.chosen.or(&choice.quiet))))
    }

    fn is_idle(&self, element: ElementId) -> bool {
        let element = &self.elements[element.0 as usize];
        element.first_array == NONE && element.chosen.is_empty() && element.present.is_empty()
    }

    /// Finds what can be satisfied below each array, and the conditions that some element could choose in
    /// several of its places.
    fn find_available(&mut self, leaves: &Leaves) {
        for element in (0..self.elements.len()).rev() {
            let Element { chosen, available_once, available_twice, .. } = self.elements[element];
            self.ambiguous = self.ambiguous.or(&available_twice).or(&chosen.and(&available_once));
            let available = chosen.or(&available_once);
            if element == 0 || available.is_empty() {
                continue;
            }
            let ArrayId(id) = leaves.arrays_of_elements[element];
            let array = &mut self.arrays[id as usize];
            // Only what is new to the array is new to the element around it.
            let new = available.without(&array.available);
            array.available = array.available.or(&new);
            let around = &mut self.elements[leaves.elements_around[id as usize].0 as usize];
            around.available_twice = around.available_twice.or(&around.available_once.and(&new));
            around.available_once = around.available_once.or(&new);
        }
        // Without absences nothing is silenced, and what no absence is checked after silences nothing: then
        // it does not matter in how many places a condition is chosen.
        self.ambiguous = self.ambiguous.and(&self.absences.below_last());
    }

    /// Finds what can be satisfied together with a choice inside each array, but outside of it: around the
    /// array, and around the arrays that it lies in. Arrays are numbered in the order in which they begin, so
    /// what is around one comes before it.
    fn find_outside(&mut self, leaves: &Leaves) {
        for id in 0..self.arrays.len() {
            let around = leaves.elements_around[id];
            let element = self.elements[around.0 as usize];
            let siblings =
                element.available_twice.or(&element.available_once.without(&self.arrays[id].available));
            let further = match around {
                ElementId::ROOT => Mask::default(),
                _ => self.arrays[leaves.arrays_of_elements[around.0 as usize].0 as usize].outside,
            };
            self.arrays[id].outside = element.chosen.or(&siblings).or(&further);
        }
    }

    /// The array that `element` belongs to, linked to the element around it.
    fn linked_array(&mut self, element: ElementId, leaves: &Leaves) -> &mut Array<W> {
        let ArrayId(id) = leaves.arrays_of_elements[element.0 as usize];
        let around = leaves.elements_around[id as usize];
        let array = &mut self.arrays[id as usize];
        if !array.linked {
            let first = &mut self.elements[around.0 as usize].first_array;
            (array.linked, array.next) = (true, *first);
            *first = id;
        }
        array
    }

    /// Leaves in `choices` the ways to satisfy conditions inside `element`.
    fn gather(&mut self, element: ElementId) -> Result<(), TooManyChoices> {
        let Element { chosen, present, first_array, .. } = self.elements[element.0 as usize];
        let quiet = self.absences.without(&present);
        self.choices.clear();
        self.choices.push(Choice { chosen, quiet, present });
        self.drop_ambiguous_each_way(chosen.and(&self.ambiguous))?;
        let mut array = first_array;
        while let Some(found) = self.arrays.get(array as usize).copied() {
            self.combine(&found)?;
            array = found.next;
        }
        Ok(())
    }

    /// Adds, for each ambiguous condition, choices that leave it to another place.
    fn drop_ambiguous_each_way(&mut self, mut ambiguous: Mask<W>) -> Result<(), TooManyChoices> {
        while let Some(bit) = ambiguous.first() {
            let mut only = Mask::default();
            only.insert(bit);
            ambiguous = ambiguous.without(&only);
            for index in 0..self.choices.len() {
                let choice = self.choices[index];
                self.choices.push(Choice { chosen: choice.chosen.without(&only), ..choice });
            }
            if self.choices.len() > CHOICES_MAX {
                return Err(TooManyChoices);
            }
        }
        Ok(())
    }

    /// Combines `choices` with those of one array: none of its elements, or one of them.
    fn combine(&mut self, array: &Array<W>) -> Result<(), TooManyChoices> {
        let choices = std::mem::take(&mut self.choices);
        let mut combined = std::mem::take(&mut self.combined);
        combined.clear();
        let mut outcome = Ok(());
        'all: for choice in &choices {
            let none = Choice {
                chosen: choice.chosen,
                quiet: choice.quiet.without(&array.present_once),
                present: choice.present.or(&array.present_once),
            };
            let mut next = array.choices;
            let mut option = Some(none);
            while let Some(candidate) = option {
                if !self.keep(&mut combined, candidate) {
                    outcome = Err(TooManyChoices);
                    break 'all;
                }
                option = None;
                while let Some((inner, after)) = self.arena.get(next as usize).copied() {
                    next = after;
                    if let Some(both) = self.join(choice, &inner, array) {
                        option = Some(both);
                        break;
                    }
                }
            }
        }
        self.choices = combined;
        self.combined = choices;
        outcome
    }

    /// `outer` together with `inner`, a choice from one element of `array`.
    fn join(&self, outer: &Choice<W>, inner: &Choice<W>, array: &Array<W>) -> Option<Choice<W>> {
        if !outer.chosen.and(&inner.chosen).and(&self.ambiguous).is_empty() {
            return None;
        }
        // Leaves in the other elements contradict an absence unless a field checked before it was chosen
        // in this element.
        let others = array.present_twice.or(&array.present_once.without(&inner.present));
        let mut heard = others.and(&self.absences);
        if let Some(earliest) = inner.chosen.first() {
            heard = self.up_to(&heard, earliest);
        }
        Some(Choice {
            chosen: outer.chosen.or(&inner.chosen),
            quiet: outer.quiet.and(&inner.quiet.without(&heard)),
            present: outer.present.or(&array.present_once),
        })
    }

    /// The conditions of `mask` that are not checked after `bit`.
    fn up_to(&self, mask: &Mask<W>, bit: usize) -> Mask<W> {
        let mut kept = Mask::default();
        (0..=bit).filter(|bit| mask.contains(*bit)).for_each(|bit| kept.insert(bit));
        kept
    }

    /// Adds `choice` unless another one is as good; drops those that it beats. False if there are too many.
    fn keep(&mut self, choices: &mut Vec<Choice<W>>, choice: Choice<W>) -> bool {
        if self.spend(choices.len()).is_err() {
            return false;
        }
        if choices.iter().any(|other| self.beats(other, &choice)) {
            return true;
        }
        choices.retain(|other| !self.beats(&choice, other));
        choices.push(choice);
        choices.len() <= CHOICES_MAX
    }

    /// Counts the comparisons with so many choices.
    fn spend(&mut self, comparisons: usize) -> Result<(), TooManyChoices> {
        self.comparisons_left = self.comparisons_left.checked_sub(comparisons).ok_or(TooManyChoices)?;
        Ok(())
    }

    /// Whether `a` does all that `b` does. Ambiguous conditions must agree, since choosing one here rules
    /// out choosing it elsewhere.
    fn beats(&self, a: &Choice<W>, b: &Choice<W>) -> bool {
        b.chosen.is_within(&a.chosen)
            && b.quiet.is_within(&a.quiet)
            && (self.absences.is_empty()
                || b.present.is_within(&a.present)
                    && a.chosen.and(&self.ambiguous) == b.chosen.and(&self.ambiguous))
    }

    /// Makes `choices` those of one element of its array.
    fn hand_up(&mut self, element: ElementId, leaves: &Leaves) -> Result<(), TooManyChoices> {
        let choices = std::mem::take(&mut self.choices);
        let mut present = self.elements[element.0 as usize].present;
        for choice in &choices {
            present = present.or(&choice.present);
        }
        let array = self.linked_array(element, leaves);
        array.present_twice = array.present_twice.or(&array.present_once.and(&present));
        array.present_once = array.present_once.or(&present);
        let ArrayId(id) = leaves.arrays_of_elements[element.0 as usize];
        // A choice that leaves open what nothing outside the array can satisfy leads nowhere.
        let (all, outside) = (self.all, self.arrays[id as usize].outside);
        let is_viable = |choice: &&Choice<W>| {
            let met = choice.chosen.or(&choice.quiet).or(&outside);
            !choice.chosen.is_empty() && all.is_within(&met)
        };
        let outcome = choices
            .iter()
            .filter(is_viable)
            .try_for_each(|choice| self.keep_in_array(id, Choice { present, ..*choice }));
        self.choices = choices;
        outcome
    }

    /// As [`keep`](Self::keep), on the chain of an array.
    fn keep_in_array(&mut self, array: u32, choice: Choice<W>) -> Result<(), TooManyChoices> {
        self.spend(self.arrays[array as usize].choices_len as usize)?;
        let (mut previous, mut at) = (NONE, self.arrays[array as usize].choices);
        while let Some((other, after)) = self.arena.get(at as usize).copied() {
            if self.beats(&other, &choice) {
                return Ok(());
            }
            if self.beats(&choice, &other) {
                match self.arena.get_mut(previous as usize) {
                    Some((_, link)) => *link = after,
                    None => self.arrays[array as usize].choices = after,
                }
                self.arrays[array as usize].choices_len -= 1;
            } else {
                previous = at;
            }
            at = after;
        }
        let array = &mut self.arrays[array as usize];
        self.arena.push((choice, array.choices));
        array.choices = self.arena.len() as u32 - 1;
        array.choices_len += 1;
        if array.choices_len as usize > CHOICES_MAX { Err(TooManyChoices) } else { Ok(()) }
    }
}

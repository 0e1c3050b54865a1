//! What became of rules that listen on one side only: most are not gone, but on another bus, or idle.

use std::collections::HashMap;

use super::sides::{NEW, OLD, Sides};
use crate::findings::{Compiled, CompiledRule, FindingCode};
use crate::rules::BusName;

/// What is known of a rule on the side on which it does not listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OtherSide {
    /// A rule of the same name listens on this bus there.
    OnBus(BusName),
    /// It is there, and matches no event for this reason.
    Idle(FindingCode),
}

/// The rules of both sides, by name.
pub(super) struct Elsewhere {
    /// By bus and name.
    idle: Sides<HashMap<(BusName, String), FindingCode>>,
    /// The buses of the rules of a name.
    buses: Sides<HashMap<String, Vec<BusName>>>,
}

impl Elsewhere {
    pub(super) fn new(sides: Sides<&Compiled>) -> Elsewhere {
        let idle = sides.map(|side| {
            let idle = side.idle.iter();
            idle.map(|rule| ((rule.bus.clone(), rule.name.to_string()), rule.why)).collect()
        });
        let buses = sides.map(|side| {
            let mut buses: HashMap<String, Vec<BusName>> = HashMap::new();
            for CompiledRule { rule, .. } in &side.rules {
                buses.entry(rule.name.to_string()).or_default().push(rule.bus.clone());
            }
            buses
        });
        Elsewhere { idle, buses }
    }

    /// Of a rule that listens on one side, what is known of it on the other.
    pub(super) fn of(&self, sides: &Sides<Option<CompiledRule>>) -> Option<OtherSide> {
        let (rule, side, other) = match sides {
            [Some(old), None] => (&old.rule, OLD, NEW),
            [None, Some(new)] => (&new.rule, NEW, OLD),
            _ => return None,
        };
        let name = rule.name.to_string();
        let idle = self.idle[other].get(&(rule.bus.clone(), name.clone())).copied().map(OtherSide::Idle);
        let moved = || {
            // Of a name that both buses have on its own side, nothing has moved.
            let own = self.buses[side].get(&name).map(Vec::as_slice).unwrap_or_default();
            let there = self.buses[other].get(&name)?;
            there.iter().find(|bus| !own.contains(bus)).cloned().map(OtherSide::OnBus)
        };
        idle.or_else(moved)
    }
}

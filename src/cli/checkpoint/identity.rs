//! What kind of run a checkpoint belongs to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::findings::Compiled;
use crate::sources::{FileEvents, InputStamp};

/// Everything that has to be the same in the run that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Identity {
    /// A digest of the rules.
    rules: String,
    /// Options with their values, as they are typed; those that were not given are not there.
    options: BTreeMap<String, String>,
    /// Inputs in their order.
    inputs: Vec<InputIdentity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct InputIdentity {
    name: String,
    #[serde(flatten)]
    stamp: InputStamp,
}

/// Inputs that are named in one message.
const NAMED_MAX: usize = 5;

impl Identity {
    /// Of a run over `events`.
    ///
    /// # Errors
    /// The names of the inputs that cannot be read again.
    pub(in crate::cli) fn of(
        rules: &Compiled,
        options: BTreeMap<String, String>,
        events: &FileEvents,
    ) -> Result<Identity, Vec<String>> {
        let (mut inputs, mut once) = (Vec::new(), Vec::new());
        for (name, stamp) in events.stamps() {
            match stamp {
                Some(stamp) => inputs.push(InputIdentity { name: name.to_owned(), stamp }),
                None => once.push(name.to_owned()),
            }
        }
        if once.is_empty() { Ok(Identity { rules: digest(rules), options, inputs }) } else { Err(once) }
    }

    /// How `now` differs, one line for each difference.
    pub(super) fn differences(&self, now: &Identity) -> Vec<String> {
        let mut differences = Vec::new();
        if self.rules != now.rules {
            differences.push("the rules are others than then".to_owned());
        }
        let names: std::collections::BTreeSet<&String> =
            self.options.keys().chain(now.options.keys()).collect();
        for name in names {
            let said = |options: &BTreeMap<String, String>| {
                options.get(name).map_or_else(|| "not given".to_owned(), |value| format!("`{value}`"))
            };
            let (then, now) = (said(&self.options), said(&now.options));
            if then != now {
                differences.push(format!("{name} was {then} then and is {now} now"));
            }
        }
        differences.extend(self.input_differences(now));
        differences
    }

    fn input_differences(&self, now: &Identity) -> Vec<String> {
        let by_name = |identity: &Identity| -> BTreeMap<String, InputStamp> {
            identity.inputs.iter().map(|input| (input.name.clone(), input.stamp)).collect()
        };
        let (then, is) = (by_name(self), by_name(now));
        let gone =
            then.keys().filter(|name| !is.contains_key(*name)).map(|name| format!("{name} was read then"));
        let new = is
            .keys()
            .filter(|name| !then.contains_key(*name))
            .map(|name| format!("{name} was not read then"));
        let changed = then.iter().filter(|(name, stamp)| is.get(*name).is_some_and(|is| is != *stamp));
        let changed = changed.map(|(name, _)| format!("{name} has changed since"));
        let mut differences: Vec<String> = changed.chain(gone).chain(new).collect();
        if differences.is_empty() && self.inputs != now.inputs {
            differences.push("the events are named in another order than then".to_owned());
        }
        let more = differences.len().saturating_sub(NAMED_MAX);
        if more > 0 {
            differences.truncate(NAMED_MAX);
            differences.push(format!("and {more} more inputs"));
        }
        differences
    }
}

/// Of everything about rules that decides what becomes of an event, and of their names.
fn digest(compiled: &Compiled) -> String {
    let mut hash = Xxh3::new();
    for rule in &compiled.rules {
        hash.update(format!("{}\n{:?}\n", rule.pattern, rule.with_targets()).as_bytes());
    }
    format!("{:032x}", hash.digest128())
}

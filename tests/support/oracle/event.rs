//! From the text of an event to its leaves.

use std::collections::BTreeMap;

use ruleproof::json::{Member, Node, Value, tree};

use super::Profile;
use super::floats;
use super::grammar::Path;
use super::matchers::Leaf;

/// For each array around a leaf, which of its elements the leaf is in. Arrays are numbered as they come.
pub type Places = BTreeMap<usize, usize>;

/// Every leaf of an event by its path.
pub struct Leaves {
    by_path: BTreeMap<Path, Vec<(Leaf, Places)>>,
    arrays: usize,
    profile: Profile,
    empty_names: bool,
}

/// What `TestEventPattern` insists on.
const ENVELOPE: [&str; 6] = ["id", "detail-type", "source", "account", "time", "region"];

impl Leaves {
    /// The leaves of `event`; `None` if it is invalid. Without `empty_names`, members called `""` and all
    /// below them are left out.
    pub fn of(event: &[u8], profile: Profile, empty_names: bool) -> Option<Leaves> {
        let root = tree::parse(event).ok()?;
        let members = root.as_object()?;
        if profile == Profile::Service && !has_envelope(&root) {
            return None;
        }
        let mut leaves = Leaves { by_path: BTreeMap::new(), arrays: 0, profile, empty_names };
        leaves.object(None, members, &Places::new());
        Some(leaves)
    }

    /// The leaves at `path`, in order.
    pub fn at(&self, path: &Path) -> &[(Leaf, Places)] {
        self.by_path.get(path).map_or(&[], Vec::as_slice)
    }

    fn object(&mut self, path: Option<&Path>, members: &[Member], places: &Places) {
        for member in members {
            let name = member.name.as_bytes();
            if name.is_empty() && !self.empty_names {
                continue;
            }
            let path = Path(match path {
                Some(path) => [&path.0, name].join(&b'.'),
                None => name.to_vec(),
            });
            self.value(&path, &member.value, places, places);
        }
    }

    /// A value that stands at `places`. A scalar counts as standing at `scalar_places`.
    fn value(&mut self, path: &Path, node: &Node, places: &Places, scalar_places: &Places) {
        let leaf = match &node.value {
            Value::Object(members) => return self.object(Some(path), members, places),
            Value::Array(elements) => return self.array(path, elements, places),
            Value::Null => Leaf::Null,
            Value::Bool(value) => Leaf::Bool(*value),
            Value::Number(spelling) => Leaf::Number(self.spelling(spelling)),
            Value::String(text) => Leaf::String(text.clone()),
        };
        self.by_path.entry(path.clone()).or_default().push((leaf, scalar_places.clone()));
    }

    fn array(&mut self, path: &Path, elements: &[Node], around: &Places) {
        let array = self.arrays;
        self.arrays += 1;
        for (index, element) in elements.iter().enumerate() {
            let mut places = around.clone();
            places.insert(array, index);
            // A scalar carries no membership in its own array, only in those around it.
            self.value(path, element, &places, around);
        }
    }

    fn spelling(&self, spelling: &str) -> String {
        match self.profile {
            Profile::Engine => spelling.to_owned(),
            Profile::Service => floats::rerendered(spelling),
        }
    }
}

fn has_envelope(root: &Node) -> bool {
    let complete = ENVELOPE.iter().all(|name| root.get(name).is_some());
    complete && root.get("time").and_then(Node::as_str).is_some_and(is_timestamp)
}

/// `YYYY-MM-DDThh:mm:ss`, perhaps a fraction, and `Z` or an offset. Days per month are not counted.
fn is_timestamp(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let Some((clock, rest)) = rest.split_at_checked(9) else { return false };
    let fields = |text: &str, template: &str| {
        text.len() == template.len()
            && text.bytes().zip(template.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                separator => byte == separator,
            })
    };
    let within = |text: &str, from: u32, to: u32| text.parse().is_ok_and(|n: u32| (from..=to).contains(&n));
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return false;
            }
            &fraction[digits..]
        }
        None => rest,
    };
    let is_offset = offset == "Z"
        || offset
            .strip_prefix(['+', '-'])
            .is_some_and(|offset| fields(offset, "00:00") || fields(offset, "0000") || fields(offset, "00"));
    fields(date, "0000-00-00")
        && fields(clock, "T00:00:00")
        && within(&date[5..7], 1, 12)
        && within(&date[8..10], 1, 31)
        && within(&clock[1..3], 0, 23)
        && within(&clock[4..6], 0, 59)
        && within(&clock[7..9], 0, 59)
        && is_offset
}

//! Events made from patterns.

use super::super::rng::Rng;
use super::Settings;
use super::faults;
use super::json::{Json, Members};
use super::wishes::{self, Wish};
use super::words;

/// A field of one alternative: its full path and its list.
type Field = (String, Vec<Json>);

/// The steps of a path, and what stands at its end.
type Want = (Vec<String>, Json);

/// The members of an event that `pattern` may match.
pub fn for_pattern(rng: &mut Rng, pattern: &str, settings: Settings) -> Members {
    let mut fields = Vec::new();
    if let Some(Json::Object(members)) = Json::read(pattern) {
        one_alternative(rng, &members, &[], &mut fields);
    }
    // A pattern with hundreds of fields would never be satisfied with a fault in every fourth.
    let broken = if rng.percent(45) && !fields.is_empty() { Some(rng.index_of(&fields)) } else { None };
    let mut wants = Vec::new();
    for (at, (path, list)) in fields.iter().enumerate() {
        let wish = if broken == Some(at) {
            unwanted(rng, list, settings)
        } else if list.is_empty() {
            None
        } else {
            let matcher = rng.index_of(list);
            wishes::hit(rng, &list[matcher], settings)
        };
        // What should be absent may still stand in another element of an array.
        let value = wish.or_else(|| rng.percent(20).then(|| Json::raw("1")));
        if let Some(value) = value {
            wants.push((steps(rng, path), value));
        }
    }
    let mut maker = Maker { rng, settings };
    let mut members = maker.members(wants, 0);
    maker.noise(&mut members);
    members
}

fn unwanted(rng: &mut Rng, list: &[Json], settings: Settings) -> Wish {
    if list.is_empty() || rng.percent(15) {
        return None;
    }
    let matcher = rng.index_of(list);
    Some(wishes::miss(rng, &list[matcher], settings))
}

/// Collects the fields of a random alternative; of a path's lists the last one stays.
fn one_alternative(rng: &mut Rng, members: &[(String, Json)], ancestors: &[&str], fields: &mut Vec<Field>) {
    for (name, value) in members {
        match value {
            Json::List(branches) if name == "$or" && is_or(branches) => {
                let branch = rng.index_of(branches);
                if let Json::Object(members) = &branches[branch] {
                    one_alternative(rng, members, ancestors, fields);
                }
            }
            Json::Object(members) => {
                let inside = [ancestors, &[name.as_str()]].concat();
                one_alternative(rng, members, &inside, fields);
            }
            Json::List(list) => {
                let parent = ancestors.join(".");
                let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
                fields.retain(|(other, _)| *other != path);
                fields.push((path, list.clone()));
            }
            _ => {}
        }
    }
}

fn is_or(branches: &[Json]) -> bool {
    branches.len() >= 2 && branches.iter().all(|branch| matches!(branch, Json::Object(_)))
}

/// The names on the way, now and then two of them in one dotted key.
fn steps(rng: &mut Rng, path: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for (at, step) in path.split('.').enumerate() {
        match steps.last_mut() {
            // Only the first 20, or paths of a thousand steps become quadratic in their text.
            Some(last) if at < 20 && rng.percent(6) => {
                last.push('.');
                last.push_str(step);
            }
            _ => steps.push(step.to_owned()),
        }
    }
    steps
}

struct Maker<'a> {
    rng: &'a mut Rng,
    settings: Settings,
}

/// How the object below a name is put into arrays.
#[derive(Clone, Copy)]
enum Wrapping {
    Plain,
    OneElement,
    AmongDecoys,
    SplitOverElements,
    Scattered,
    NestedArrays,
    BesideScalar,
    Repeated,
}

const WRAPPINGS: [(usize, Wrapping); 8] = [
    (52, Wrapping::Plain),
    (10, Wrapping::OneElement),
    (12, Wrapping::AmongDecoys),
    (6, Wrapping::SplitOverElements),
    (8, Wrapping::Scattered),
    (7, Wrapping::NestedArrays),
    (3, Wrapping::BesideScalar),
    (3, Wrapping::Repeated),
];

impl Maker<'_> {
    /// The members that hold what is wanted.
    fn members(&mut self, wants: Vec<Want>, depth: usize) -> Members {
        let mut groups: Vec<(String, Vec<Json>, Vec<Want>)> = Vec::new();
        for (mut steps, value) in wants {
            let first = steps.remove(0);
            let at = groups.iter().position(|(name, ..)| *name == first).unwrap_or_else(|| {
                groups.push((first, Vec::new(), Vec::new()));
                groups.len() - 1
            });
            if steps.is_empty() { groups[at].1.push(value) } else { groups[at].2.push((steps, value)) }
        }
        let mut members = Members::new();
        for (name, leaves, deeper) in groups {
            for value in self.values(leaves, deeper, depth) {
                members.push((name.clone(), value));
            }
        }
        if depth < 8 && self.rng.percent(40) {
            self.rng.shuffle(&mut members);
        }
        members
    }

    /// One value, or several for a name that is repeated.
    fn values(&mut self, leaves: Vec<Json>, deeper: Vec<Want>, depth: usize) -> Vec<Json> {
        let mut values: Vec<Json> = leaves.into_iter().map(|leaf| self.leaf(leaf)).collect();
        if !deeper.is_empty() {
            values.extend(self.object(deeper, depth));
        }
        if values.len() < 2 || self.rng.percent(35) {
            return values;
        }
        if self.rng.percent(25) {
            values = values.into_iter().map(|value| Json::List(vec![value])).collect();
        }
        vec![Json::List(values)]
    }

    fn leaf(&mut self, value: Json) -> Json {
        match self.rng.below(100) {
            0..70 => value,
            70..78 => Json::List(vec![value]),
            78..90 => {
                let mut elements = vec![value];
                for _ in 0..self.rng.between(1, 2) {
                    elements.push(self.small());
                }
                self.rng.shuffle(&mut elements);
                Json::List(elements)
            }
            90..94 => Json::List(vec![Json::List(vec![value])]),
            94..97 => {
                let other = self.small();
                Json::List(vec![value, Json::List(vec![other])])
            }
            97 => Json::List(vec![Json::List(Vec::new()), value]),
            98 => Json::raw(*self.rng.pick(&["[]", "{}", "[[]]", "[{}]", "[null]"].each_ref())),
            _ => self.small(),
        }
    }

    fn object(&mut self, wants: Vec<Want>, depth: usize) -> Vec<Json> {
        // A thousand levels of arrays in objects would pass the limit of nesting.
        let wrapping = if depth < 8 { self.rng.weighted(&WRAPPINGS) } else { Wrapping::Plain };
        let list = |elements: Vec<Json>| vec![Json::List(elements)];
        match wrapping {
            Wrapping::Plain => vec![self.plain(wants, depth)],
            Wrapping::OneElement => list(vec![self.plain(wants, depth)]),
            Wrapping::AmongDecoys => {
                let mut elements = vec![self.plain(wants.clone(), depth)];
                for _ in 0..self.rng.between(1, 2) {
                    let decoy = self.decoy(wants.clone());
                    elements.push(self.plain(decoy, depth));
                }
                self.rng.shuffle(&mut elements);
                list(elements)
            }
            Wrapping::SplitOverElements => list(self.halves(wants, depth).into()),
            Wrapping::Scattered => list(self.scattered(wants, depth)),
            Wrapping::NestedArrays => {
                let [a, b] = if self.rng.percent(50) {
                    self.halves(wants, depth)
                } else {
                    let decoy = self.decoy(wants.clone());
                    [self.plain(wants, depth), self.plain(decoy, depth)]
                };
                let nested = match self.rng.below(3) {
                    0 => vec![Json::List(vec![a]), Json::List(vec![b])],
                    1 => vec![Json::List(vec![a, b])],
                    _ => vec![Json::List(vec![a]), b],
                };
                list(nested)
            }
            Wrapping::BesideScalar => {
                let scalar = self.small();
                list(vec![scalar, self.plain(wants, depth)])
            }
            Wrapping::Repeated => {
                let [a, b] = self.halves(wants, depth);
                if self.rng.percent(50) { vec![a, b] } else { vec![Json::List(vec![a]), Json::List(vec![b])] }
            }
        }
    }

    fn plain(&mut self, wants: Vec<Want>, depth: usize) -> Json {
        Json::Object(self.members(wants, depth + 1))
    }

    fn halves(&mut self, wants: Vec<Want>, depth: usize) -> [Json; 2] {
        let (left, right): (Vec<Want>, Vec<Want>) = wants.into_iter().partition(|_| self.rng.percent(50));
        [self.plain(left, depth), self.plain(right, depth)]
    }

    /// Two or three elements, each with some of what is wanted; everything is somewhere, perhaps twice.
    fn scattered(&mut self, wants: Vec<Want>, depth: usize) -> Vec<Json> {
        let mut elements = vec![Vec::new(); self.rng.between(2, 3)];
        for want in wants {
            let certain = self.rng.index_of(&elements);
            for (at, element) in elements.iter_mut().enumerate() {
                if at == certain || self.rng.percent(40) {
                    element.push(want.clone());
                }
            }
        }
        elements.into_iter().map(|wants| self.plain(wants, depth)).collect()
    }

    /// What is wanted, with some of it missing or different.
    fn decoy(&mut self, wants: Vec<Want>) -> Vec<Want> {
        let mut decoy = Vec::new();
        for (steps, value) in wants {
            match self.rng.below(4) {
                0 => {}
                1..3 => decoy.push((steps, wishes::miss(self.rng, &value, self.settings))),
                _ => decoy.push((steps, value)),
            }
        }
        decoy
    }

    /// Adds members that nobody asked for, some with names that somebody did.
    fn noise(&mut self, members: &mut Members) {
        let count = self.rng.weighted(&[(45, 0), (30, 1), (25, 2)]);
        for _ in 0..count {
            let name = words::name(self.rng);
            let value = if self.rng.one_in(60) { faults::heavy_value(self.rng) } else { self.small() };
            let at = self.rng.between(0, members.len());
            members.insert(at, (name, value));
        }
    }

    /// A small value of any kind.
    fn small(&mut self) -> Json {
        match self.rng.below(12) {
            0 => {
                let element = wishes::scalar(self.rng, self.settings);
                Json::List(vec![element, Json::raw("1")])
            }
            1 => {
                let (name, value) = (words::name(self.rng), wishes::scalar(self.rng, self.settings));
                Json::Object(vec![(name, value)])
            }
            2 => {
                Json::raw(*self.rng.pick(&["[]", "{}", "[[]]", "[{}]", "[null]", "[[{\"a\":1}]]"].each_ref()))
            }
            _ => wishes::scalar(self.rng, self.settings),
        }
    }
}

const TIMES: [&str; 3] = ["2026-11-22T07:00:00Z", "2022-07-13T13:48:01Z", "1999-12-31T23:59:59Z"];
/// No more than plainly invalid: what AWS says to fractions and offsets is not recorded.
const NOT_TIMES: [&str; 9] = [
    "",
    "now",
    "yesterday",
    "2026-11-22",
    "22.11.2026 07:00",
    "07:00:00Z",
    "T",
    "1700000000",
    "2026-11-22T07",
];

/// The event with what the service demands around it, now and then with something missing or repeated.
pub fn in_envelope(rng: &mut Rng, members: Members) -> Members {
    let mut whole = Members::new();
    for name in ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
    {
        let given = members.iter().any(|(other, _)| other == name);
        let kept = name == "time" || !given || rng.percent(3);
        if kept && !rng.one_in(200) {
            whole.push((name.to_owned(), envelope_value(rng, name)));
        }
    }
    // The last `time` is the one that is judged.
    let at = if rng.percent(90) { 0 } else { whole.len() };
    whole.splice(at..at, members);
    if rng.percent(20) {
        rng.shuffle(&mut whole);
    }
    whole
}

fn envelope_value(rng: &mut Rng, name: &str) -> Json {
    match name {
        "time" if rng.percent(2) => {
            if rng.percent(30) {
                Json::raw(
                    *rng.pick(&["1", "null", "[]", "{}", "true", "[\"2026-11-22T07:00:00Z\"]"].each_ref()),
                )
            } else {
                Json::text(*rng.pick(&NOT_TIMES.each_ref()))
            }
        }
        "time" => Json::text(*rng.pick(&TIMES.each_ref())),
        "resources" => Json::List(vec![Json::text("arn:aws:ec2:eu-west-1:123456789012:instance/i-1")]),
        "detail" => Json::object([("a", Json::raw("1"))]),
        _ if rng.one_in(100) => Json::raw(*rng.pick(&["1", "null", "[]", "{}"].each_ref())),
        "source" => Json::text("aws.ec2"),
        "account" => Json::text("123456789012"),
        _ => Json::text(*rng.pick(&["0", "a", "eu-west-1"].each_ref())),
    }
}

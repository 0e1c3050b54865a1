//! Whole patterns.

use super::super::oracle::Profile;
use super::super::rng::Rng;
use super::Settings;
use super::json::{Json, Members};
use super::{matchers, words};

const ENVELOPE_FIELDS: [&str; 9] =
    ["source", "detail-type", "detail", "detail", "detail", "resources", "account", "time", "version"];

/// Where an object is being made.
#[derive(Clone, Copy)]
struct At {
    depth: usize,
    inside_or: bool,
}

/// A pattern of the usual size, valid nearly always.
pub fn any(rng: &mut Rng, settings: Settings) -> Json {
    let members = match rng.below(100) {
        0..12 => grid(rng),
        12..14 => or_as_a_field(rng, settings),
        _ => object(rng, At { depth: 0, inside_or: false }, settings),
    };
    Json::Object(if settings.profile == Profile::Service {
        for_service(rng, members, settings)
    } else {
        members
    })
}

/// Puts some of the fields of the envelope in.
fn for_service(rng: &mut Rng, mut members: Members, settings: Settings) -> Members {
    if rng.percent(40) {
        return members;
    }
    let name = *rng.pick(&ENVELOPE_FIELDS.each_ref());
    if name == "detail" {
        return vec![(name.to_owned(), Json::Object(members))];
    }
    members.push((name.to_owned(), matchers::list(rng, settings)));
    members
}

/// Fields below one name with hardly any values: what decides is where in arrays they stand, and in which
/// order their paths sort.
fn grid(rng: &mut Rng) -> Members {
    const NAMES: [&str; 8] = ["b", "b.c", "b-c", "c", "d", "", "\u{1f600}", "\u{ff41}"];
    const LISTS: [&str; 7] = [
        "[1]",
        "[1]",
        "[2]",
        "[1,2]",
        "[{\"exists\":false}]",
        "[{\"exists\":false},1]",
        "[{\"exists\":true}]",
    ];
    let list = |rng: &mut Rng| Json::raw(rng.pick(&LISTS));
    let mut below = Members::new();
    for _ in 0..rng.between(1, 4) {
        // The last four are the odd ones.
        let last = if rng.percent(75) { 4 } else { 7 };
        let name = NAMES[rng.between(0, last)].to_owned();
        let value = if rng.percent(25) {
            let inner = NAMES[rng.below(5)].to_owned();
            Json::Object(vec![(inner, list(rng))])
        } else {
            list(rng)
        };
        below.push((name, value));
    }
    let mut members = vec![("a".to_owned(), Json::Object(below))];
    if rng.percent(15) {
        members.push(("a".to_owned(), list(rng)));
    }
    if rng.percent(15) {
        members.push(((*rng.pick(&["b", "a-", ""].each_ref())).to_owned(), list(rng)));
    }
    members
}

/// `$or` in the forms that only event-ruler takes, as a field like any other.
fn or_as_a_field(rng: &mut Rng, settings: Settings) -> Members {
    let value = match rng.below(4) {
        0 => Json::Object(object(rng, At { depth: 2, inside_or: false }, settings)),
        1 => Json::List(vec![matchers::list(rng, settings)]),
        _ => matchers::list(rng, settings),
    };
    let mut members = vec![("$or".to_owned(), value)];
    if rng.percent(60) {
        members.extend(object(rng, At { depth: 1, inside_or: false }, settings));
    }
    members
}

fn object(rng: &mut Rng, at: At, settings: Settings) -> Members {
    let count = rng.weighted(&[(40, 1), (38, 2), (17, 3), (5, 4)]);
    let mut members = Members::new();
    for _ in 0..count {
        let repeated =
            members.last().filter(|_| rng.percent(4)).map(|(name, _): &(String, Json)| name.clone());
        members.push(match repeated {
            Some(name) if name != "$or" => (name, field(rng, at, settings)),
            _ => member(rng, at, settings),
        });
    }
    members
}

fn member(rng: &mut Rng, at: At, settings: Settings) -> (String, Json) {
    let or_percent = if at.depth == 0 { 12 } else { 6 };
    if at.depth < 3 && rng.percent(or_percent) {
        return ("$or".to_owned(), alternatives(rng, at, settings));
    }
    let mut name = words::name(rng);
    let refused = name == "$or" || words::OPERATOR_NAMES.contains(&&*name);
    if at.inside_or && refused && rng.percent(80) {
        name = "a".to_owned();
    }
    if rng.one_in(300) {
        name = rng.pick(&words::OPERATOR_NAMES).to_owned();
    }
    (name, field(rng, at, settings))
}

fn field(rng: &mut Rng, at: At, settings: Settings) -> Json {
    let deeper = [45, 35, 20, 0][at.depth.min(3)];
    if rng.percent(deeper) {
        Json::Object(object(rng, At { depth: at.depth + 1, ..at }, settings))
    } else {
        matchers::list(rng, settings)
    }
}

fn alternatives(rng: &mut Rng, at: At, settings: Settings) -> Json {
    let count = rng.weighted(&[(70, 2), (22, 3), (8, 4)]);
    let inside = At { depth: at.depth + 1, inside_or: true };
    let mut branches: Vec<Json> = (0..count).map(|_| Json::Object(object(rng, inside, settings))).collect();
    if rng.percent(8) {
        branches.push(branches[0].clone());
    }
    Json::List(branches)
}

/// A pattern near one of the limits.
pub fn extreme(rng: &mut Rng) -> Json {
    let one = || Json::List(vec![Json::raw("1")]);
    match rng.below(4) {
        0 => {
            let fields = rng.between(255, 258);
            Json::Object((0..fields).map(|at| (format!("f{at}"), one())).collect())
        }
        1 => {
            // 1,000 and 1,001 combinations.
            let factors = if rng.percent(50) { [10, 10, 10] } else { [7, 11, 13] };
            let members = factors.iter().map(|factor| {
                let branches = (0..*factor).map(|at| Json::object([(["a", "b", "c"][at % 3], one())]));
                ("$or".to_owned(), Json::List(branches.collect()))
            });
            Json::Object(members.collect())
        }
        2 => {
            let levels = rng.between(998, 1_000);
            Json::raw(format!("{}[1]{}", "{\"a\":".repeat(levels), "}".repeat(levels)))
        }
        _ => {
            let piece = *rng.pick(&["a", "\u{1f600}", "\\u0041"].each_ref());
            let long = piece.repeat(rng.between(200, 900));
            Json::object([("a", Json::List(vec![Json::raw(format!("\"{long}\""))]))])
        }
    }
}

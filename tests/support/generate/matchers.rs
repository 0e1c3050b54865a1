//! The lists of matchers that fields have.

use super::super::oracle::Profile;
use super::super::rng::Rng;
use super::Settings;
use super::json::Json;
use super::words;

/// What the matchers of one list have in common, so that values can satisfy one and miss another.
#[derive(Clone, Copy)]
enum Theme {
    Strings,
    Folding,
    Wildcards,
    Numbers,
    Addresses,
    Presence,
    Mixed,
}

const THEMES: [(usize, Theme); 7] = [
    (30, Theme::Strings),
    (12, Theme::Folding),
    (12, Theme::Wildcards),
    (18, Theme::Numbers),
    (10, Theme::Addresses),
    (10, Theme::Presence),
    (8, Theme::Mixed),
];

/// The list of one field.
pub fn list(rng: &mut Rng, settings: Settings) -> Json {
    let theme = rng.weighted(&THEMES);
    let count = rng.weighted(&[(60, 1), (25, 2), (12, 3), (3, 5)]);
    let mut matchers: Vec<Json> = (0..count).map(|_| matcher(rng, theme, settings)).collect();
    if rng.percent(6) {
        matchers.push(presence(rng));
    }
    if rng.percent(4) {
        matchers.push(matchers[0].clone());
    }
    Json::List(matchers)
}

fn matcher(rng: &mut Rng, theme: Theme, settings: Settings) -> Json {
    match theme {
        Theme::Strings => match rng.below(10) {
            0..4 => Json::text(words::string(rng, settings)),
            4 => operator("exactly", Json::text(words::string(rng, settings))),
            5..7 => affix(rng, words::short),
            7 => anything_but(rng, settings),
            8 => operator("equals-ignore-case", Json::text(words::short(rng))),
            _ => wildcard(rng, settings),
        },
        Theme::Folding => match rng.below(6) {
            0..3 => operator("equals-ignore-case", Json::text(words::folding(rng))),
            3..5 => affix(rng, words::folding),
            _ => anything_but_operator(rng, "equals-ignore-case", words::folding, settings),
        },
        Theme::Wildcards => match rng.below(5) {
            0..4 => wildcard(rng, settings),
            _ => anything_but_wildcard(rng, settings),
        },
        Theme::Numbers => match rng.below(10) {
            0..4 => Json::raw(words::number(rng)),
            4..8 => operator("numeric", numeric(rng)),
            _ => operator("anything-but", one_or_several(rng, |rng| Json::raw(comparable(rng)))),
        },
        Theme::Addresses if rng.percent(6) => match rng.below(2) {
            0 => Json::raw(words::number(rng)),
            _ => operator("numeric", numeric(rng)),
        },
        Theme::Addresses => match rng.below(10) {
            0..6 => operator("cidr", Json::text(cidr(rng, settings))),
            6..9 => Json::text(words::address(rng, settings)),
            9 if rng.percent(50) => operator("exactly", Json::text(words::address(rng, settings))),
            _ => {
                operator("anything-but", one_or_several(rng, |rng| Json::text(words::address(rng, settings))))
            }
        },
        Theme::Presence => match rng.below(4) {
            0..3 => presence(rng),
            _ => Json::raw(*rng.pick(&["null", "true", "false"].each_ref())),
        },
        Theme::Mixed => {
            let theme = rng.weighted(&THEMES[..6]);
            matcher(rng, theme, settings)
        }
    }
}

fn operator(name: &str, operand: Json) -> Json {
    Json::object([(name, operand)])
}

fn presence(rng: &mut Rng) -> Json {
    operator("exists", Json::raw(*rng.pick(&["true", "false", "false"].each_ref())))
}

fn affix(rng: &mut Rng, text: fn(&mut Rng) -> String) -> Json {
    let name = *rng.pick(&["prefix", "suffix"].each_ref());
    let mut text = text(rng);
    if rng.percent(4) {
        // The closing quote of a value belongs to what a prefix sees, the opening one to what a suffix sees.
        text.insert(if name == "prefix" { text.len() } else { 0 }, '"');
    }
    let operand = Json::text(text);
    operator(name, if rng.percent(35) { operator("equals-ignore-case", operand) } else { operand })
}

fn one_or_several(rng: &mut Rng, mut item: impl FnMut(&mut Rng) -> Json) -> Json {
    if rng.percent(40) {
        return item(rng);
    }
    Json::List((0..rng.between(1, 3)).map(|_| item(rng)).collect())
}

fn anything_but(rng: &mut Rng, settings: Settings) -> Json {
    match rng.below(8) {
        0..3 => operator("anything-but", one_or_several(rng, |rng| Json::text(words::string(rng, settings)))),
        3..5 => anything_but_operator(rng, "prefix", non_empty, settings),
        5..7 => anything_but_operator(rng, "suffix", non_empty, settings),
        _ => anything_but_operator(rng, "equals-ignore-case", words::folding, settings),
    }
}

fn non_empty(rng: &mut Rng) -> String {
    let text = words::short(rng);
    if text.is_empty() { "a".to_owned() } else { text }
}

fn anything_but_operator(
    rng: &mut Rng,
    name: &str,
    text: fn(&mut Rng) -> String,
    settings: Settings,
) -> Json {
    let mut operand = one_or_several(rng, |rng| Json::text(text(rng)));
    if rng.one_in(if settings.profile == Profile::Engine { 25 } else { 60 }) {
        operand = Json::List(Vec::new());
    }
    operator("anything-but", operator(name, operand))
}

fn anything_but_wildcard(rng: &mut Rng, settings: Settings) -> Json {
    let operand = one_or_several(rng, |rng| Json::text(wildcard_text(rng, settings)));
    operator("anything-but", operator("wildcard", operand))
}

fn wildcard(rng: &mut Rng, settings: Settings) -> Json {
    operator("wildcard", Json::text(wildcard_text(rng, settings)))
}

/// Pieces and stars; repeated pieces make it complex.
fn wildcard_text(rng: &mut Rng, settings: Settings) -> String {
    if settings.profile == Profile::Service && rng.percent(4) {
        let piece = rng.pick(&["*a", "*ab", "*aba", "*a.", "a*"]);
        return piece.repeat(rng.between(3, 12));
    }
    let mut text = String::new();
    for _ in 0..rng.between(1, 5) {
        let star = rng.percent(45) && !text.ends_with('*');
        if star {
            text.push('*');
        } else {
            text.push_str(&escaped(&words::short(rng)));
        }
    }
    text
}

/// `text` so that a wildcard takes it literally.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('*', "\\*")
}

/// A number that `numeric` accepts, nearly always.
fn comparable(rng: &mut Rng) -> String {
    loop {
        let number = words::number(rng);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let plain = !number.contains("e30") && !number.contains("400") && digits < 16;
        if plain || rng.one_in(12) {
            return number;
        }
    }
}

fn numeric(rng: &mut Rng) -> Json {
    let bound = Json::raw(comparable(rng));
    let operators = ["=", "<", "<=", ">", ">="];
    if rng.percent(60) {
        return Json::List(vec![Json::text(*rng.pick(&operators.each_ref())), bound]);
    }
    let mut ends = [comparable(rng), comparable(rng)];
    let value = |text: &String| text.parse::<f64>().unwrap_or(0.0);
    if value(&ends[0]) > value(&ends[1]) {
        ends.reverse();
    }
    let [low, high] = ends;
    let operators = [*rng.pick(&[">", ">="].each_ref()), *rng.pick(&["<", "<="].each_ref())];
    Json::List(vec![Json::text(operators[0]), Json::raw(low), Json::text(operators[1]), Json::raw(high)])
}

fn cidr(rng: &mut Rng, settings: Settings) -> String {
    let all = Settings { corners: super::Corners::All, ..settings };
    let base = loop {
        let base = words::address(rng, all);
        if !base.contains([' ', '%']) || rng.one_in(4) {
            break base;
        }
    };
    let bits = if base.contains(':') && !base.starts_with("::ffff:") { 127 } else { 31 };
    let mask = match rng.below(10) {
        0 => 0,
        1..5 => rng.between(0, bits),
        _ => *rng.pick(&[1_usize, 4, 8, 12, 16, 24, 30, 31].each_ref()),
    };
    match rng.below(30) {
        0 => format!("{base}/+{mask}"),
        1 => format!("{base}/0{mask}"),
        2 => format!("{base}/{mask}/"),
        _ => format!("{base}/{mask}"),
    }
}

//! Values that satisfy a matcher, and values that almost do.

use super::super::rng::Rng;
use super::json::{Json, is_stand_in};
use super::{Corners, Settings, words};

/// What a field should hold; `None` is nothing at all.
pub type Wish = Option<Json>;

/// A value that `matcher`, any element of a field's list, most likely accepts.
pub fn hit(rng: &mut Rng, matcher: &Json, settings: Settings) -> Wish {
    match matcher {
        Json::Raw(text) if is_number(text) => Some(Json::raw(words::respelled(rng, text))),
        Json::Raw(_) | Json::List(_) => Some(matcher.clone()),
        Json::Text(text) => Some(same_string(rng, text, settings)),
        Json::Object(members) => match members.first() {
            Some((name, operand)) => by_operator(rng, name, operand, settings),
            None => Some(scalar(rng, settings)),
        },
    }
}

fn by_operator(rng: &mut Rng, name: &str, operand: &Json, settings: Settings) -> Wish {
    if name == "exists" && *operand == Json::raw("false") {
        return None;
    }
    let text = match operand {
        Json::Text(text) => text.clone(),
        Json::Object(inner) => match inner.first() {
            Some((_, Json::Text(text))) => recased(rng, text),
            _ => String::new(),
        },
        _ => String::new(),
    };
    Some(match name {
        "exactly" => Json::Text(text),
        "equals-ignore-case" => Json::Text(recased(rng, &text)),
        "prefix" => {
            let text = if rng.percent(70) { text.trim_end_matches('"') } else { &text };
            Json::Text(format!("{text}{}", tail(rng)))
        }
        "suffix" => {
            let text = if rng.percent(70) { text.trim_start_matches('"') } else { &text };
            Json::Text(format!("{}{text}", tail(rng)))
        }
        "wildcard" => Json::Text(filled(rng, &text)),
        "cidr" => inside_cidr(rng, &text),
        "numeric" => Json::raw(inside_numeric(rng, operand)),
        "anything-but" if rng.percent(40) => miss(rng, operand, settings),
        _ => scalar(rng, settings),
    })
}

/// A value that looks like what `matcher` wants and likely is not; for `anything-but` likely in its set.
pub fn miss(rng: &mut Rng, matcher: &Json, settings: Settings) -> Json {
    match matcher {
        Json::Object(members) => match members.first() {
            Some((name, operand)) if name == "anything-but" => from_set(rng, operand, settings),
            Some((name, operand)) => {
                let value = by_operator(rng, name, operand, settings).unwrap_or(Json::raw("1"));
                perturbed(rng, value, settings)
            }
            None => scalar(rng, settings),
        },
        Json::List(elements) if !elements.is_empty() => {
            let at = rng.index_of(elements);
            perturbed(rng, elements[at].clone(), settings)
        }
        _ => perturbed(rng, matcher.clone(), settings),
    }
}

/// A member of what `anything-but` excludes.
fn from_set(rng: &mut Rng, operand: &Json, settings: Settings) -> Json {
    match operand {
        Json::List(elements) if !elements.is_empty() => {
            let at = rng.index_of(elements);
            // Not what a bare value would accept: `anything-but` compares addresses as text.
            elements[at].clone()
        }
        Json::Object(members) => match members.first() {
            Some((name, list @ Json::List(elements))) if !elements.is_empty() => {
                let one = from_set(rng, list, settings);
                by_operator(rng, name, &one, settings).unwrap_or(one)
            }
            Some((name, one)) => by_operator(rng, name, one, settings).unwrap_or(Json::raw("1")),
            None => scalar(rng, settings),
        },
        Json::Text(text) => same_string(rng, text, settings),
        Json::Raw(text) if is_number(text) => Json::raw(words::respelled(rng, text)),
        _ => operand.clone(),
    }
}

fn perturbed(rng: &mut Rng, value: Json, settings: Settings) -> Json {
    match value {
        Json::Text(text) => match rng.below(8) {
            _ if text.contains(is_stand_in) && rng.percent(70) => Json::Text(recased(rng, &text)),
            0 => Json::Text(format!("{text}{}", words::short(rng))),
            1 => Json::Text(format!("{}{text}", words::short(rng))),
            2 => Json::Text(text.chars().skip(1).collect()),
            3 => Json::Text(recased(rng, &text)),
            4 if is_number(&text) => Json::Raw(text),
            5 => Json::Text(text.chars().rev().collect()),
            _ => scalar(rng, settings),
        },
        Json::Raw(text) if is_number(&text) => match rng.below(4) {
            0 => Json::Text(text),
            1..3 => Json::raw(words::near_number(rng, &text)),
            _ => scalar(rng, settings),
        },
        _ => scalar(rng, settings),
    }
}

/// Any scalar.
pub fn scalar(rng: &mut Rng, settings: Settings) -> Json {
    match rng.below(10) {
        0..5 => Json::text(words::string(rng, settings)),
        5..8 => Json::raw(words::number(rng)),
        8 => Json::raw(*rng.pick(&["null", "true", "false"].each_ref())),
        _ => Json::text(words::address(rng, settings)),
    }
}

pub fn is_number(text: &str) -> bool {
    ruleproof::json::number::number_len(text.as_bytes()) == Some(text.len())
}

/// The string itself, or the same address in another spelling.
fn same_string(rng: &mut Rng, text: &str, settings: Settings) -> Json {
    match text.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            let octets = address.octets();
            if settings.corners == Corners::All && rng.percent(10) {
                return across_families(rng, octets);
            }
            Json::Text(words::spelled_v4(rng, octets))
        }
        Ok(std::net::IpAddr::V6(address)) => Json::Text(words::spelled_v6(rng, address.segments())),
        Err(_) if text.contains(is_stand_in) && rng.percent(40) => Json::Text(recased(rng, text)),
        Err(_) => Json::text(text),
    }
}

/// A number or an IPv6 address whose digits start with those of `octets`.
fn across_families(rng: &mut Rng, octets: [u8; 4]) -> Json {
    let digits: String = octets.iter().map(|octet| format!("{octet:02X}")).collect();
    if is_number(&digits) && rng.percent(50) {
        return Json::raw(digits);
    }
    let [a, b, c, d] = octets;
    let mut groups = [0; 8];
    groups[0] = u16::from_be_bytes([a, b]);
    groups[1] = u16::from_be_bytes([c, d]);
    groups[7] = rng.below(2) as u16;
    Json::Text(words::spelled_v6(rng, groups))
}

fn tail(rng: &mut Rng) -> String {
    if rng.percent(40) { String::new() } else { words::short(rng) }
}

/// `text` with its case changed here and there, by every mapping and by some that do not count.
fn recased(rng: &mut Rng, text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        // A lone surrogate has no case; it stays, or becomes what some operators take it for.
        let way = if is_stand_in(character) { rng.between(7, 9) } else { rng.below(10) };
        match way {
            0..4 => out.extend(character.to_lowercase()),
            4..8 => out.extend(character.to_uppercase()),
            8 if is_stand_in(character) => out.push(if rng.percent(50) { '?' } else { words::lone(rng) }),
            8 if character.len_utf16() == 2 => out.push_str("??"),
            8 => out.push_str(look_alike(character).unwrap_or(character.encode_utf8(&mut [0; 4]))),
            _ => out.push(character),
        }
    }
    out
}

/// What folds to the same letter in other tables than event-ruler's.
fn look_alike(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'k' | 'K' => "\u{212a}",
        'σ' | 'Σ' => "ς",
        'i' => "İ",
        _ => return None,
    })
}

/// Something for each star.
fn filled(rng: &mut Rng, wildcard: &str) -> String {
    let mut out = String::new();
    let mut characters = wildcard.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => {
                let piece = if rng.percent(20) { wildcard.replace('*', "") } else { words::short(rng) };
                out.push_str(if rng.percent(30) { "" } else { &piece });
            }
            '\\' => out.extend(characters.next()),
            literal => out.push(literal),
        }
    }
    out
}

/// An address inside a range, or a number that counts as one, or one just outside.
fn inside_cidr(rng: &mut Rng, cidr: &str) -> Json {
    let (base, mask) = cidr.split_once('/').unwrap_or((cidr, "0"));
    let mask: u32 = mask.trim_matches(['+', '/']).parse().unwrap_or(8);
    let random = u128::from(rng.next_u64()) << 64 | u128::from(rng.next_u64());
    let fill = match rng.below(4) {
        0 => 0,
        1 => u128::MAX,
        _ => random,
    };
    let outside = if rng.percent(15) { 1_u128 << rng.below(128) } else { 0 };
    match base.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            let host = u32::MAX.checked_shr(mask).unwrap_or(0);
            let bits = (address.to_bits() & !host | fill as u32 & host) ^ outside as u32;
            let octets = bits.to_be_bytes();
            if rng.percent(20) {
                across_families(rng, octets)
            } else {
                Json::Text(words::spelled_v4(rng, octets))
            }
        }
        Ok(std::net::IpAddr::V6(address)) => {
            let host = u128::MAX.checked_shr(mask).unwrap_or(0);
            let bits = (address.to_bits() & !host | fill & host) ^ outside;
            let groups = std::net::Ipv6Addr::from_bits(bits).segments();
            Json::Text(words::spelled_v6(rng, groups))
        }
        Err(_) if rng.percent(50) => Json::text(base),
        Err(_) => Json::raw(words::number(rng)),
    }
}

fn inside_numeric(rng: &mut Rng, operand: &Json) -> String {
    let Json::List(elements) = operand else { return words::number(rng) };
    let comparisons: Vec<(&str, &str)> = elements
        .chunks(2)
        .filter_map(|pair| match pair {
            [Json::Text(operator), Json::Raw(bound)] => Some((&**operator, &**bound)),
            _ => None,
        })
        .collect();
    let holds = |number: &str| {
        let value: f64 = number.parse().unwrap_or(f64::NAN);
        comparisons.iter().all(|(operator, bound)| {
            let bound: f64 = bound.parse().unwrap_or(f64::NAN);
            match *operator {
                "<" => value < bound,
                "<=" => value <= bound,
                ">" => value > bound,
                ">=" => value >= bound,
                _ => value == bound,
            }
        })
    };
    let mut found = words::number(rng);
    for _ in 0..6 {
        let Some((_, bound)) = comparisons.get(rng.below(comparisons.len().max(1))) else { break };
        let near =
            if rng.percent(40) { words::respelled(rng, bound) } else { words::near_number(rng, bound) };
        if holds(&near) {
            return near;
        }
        found = near;
    }
    found
}

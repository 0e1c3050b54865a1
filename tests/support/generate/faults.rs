//! What is wrong on purpose.

use super::super::rng::Rng;
use super::json::{Json, Style};

/// Elements of a field's list that are refused (or, some of them, accepted by the skin of their teeth).
const BAD_MATCHERS: [&str; 66] = [
    r#"{}"#,
    r#"[]"#,
    r#"["a"]"#,
    r#"[[1]]"#,
    r#"{"prefix":1}"#,
    r#"{"prefix":null}"#,
    r#"{"prefix":["a"]}"#,
    r#"{"prefix":{}}"#,
    r#"{"prefix":{"prefix":"a"}}"#,
    r#"{"prefix":{"equals-ignore-case":1}}"#,
    r#"{"prefix":{"equals-ignore-case":"a","x":1}}"#,
    r#"{"Prefix":"a"}"#,
    r#"{"prefix":"a","suffix":"b"}"#,
    r#"{"prefix":"a","prefix":"b"}"#,
    r#"{"suffix":true}"#,
    r#"{"suffix":{"wildcard":"a"}}"#,
    r#"{"exactly":1}"#,
    r#"{"exactly":["a"]}"#,
    r#"{"equals-ignore-case":["a"]}"#,
    r#"{"equals-ignore-case":1}"#,
    r#"{"wildcard":"a**b"}"#,
    r#"{"wildcard":"a\\b"}"#,
    r#"{"wildcard":"a\\"}"#,
    r#"{"wildcard":"\\**"}"#,
    r#"{"wildcard":"*\\*"}"#,
    r#"{"wildcard":["a"]}"#,
    r#"{"wildcard":1}"#,
    r#"{"exists":"true"}"#,
    r#"{"exists":1}"#,
    r#"{"exists":null}"#,
    r#"{"cidr":"10.0.0.0"}"#,
    r#"{"cidr":"10.0.0.0/32"}"#,
    r#"{"cidr":"10.0.0.0/-1"}"#,
    r#"{"cidr":"10.0.0.0/"}"#,
    r#"{"cidr":"10.0.0/8"}"#,
    r#"{"cidr":"/8"}"#,
    r#"{"cidr":"10.0.0.0/8/9"}"#,
    r#"{"cidr":"10.0.0.0/a"}"#,
    r#"{"cidr":"::/128"}"#,
    r#"{"cidr":"::ffff:10.0.0.0/104"}"#,
    r#"{"cidr":"::ffff:a00:0/104"}"#,
    r#"{"cidr":["10.0.0.0/8"]}"#,
    r#"{"cidr":10}"#,
    r#"{"numeric":[]}"#,
    r#"{"numeric":["="]}"#,
    r#"{"numeric":["=","1"]}"#,
    r#"{"numeric":["==",1]}"#,
    r#"{"numeric":["<",1,">",0]}"#,
    r#"{"numeric":[">",1,"<",1]}"#,
    r#"{"numeric":[">",2,"<",1]}"#,
    r#"{"numeric":[">",1,">",2]}"#,
    r#"{"numeric":[">",1,"<",2,"<",3]}"#,
    r#"{"numeric":["=",9007199254740993]}"#,
    r#"{"numeric":["<",1e400]}"#,
    r#"{"numeric":1}"#,
    r#"{"anything-but":[]}"#,
    r#"{"anything-but":["a",1]}"#,
    r#"{"anything-but":[1,"a"]}"#,
    r#"{"anything-but":[null]}"#,
    r#"{"anything-but":true}"#,
    r#"{"anything-but":1.0000000000000001}"#,
    r#"{"anything-but":{"prefix":""}}"#,
    r#"{"anything-but":{"suffix":["a",""]}}"#,
    r#"{"anything-but":{"numeric":["=",1]}}"#,
    r#"{"anything-but":{"prefix":{"equals-ignore-case":"a"}}}"#,
    r#"{"regex":"a"}"#,
];

/// Values of a field, and of `$or`, that are no good.
const BAD_VALUES: [&str; 16] = [
    "[]",
    "{}",
    "1",
    "null",
    "\"a\"",
    "true",
    "[[]]",
    "[{}]",
    "{\"a\":1}",
    "[{\"a\":[1]}]",
    "[{\"a\":[1]},1]",
    "[1,2]",
    "[{\"a\":[1]},{}]",
    "[{\"prefix\":\"a\"},{\"suffix\":\"b\"}]",
    "[{\"a\":[1]},{\"prefix\":[1]}]",
    "{\"a\":{\"b\":{}}}",
];

/// Puts one fault into a pattern.
pub fn spoil(rng: &mut Rng, pattern: &mut Json) {
    match pattern {
        Json::Object(members) if !members.is_empty() => {
            let at = rng.index_of(members);
            match rng.below(12) {
                0 => members[at].1 = Json::raw(*rng.pick(&BAD_VALUES.each_ref())),
                1 => members.push(("$or".to_owned(), Json::raw(*rng.pick(&BAD_VALUES.each_ref())))),
                _ => spoil(rng, &mut members[at].1),
            }
        }
        Json::List(elements) => {
            if let Some(Json::Object(branch)) = elements.first_mut()
                && branch.len() > 1
            {
                return spoil(rng, &mut elements[0]);
            }
            let at = rng.between(0, elements.len());
            elements.insert(at, Json::raw(*rng.pick(&BAD_MATCHERS.each_ref())));
        }
        other => *other = Json::raw(*rng.pick(&BAD_VALUES.each_ref())),
    }
}

/// Something that is no JSON object.
pub fn not_an_object(rng: &mut Rng) -> String {
    let texts = [
        "",
        " ",
        "[]",
        "1",
        "\"a\"",
        "null",
        "{",
        "[{\"a\":1}]",
        "}",
        "true",
        "{]",
        "nul",
        "\u{feff}{}",
        "[{}",
    ];
    rng.pick(&texts).to_owned()
}

/// `text` with one thing done to it that mostly makes it no JSON.
pub fn broken(rng: &mut Rng, text: &str) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    if places.is_empty() {
        return text.to_owned();
    }
    let at = places[rng.below(places.len())];
    let (before, after) = text.split_at(at);
    let shorter: String = after.chars().skip(1).collect();
    match rng.below(8) {
        0 => before.to_owned(),
        1 => format!("\u{feff}{text}"),
        2 => format!("{before}{shorter}"),
        3 => text.replacen('}', ",}", 1),
        4 => text.replacen(']', ",]", 1),
        _ => {
            let insertions = [
                ",", "\"", "\\", "{", "]", "\u{1}", "0", "/**/", "NaN", "'", ":", "\u{7f}", "\\u12g4", "-",
                "01",
            ];
            format!("{before}{}{after}", rng.pick(&insertions))
        }
    }
}

/// A subtree of an event that no pattern asks for: large, deep, and sometimes broken.
pub fn heavy_value(rng: &mut Rng) -> Json {
    let nested = |levels: usize, inner: &str| format!("{}{inner}{}", "[".repeat(levels), "]".repeat(levels));
    match rng.below(10) {
        // The event around it is a level of its own.
        0 => Json::raw(nested(rng.between(997, 1_001), "")),
        1 => Json::raw(nested(30, "{\"a\":01}")),
        2 => Json::raw(nested(3, "\"\\x\"")),
        3 => Json::raw("{\"a\":tru}"),
        4..7 => Json::raw(nested(rng.between(5, 40), "{\"a\":[1,\"]\",\"\\\"\"]}")),
        _ => {
            let element = Json::object([("a", Json::raw("1")), ("b", Json::text("}]\\\""))]);
            let list = Json::List(vec![element; rng.between(10, 60)]);
            Json::raw(Style::any(rng).write(rng, &list))
        }
    }
}

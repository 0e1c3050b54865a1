//! A table of files that are refused.

/// Whether a schema can know that a file is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// It refuses the file too.
    Refuses,
    /// It cannot.
    CannotKnow,
}

use Schema::{CannotKnow, Refuses};

const RULES: &str = "version: 1\nrules: [r.yaml]\n";
const TEST: &str = "version: 1\nrules: [r.yaml]\ntests:\n  - name: n\n    event: {}\n";
const EXPECT: &str =
    "version: 1\nrules: [r.yaml]\ntests:\n  - name: n\n    event: {}\n    expect: { matches: [] }\n";
const CORPUS: &str = "version: 1\nrules: [r.yaml]\ntests:\n  - name: n\n    events: [e]\n";

/// What a file begins with, what is wrong behind it, whether the schema knows, and all that the reader says.
pub(crate) const BAD: &[(&str, &str, Schema, &[&str])] = &[
    // The file as a whole.
    ("", "", Refuses, &["a test file holds one document, this one holds 0"]),
    ("", "5", Refuses, &["1:1 `a test file` has to be an object, not a number"]),
    ("", "a: 1\n---\nb: 1\n", Refuses, &["a test file holds one document, this one holds 2"]),
    (
        "",
        "{}",
        Refuses,
        &[
            "1:1 a test file needs `version`",
            "1:1 a test file needs `rules`",
            "1:1 a test file needs `tests`",
        ],
    ),
    (
        "",
        "version: 2\nrules: [a]\ntests: []\n",
        Refuses,
        &["1:10 unknown version `2` of the format | this program knows version 1", "3:8 `tests` is empty"],
    ),
    (
        "",
        "version: '1'\nrules: a\ntests: {}\n",
        Refuses,
        &[
            "1:10 `version` has to be a number, not a string",
            "2:8 `rules` has to be a list, not a string",
            "3:8 `tests` has to be a list, not an object",
        ],
    ),
    (
        "",
        "version: 1\nrules: []\ntests: [{}]\n",
        Refuses,
        &[
            "2:8 `rules` is empty",
            "3:9 a test needs `name`",
            "3:9 a test needs `event`",
            "3:9 a test needs `expect`",
        ],
    ),
    (
        "",
        "version: 1\nrules: ['', 5]\ntests: [5]\n",
        Refuses,
        &[
            "2:9 `rules` is empty",
            "2:13 `rules` has to be a text, not a number",
            "3:9 `tests` has to be an object, not a number",
        ],
    ),
    (EXPECT, "test: []\n", Refuses, &["7:1 unknown key `test` in a test file | did you mean `tests`?"]),
    (
        EXPECT,
        "engine: aws\n",
        Refuses,
        &[
            "7:1 unknown key `engine` in a test file | known here: `version`, `rules`, `parameters`, `limits`, `fixtures`, `tests`",
        ],
    ),
    (EXPECT, "limits: servce\n", Refuses, &["7:9 `servce` is no set of limits | did you mean `service`?"]),
    (
        EXPECT,
        "parameters: { A: [1], B: 012 }\n",
        Refuses,
        &[
            "7:18 `A` has to be a text, not a list",
            "7:26 `012` without quotes is a number to some readers of YAML and text to others | put it in quotes if text is meant, else write true, false or a plain decimal",
        ],
    ),
    (EXPECT, "parameters: []\n", Refuses, &["7:13 `parameters` has to be an object, not a list"]),
    // Fixtures.
    (EXPECT, "fixtures: { a: 5 }\n", Refuses, &["7:16 `a` has to be an event, not a number"]),
    (EXPECT, "fixtures: { a: { file: 5 } }\n", Refuses, &["7:24 `file` has to be a text, not a number"]),
    (
        EXPECT,
        "fixtures: { a: { detail: { on: NO } } }\n",
        CannotKnow,
        &[
            "7:28 `on` without quotes is a boolean to some readers of YAML and text to others | put it in quotes if text is meant, else write true, false or a plain decimal",
            "7:32 `NO` without quotes is a boolean to some readers of YAML and text to others | put it in quotes if text is meant, else write true, false or a plain decimal",
        ],
    ),
    (
        EXPECT,
        "fixtures: { a: { detail: !Ref Stage } }\n",
        CannotKnow,
        &["7:26 tags such as `!Ref` have no meaning in a test file"],
    ),
    (
        EXPECT,
        "fixtures: { a: { detail: !any string } }\n",
        CannotKnow,
        &["7:26 tags such as `!any` have no meaning in a test file"],
    ),
    // Tests.
    (
        RULES,
        "tests:\n  - { name: a, event: {}, expect: { matches: [] } }\n  - { name: a, event: {}, expect: { matches: [] } }\n",
        CannotKnow,
        &["5:7 a second test called `a`, the first is at line 4"],
    ),
    (
        RULES,
        "tests:\n  - { name: 5, event: {}, expect: { matches: [] }, tags: [], skip: true }\n",
        Refuses,
        &[
            "4:13 `name` has to be a text, not a number",
            "4:58 `tags` is empty",
            "4:68 `skip` has to be a text, not a boolean",
        ],
    ),
    (
        TEST,
        "    expects: { matches: [] }\n",
        Refuses,
        &["4:5 a test needs `expect`", "6:5 unknown key `expects` in a test | did you mean `expect`?"],
    ),
    (
        RULES,
        "tests:\n  - { name: a, event: placed, expect: { matches: [] } }\n",
        CannotKnow,
        &["4:23 `placed` is no fixture | there are none"],
    ),
    (
        RULES,
        "fixtures: { placed: {} }\ntests:\n  - { name: a, event: place, expect: { matches: [] } }\n",
        CannotKnow,
        &["5:23 `place` is no fixture | did you mean `placed`?"],
    ),
    (
        RULES,
        "tests:\n  - { name: a, event: [], expect: { matches: [] } }\n",
        Refuses,
        &["4:23 `event` has to be an event, not a list"],
    ),
    (EXPECT, "    events: [e]\n", Refuses, &["7:5 unknown key `events` in a test | did you mean `event`?"]),
    (
        RULES,
        "tests:\n  - { name: a, event: {}, matrix: [{ name: b, expect: { matches: [] } }] }\n  - { name: 'a: b', event: {}, expect: { matches: [] } }\n",
        CannotKnow,
        &["5:7 a second test called `a: b`, the first is at line 4"],
    ),
    // Changes.
    (EXPECT, "    set: {}\n", Refuses, &["7:10 `set` is empty"]),
    (EXPECT, "    set: []\n", Refuses, &["7:10 `set` has to be an object, not a list"]),
    (
        EXPECT,
        "    set: { detail/a: 1, /a~2: 1, '': 1 }\n",
        Refuses,
        &[
            "7:12 the pointer `detail/a` has to start with `/`",
            "7:25 the pointer `/a~2` has a `~` that is neither `~0` (for `~`) nor `~1` (for `/`)",
            "7:34 the pointer `` has to start with `/`",
        ],
    ),
    (EXPECT, "    unset: /detail\n", Refuses, &["7:12 `unset` has to be a list, not a string"]),
    (EXPECT, "    unset: [detail]\n", Refuses, &["7:13 the pointer `detail` has to start with `/`"]),
    // Rows.
    (EXPECT, "    matrix: []\n", Refuses, &["7:13 `matrix` is empty"]),
    (TEST, "    matrix: [{ set: { /a: 1 } }]\n", Refuses, &["6:14 a row of a matrix needs `expect`"]),
    (
        EXPECT,
        "    matrix: [{ event: x }]\n",
        Refuses,
        &["7:16 unknown key `event` in a row of a matrix | known here: `name`, `set`, `unset`, `expect`"],
    ),
    (
        EXPECT,
        "    matrix: [{ set: { /a: 1 } }, { set: { /a: 1 } }]\n",
        CannotKnow,
        &["7:34 a second row called `/a = 1`, the first is at line 7"],
    ),
    // Expectations.
    (TEST, "    expect: {}\n", Refuses, &["6:13 `expect` is empty"]),
    (TEST, "    expect: []\n", Refuses, &["6:13 `expect` has to be an object, not a list"]),
    (
        TEST,
        "    expect: { matchs: [] }\n",
        Refuses,
        &["6:15 unknown key `matchs` in an expectation | did you mean `matches`?"],
    ),
    (TEST, "    expect: { matches: a }\n", Refuses, &["6:24 `matches` has to be a list, not a string"]),
    (
        TEST,
        "    expect: { matches: [a, a] }\n",
        Refuses,
        &["6:28 a second rule called `a`, the first is at line 6"],
    ),
    (
        TEST,
        "    expect: { matches: [], never: [a] }\n",
        Refuses,
        &["6:28 `never` beside `matches`: that list is exact, nothing else matches"],
    ),
    (
        TEST,
        "    expect: { matches: [], matches_at_least: [a] }\n",
        Refuses,
        &["6:28 `matches_at_least` beside `matches`: that list is exact, nothing else matches"],
    ),
    (TEST, "    expect: { never: [] }\n", Refuses, &["6:22 `never` is empty"]),
    (
        TEST,
        "    expect: { verdict: deliverd }\n",
        Refuses,
        &["6:24 `deliverd` is no verdict | did you mean `delivered`?"],
    ),
    (
        TEST,
        "    expect: { verdict: lost }\n",
        Refuses,
        &["6:24 `lost` is no verdict | known are `delivered`, `unmatched`, `errored`"],
    ),
    (
        TEST,
        "    expect: { code: INVALID_JSON }\n",
        Refuses,
        &["6:15 `code` means nothing without `verdict: errored`"],
    ),
    (
        TEST,
        "    expect: { verdict: unmatched, code: INVALID_JSON }\n",
        Refuses,
        &["6:35 `code` means nothing without `verdict: errored`"],
    ),
    (
        TEST,
        "    expect: { verdict: errored, code: BROKEN }\n",
        Refuses,
        &[
            "6:39 `BROKEN` is no code | known are `INVALID_EVENT_JSON`, `EVENT_NOT_AN_OBJECT`, `EVENT_TOO_LARGE`, `ARRAYS_TOO_COMPLEX`, `SOURCE_BROKEN`, `INVALID_JSON`, `EMPTY_INPUT`, `INVALID_LOG_EVENT`",
        ],
    ),
    (TEST, "    expect: { because: { r: {} } }\n", Refuses, &["6:29 the reason of a miss needs `path`"]),
    (
        TEST,
        "    expect: { because: { r: /detail } }\n",
        Refuses,
        &["6:29 `because` has to be an object, not a string"],
    ),
    (
        TEST,
        "    expect: { because: { r: { path: detail.a } } }\n",
        Refuses,
        &["6:37 the pointer `detail.a` has to start with `/`"],
    ),
    (
        TEST,
        "    expect: { because: { r: { path: /a, actual: {} } } }\n",
        Refuses,
        &["6:49 `actual` has to be a single value, as conditions see them, not an object"],
    ),
    (
        TEST,
        "    expect: { because: { r: { path: /a, actual: 1, missing: true } } }\n",
        Refuses,
        &["6:52 `missing` beside `actual`: what is missing has no value"],
    ),
    (
        TEST,
        "    expect: { because: { r: { path: /a, missing: false } } }\n",
        Refuses,
        &["6:50 `missing` has to be `true`, or left out, not a boolean"],
    ),
    // Bodies.
    (TEST, "    expect: { bodies: { r: [] } }\n", Refuses, &["6:28 `r` has to be an object, not a list"]),
    (
        TEST,
        "    expect: { bodies: { r: { t: x } } }\n",
        Refuses,
        &["6:33 `bodies` has to be an object, not a string"],
    ),
    (
        TEST,
        "    expect: { bodies: { r: { t: {} } } }\n",
        Refuses,
        &[
            "6:33 `bodies` has to be an object with one of `json`, `text`, `file` and `snapshot`, not an object",
        ],
    ),
    (
        TEST,
        "    expect: { bodies: { r: { t: { jsn: 1 } } } }\n",
        Refuses,
        &["6:35 unknown key `jsn` in an expected body | did you mean `json`?"],
    ),
    (
        TEST,
        "    expect: { bodies: { r: { t: { json: 1, text: a } } } }\n",
        Refuses,
        &[
            "6:33 `bodies` has to be an object with one of `json`, `text`, `file` and `snapshot`, not an object",
        ],
    ),
    (
        TEST,
        "    expect: { bodies: { r: { t: { text: 5 }, u: { file: [] }, v: { snapshot: false } } } }\n",
        Refuses,
        &[
            "6:41 `text` has to be a text, not a number",
            "6:57 `file` has to be a text, not a list",
            "6:78 `snapshot` has to be `true`, or left out, not a boolean",
        ],
    ),
    (
        TEST,
        "    expect: { bodies: { r: { t: { json: { a: yes } } } } }\n",
        CannotKnow,
        &[
            "6:46 `yes` without quotes is a boolean to some readers of YAML and text to others | put it in quotes if text is meant, else write true, false or a plain decimal",
        ],
    ),
    // Many events.
    (CORPUS, "", Refuses, &["4:5 a test of many events needs `expect`"]),
    (
        CORPUS,
        "    expect: { matches: [] }\n",
        Refuses,
        &[
            "6:15 unknown key `matches` in an expectation of many events | known here: `rules`, `unexpected`, `errored`",
        ],
    ),
    (
        CORPUS,
        "    expect: {}\n    set: { /a: 1 }\n",
        Refuses,
        &[
            "6:13 `expect` is empty",
            "7:5 unknown key `set` in a test of many events | known here: `name`, `events`, `expect`, `tags`, `skip`",
        ],
    ),
    (
        CORPUS,
        "    expect: { rules: { r: 5 }, unexpected: ok, errored: {} }\n",
        Refuses,
        &[
            "6:27 `rules` has to be an object, not a number",
            "6:44 `ok` is no answer to rules that are not listed | known are `fail`",
            "6:57 `errored` is empty",
        ],
    ),
    (
        CORPUS,
        "    expect: { rules: { r: { count: -1, rate: 5 }, s: { count: 1.5, rate: '>1' }, t: { count: few } } }\n",
        Refuses,
        &[
            "6:36 `-1` is not a number of events, such as `12`, `180..220` or `>=10`",
            "6:46 `5` is not a share of the events, such as `1%`, `0.5%..2%` or `>0.5%`",
            "6:63 `1.5` is not a number of events, such as `12`, `180..220` or `>=10`",
            "6:74 `>1` is not a share of the events, such as `1%`, `0.5%..2%` or `>0.5%`",
            "6:94 `few` is not a number of events, such as `12`, `180..220` or `>=10`",
        ],
    ),
];

#[test]
fn every_bad_file_is_refused_with_all_that_is_wrong_in_it() {
    let mut wrong = Vec::new();
    for (head, rest, _, expected) in BAD {
        let found = crate::support::problems("x.test.yaml", &format!("{head}{rest}"));
        if found != *expected {
            wrong.push(format!("{rest}\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn json_says_the_same_and_knows_repeated_keys() {
    let text = r#"{"version": 1, "rules": ["r"], "rules": ["r"], "tests": [{"name": "n", "event": {"a": {"b": 1, "b": 2}}, "expect": {"verdict": "x"}}]}"#;
    assert_eq!(
        crate::support::problems("x.test.json", text),
        [
            "1:32 the key `rules` stands here twice",
            "1:96 the key `b` stands here twice",
            "1:128 `x` is no verdict | known are `delivered`, `unmatched`, `errored`",
        ]
    );
}

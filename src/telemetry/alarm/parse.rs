//! From a text to a rule.

use std::time::Duration;

use super::super::definition::{Definition, Kind};
use super::super::table::{EVENTS, TABLE};
use super::rule::{AlarmProblem, AlarmRule, Comparison, Measured, Selector};
use super::words::{Word, Words};

/// The window where a rule says none.
const WINDOW: Duration = Duration::from_secs(60);
/// The longest window and `for`; more is a typing error, or a question to a real store of metrics.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3_600);
const VERDICTS: [&str; 3] = ["delivered", "unmatched", "errored"];

/// What stands before the comparison.
enum Subject {
    Counter(Selector),
    Quotient(Selector, Selector),
    Gauge(Selector),
    Quantile(f64, Selector),
}

/// What stands behind it.
#[derive(Clone, Copy)]
enum Threshold {
    Plain(f64),
    Percent(f64),
    PerSecond(f64),
    Seconds(f64),
}

pub(super) fn parse(text: &str) -> Result<AlarmRule, AlarmProblem> {
    let mut words = Words::of(text);
    let subject = subject(&mut words)?;
    let comparison = comparison(&mut words)?;
    let threshold_place = words.problem("");
    let threshold = threshold(&mut words)?;
    let (measured, threshold) = measured(subject, threshold)
        .map_err(|message| AlarmProblem { message: message.to_owned(), ..threshold_place })?;
    let over_place = words.problem("a gauge has no window; leave `over` out");
    let over = duration_after("over", &mut words)?;
    if over.is_some() && matches!(measured, Measured::Level(_)) {
        return Err(over_place);
    }
    let holding = duration_after("for", &mut words)?;
    if words.peek()?.is_some() {
        return Err(words.problem("nothing more is expected here than `over WINDOW` and then `for TIME`"));
    }
    Ok(AlarmRule {
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        measured,
        comparison,
        threshold,
        over: over.unwrap_or(WINDOW),
        holding: holding.unwrap_or_default(),
    })
}

fn subject(words: &mut Words<'_>) -> Result<Subject, AlarmProblem> {
    let mut place = words.problem("");
    let Some(Word::Name(name)) = words.peek()? else {
        return Err(words.problem("expected a metric such as `errored` or `p99(judge_seconds)`"));
    };
    if let Some(quantile) = quantile(name) {
        words.next()?;
        expect("(", words)?;
        place = words.problem("");
        let selector = selector(words)?;
        expect(")", words)?;
        return match selector.definition.kind {
            Kind::Histogram => Ok(Subject::Quantile(quantile, selector)),
            kind => Err(AlarmProblem { message: format!("a {kind} has no quantiles"), ..place }),
        };
    }
    let whole = selector(words)?;
    match whole.definition.kind {
        Kind::Counter if words.take("/")? => {
            let place = words.problem("only a counter can be divided by");
            let by = selector(words)?;
            if by.definition.kind == Kind::Counter { Ok(Subject::Quotient(whole, by)) } else { Err(place) }
        }
        Kind::Counter => Ok(Subject::Counter(whole)),
        Kind::Gauge => Ok(Subject::Gauge(whole)),
        Kind::Histogram => {
            let name = whole.definition.name;
            Err(AlarmProblem { message: format!("a histogram has quantiles: p99({name})"), ..place })
        }
    }
}

/// `p99.9` as 0.999.
fn quantile(name: &str) -> Option<f64> {
    let percent: f64 = name.strip_prefix('p')?.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

fn selector(words: &mut Words<'_>) -> Result<Selector, AlarmProblem> {
    let place = words.problem("");
    let Some(Word::Name(name)) = words.next()? else {
        return Err(AlarmProblem { message: "expected a metric".to_owned(), ..place });
    };
    if VERDICTS.contains(&name) {
        let labels = vec![("verdict".to_owned(), name.to_owned())];
        return Ok(Selector { definition: &EVENTS.definition, labels });
    }
    let Some(definition) = TABLE.into_iter().find(|definition| is_called(definition, name)) else {
        let names: Vec<&str> = TABLE.iter().map(|definition| short(definition)).collect();
        let message =
            format!("there is no metric `{name}`; there are {}, {}", VERDICTS.join(", "), names.join(", "));
        return Err(AlarmProblem { message, ..place });
    };
    let labels = if words.take("{")? { labels(definition, words)? } else { Vec::new() };
    Ok(Selector { definition, labels })
}

fn is_called(definition: &Definition, name: &str) -> bool {
    let short = short(definition);
    name == definition.name
        || name == short
        || name == short.trim_end_matches("_total").trim_end_matches("_seconds")
}

fn short(definition: &Definition) -> &'static str {
    definition.name.trim_start_matches("ruleproof_")
}

fn labels(definition: &Definition, words: &mut Words<'_>) -> Result<Vec<(String, String)>, AlarmProblem> {
    let mut labels = Vec::new();
    loop {
        let place = words.problem("");
        let name = match words.next()? {
            Some(Word::Name(name)) if definition.labels.contains(&name) => name,
            _ => {
                let known = if definition.labels.is_empty() {
                    "none".to_owned()
                } else {
                    definition.labels.join(", ")
                };
                let message = format!("the labels of {} are: {known}", definition.name);
                return Err(AlarmProblem { message, ..place });
            }
        };
        expect("=", words)?;
        let place = words.problem("expected the label's value in quotation marks");
        let Some(Word::Quoted(value)) = words.next()? else { return Err(place) };
        labels.push((name.to_owned(), value));
        if words.take("}")? {
            return Ok(labels);
        }
        expect(",", words)?;
    }
}

fn comparison(words: &mut Words<'_>) -> Result<Comparison, AlarmProblem> {
    let place = words.problem("expected one of >, >=, <, <=");
    match words.next()? {
        Some(Word::Symbol(">")) => Ok(Comparison::Above),
        Some(Word::Symbol(">=")) => Ok(Comparison::AtLeast),
        Some(Word::Symbol("<")) => Ok(Comparison::Below),
        Some(Word::Symbol("<=")) => Ok(Comparison::AtMost),
        _ => Err(place),
    }
}

fn threshold(words: &mut Words<'_>) -> Result<Threshold, AlarmProblem> {
    let place = words.problem("expected a number such as 1%, 10, 5/s or 250ms");
    let Some(Word::Number(text)) = words.next()? else { return Err(place) };
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    // `1 %` is written too.
    let percent = !text.ends_with('%') && words.take("%")?;
    let read = match (text.strip_suffix('%'), text.strip_suffix("/s")) {
        _ if percent => number(text).map(|n| Threshold::Percent(n / 100.0)),
        (Some(text), _) => number(text).map(|n| Threshold::Percent(n / 100.0)),
        (_, Some(text)) => number(text).map(Threshold::PerSecond),
        _ => number(text)
            .map(Threshold::Plain)
            .or_else(|| humantime::parse_duration(text).ok().map(|d| Threshold::Seconds(d.as_secs_f64()))),
    };
    read.ok_or(place)
}

fn measured(subject: Subject, threshold: Threshold) -> Result<(Measured, f64), &'static str> {
    use Threshold::{PerSecond, Percent, Plain, Seconds};
    let all_events = Selector { definition: &EVENTS.definition, labels: Vec::new() };
    match (subject, threshold) {
        (Subject::Counter(counter), Plain(count)) => Ok((Measured::Count(counter), count)),
        (Subject::Counter(counter), Percent(part)) => Ok((Measured::Ratio(counter, all_events), part)),
        (Subject::Counter(counter), PerSecond(rate)) => Ok((Measured::Rate(counter), rate)),
        (Subject::Counter(_), Seconds(_)) => {
            Err("a counter is compared with a number, such as 10, 1% or 5/s")
        }
        (Subject::Quotient(part, whole), Plain(ratio) | Percent(ratio)) => {
            Ok((Measured::Ratio(part, whole), ratio))
        }
        (Subject::Quotient(..), _) => Err("a quotient is compared with a number or with a percentage"),
        (Subject::Gauge(gauge), Plain(level) | Percent(level) | Seconds(level)) => {
            Ok((Measured::Level(gauge), level))
        }
        (Subject::Gauge(_), PerSecond(_)) => Err("a gauge has no rate per second"),
        (Subject::Quantile(quantile, of), Plain(seconds) | Seconds(seconds)) => {
            Ok((Measured::Quantile(quantile, of), seconds))
        }
        (Subject::Quantile(..), _) => Err("a quantile is compared with a duration such as 250ms"),
    }
}

fn duration_after(word: &str, words: &mut Words<'_>) -> Result<Option<Duration>, AlarmProblem> {
    if !words.take(word)? {
        return Ok(None);
    }
    let place = words.problem(format!("expected a duration from 1s to 7days behind `{word}`, such as 5m"));
    let Some(Word::Number(text)) = words.next()? else { return Err(place) };
    match humantime::parse_duration(text) {
        Ok(duration) if (Duration::from_secs(1)..=LONGEST).contains(&duration) => Ok(Some(duration)),
        _ => Err(place),
    }
}

fn expect(symbol: &str, words: &mut Words<'_>) -> Result<(), AlarmProblem> {
    if words.take(symbol)? { Ok(()) } else { Err(words.problem(format!("expected `{symbol}`"))) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(text: &str) -> (usize, String) {
        let problem = parse(text).unwrap_err();
        (problem.column, problem.message)
    }

    #[test]
    fn all_forms_are_read() {
        for (text, threshold, over, holding) in [
            ("errored > 1% for 5m", 0.01, 60, 300),
            ("errored > 1 % over 2m for 5m", 0.01, 120, 300),
            ("ruleproof_errors_total{code=\"EVENT_TOO_LARGE\"} >= 10 over 1h", 10.0, 3_600, 0),
            ("dropped{reason=\"overload\"} / events_read > 0.5", 0.5, 60, 0),
            ("rule_matches{rule=\"a \\\"b\\\" c\"} < 1 over 1h 30m", 1.0, 3_600, 0),
            ("p99.9(judge) > 250ms", 0.25, 60, 0),
            ("lag <= 1m30s", 90.0, 60, 0),
            ("unmatched>5/s", 5.0, 60, 0),
            ("rule_match_ratio{rule=\"x\"} < 3%", 0.03, 60, 0),
        ] {
            let read =
                parse(&text.replace("1h 30m", "1h")).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert_eq!(read.threshold, threshold, "{text}");
            assert_eq!((read.over.as_secs(), read.holding.as_secs()), (over, holding), "{text}");
        }
    }

    #[test]
    fn problems_say_where_and_what_would_be_right() {
        for (text, column, says) in [
            ("", 1, "expected a metric"),
            (
                "erorred > 1%",
                1,
                "there is no metric `erorred`; there are delivered, unmatched, errored, alarm",
            ),
            ("errored 1%", 9, "expected one of >"),
            ("errored > much", 11, "expected a number"),
            ("errored > 1x", 11, "expected a number"),
            ("errored > 5ms", 11, "a counter is compared"),
            ("errored > 1% for ever", 18, "expected a duration"),
            ("errored > 1% for 100y", 18, "expected a duration"),
            ("errored > 1% during 5m", 14, "nothing more is expected"),
            ("lag > 5s over 1m", 10, "no window"),
            ("lag > 5/s", 7, "no rate"),
            ("judge > 5s", 1, "p99(ruleproof_judge_seconds)"),
            ("p99(lag) > 5s", 5, "a gauge has no quantiles"),
            ("errors{kod=\"A\"} > 1", 8, "the labels of ruleproof_errors_total are: code"),
            ("errors{code=\"A} > 1", 13, "no second one"),
            ("errors{code=A} > 1", 13, "in quotation marks"),
            ("errored / lag > 1%", 11, "only a counter"),
            ("ä > 1", 1, "there is no metric"),
        ] {
            let (at, message) = problem(text);
            assert!(at == column && message.contains(says), "{text}: {at}: {message}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in "\\PC{0,60}") {
            let _ = parse(&text);
        }

        #[test]
        fn pieces_of_rules_in_any_order_are_read_or_refused_with_a_place_inside(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "errored", "lag", "p99", "(", ")", "judge", "errors", "{", "}", "code", "=", "\"A\"", ",", "/",
                ">", "<=", "1%", "5/s", "10", "250ms", "over", "for", "5m", "ü",
            ]), 0..12),
        ) {
            let text = pieces.join(" ");
            if let Err(problem) = parse(&text) {
                prop_assert!(problem.column <= text.chars().count() + 1, "{problem}");
            }
        }
    }
}

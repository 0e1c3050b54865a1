//! What differs between two sets of rules, as Markdown that fits the comment of a pull request.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::diff::{DiffSummary, RuleDiff, Sightings, TargetDiff};
use super::diff_human::verdict_rows;
use super::diff_words::{change_of_rule, change_of_target, events, examples, of_target, unchanged};
use super::human::grouped;
use super::summary::RunEnd;

/// The longest comment. Source: GitHub's answer to longer ones, "body is too long (maximum is 65536 characters)"; counted
/// in bytes here, which are at least as many.
pub const MARKDOWN_BYTES_MAX: usize = 65_536;

/// Kept free for the line that says what is left out.
const RESERVED_BYTES: usize = 200;

/// Writes what differs as Markdown; what does not fit a comment is counted instead.
///
/// # Errors
/// The writer's.
pub fn write_diff_markdown(summary: &DiffSummary, out: &mut impl Write) -> io::Result<()> {
    let mut text = head(summary);
    let mut left_out = 0;
    let mut rows =
        String::from("\n| rule | change | matched | gained | lost |\n| --- | --- | ---: | ---: | ---: |\n");
    for rule in &summary.rules {
        match text.len() + rows.len() + row(rule).len() < MARKDOWN_BYTES_MAX / 2 {
            true => rows += &row(rule),
            false => left_out += 1,
        }
    }
    if !summary.rules.is_empty() {
        text += &rows;
    }
    let mut details_left_out = 0;
    for rule in &summary.rules {
        let details = details(rule);
        match text.len() + details.len() < MARKDOWN_BYTES_MAX - RESERVED_BYTES {
            true => text += &details,
            false => details_left_out += 1,
        }
    }
    let left_out = left_out.max(details_left_out);
    if left_out > 0 {
        let _ = write!(text, "\n{left_out} more rules differ; `--format json` has them all.\n");
    }
    out.write_all(text.as_bytes())
}

fn head(summary: &DiffSummary) -> String {
    let verdict = match summary.differs() {
        true => "these rules treat events otherwise",
        false => "no event is treated otherwise",
    };
    let mut text = format!("### Ruleproof: {verdict}\n\n{} read", events(summary.read));
    if summary.end == RunEnd::Interrupted {
        text += "; interrupted, the numbers cover what was read until then";
    }
    text += "\n\n| | old | new |\n| --- | ---: | ---: |\n";
    for (name, old, new) in verdict_rows(&summary.old, &summary.new) {
        let _ = writeln!(text, "| {name} | {} | {} |", grouped(old), grouped(new));
    }
    for moved in &summary.moves {
        let _ = write!(text, "\n- {} {} → {}", events(moved.events.count), moved.from, moved.to);
        text += &such_as(&moved.events);
    }
    if !summary.moves.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "\n{}.", unchanged(summary.unchanged));
    text
}

fn row(rule: &RuleDiff) -> String {
    format!(
        "| {} | {} | {} → {} | {} | {} |\n",
        code(&rule.name),
        escaped(&change_of_rule(rule)),
        grouped(rule.old_matched),
        grouped(rule.new_matched),
        grouped(rule.gained.count),
        grouped(rule.lost.count)
    )
}

/// What is to be said of a rule besides its row; nothing if there is nothing.
fn details(rule: &RuleDiff) -> String {
    let mut lines = Vec::new();
    for (word, sightings) in [("gained", &rule.gained), ("lost", &rule.lost)] {
        if !sightings.examples.is_empty() {
            lines.push(format!("{word}{}", such_as(sightings)));
        }
    }
    lines.extend(rule.why.iter().map(|line| escaped(line)));
    lines.extend(rule.targets.iter().map(target));
    if lines.is_empty() {
        return String::new();
    }
    let name = html(&rule.name);
    format!("\n<details><summary>{name}</summary>\n\n- {}\n\n</details>\n", lines.join("\n- "))
}

fn target(target: &TargetDiff) -> String {
    let change = change_of_target(target);
    let change = if change.is_empty() { String::new() } else { format!(" ({change})") };
    let words = of_target(target).join("; ");
    let words = if words.is_empty() { words } else { format!(": {words}") };
    let mut text = format!("target {}{}{}", code(&target.id), escaped(&change), escaped(&words));
    text += &such_as(&target.bodies);
    if let Some((old, new)) = &target.example_bodies {
        let lines = |mark: char, body: &str| -> String {
            body.lines().map(|line| format!("  {mark} {line}\n")).collect()
        };
        let fence = fence_for(&[old, new]);
        let _ = write!(text, "\n\n  {fence}diff\n{}{}  {fence}", lines('-', old), lines('+', new));
    }
    text
}

/// `: such as ...`, with contents where they may be shown.
fn such_as(sightings: &Sightings) -> String {
    if sightings.examples.is_empty() {
        return String::new();
    }
    let mut text = format!(": such as {}", escaped(&examples(sightings)));
    for event in sightings.examples.iter().filter_map(|example| example.event.as_ref()) {
        let fence = fence_for(&[event]);
        let _ = write!(text, "\n\n  {fence}json\n  {}\n  {fence}", event.replace('\n', "\n  "));
    }
    text
}

/// A fence longer than any run of backticks inside.
fn fence_for(texts: &[&String]) -> String {
    let runs = texts.iter().flat_map(|text| text.split(|c| c != '`')).map(str::len);
    "`".repeat(runs.max().unwrap_or(0).max(2) + 1)
}

/// As code, whatever it holds.
fn code(text: &str) -> String {
    format!("<code>{}</code>", html(text))
}

/// So that nothing in it is markup: names and values come from files.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '|' => escaped.push_str("\\|"),
            '*' | '_' | '[' | ']' | '\\' | '~' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // Nobody is to be notified because a rule is called so.
            '@' => escaped.push_str("&#64;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('|', "&#124;").replace('@', "&#64;").replace('\n', " ").replace('`', "&#96;")
}

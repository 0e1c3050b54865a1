//! Damaged files: whatever stands in a file, loading ends, and says so if no rule came of it.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::Files;

const SEEDS: [&str; 13] = [
    "cloudformation_rule.yaml",
    "cloudformation_rule.json",
    "sam_template.yaml",
    "cli_list_rules.json",
    "cdk_synth.template.json",
    "terraform_show.json",
    "serverless.yml",
    "pipe_cloudformation.yaml",
    "lambda_esm.yaml",
    "same/pulumi.json",
    "same/terraform-plan.json",
    "terraform_main.tf",
    "same/terraform/main.tf",
];

const SNIPPETS: [&str; 27] = [
    "\n",
    " ",
    "  ",
    "- ",
    ": ",
    "|\n",
    ">-\n",
    "&a ",
    "*a",
    "<<: ",
    "!Ref ",
    "!Sub ",
    "!!int ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "#",
    "\t",
    "${",
    "é\u{1F600}",
    "---\n",
    "${self:custom}",
    "${opt:x, 'y'}",
    "true",
];

/// Replaces `len` bytes at `at` (both scaled to the text) by a snippet, on character boundaries.
fn damage(text: &str, at: f64, len: usize, snippet: usize) -> String {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor((at * text.len() as f64) as usize);
    let end = floor((start + len).min(text.len()));
    format!("{}{}{}", &text[..start], SNIPPETS[snippet % SNIPPETS.len()], &text[end..])
}

proptest! {
    #[test]
    fn damaged_files_never_stop_the_loader(
        seed in 0..SEEDS.len(),
        damages in vec((0.0..1.0_f64, 0..6_usize, 0..SNIPPETS.len()), 1..5),
    ) {
        let seed = SEEDS[seed];
        let mut text = std::fs::read_to_string(format!("tests/rules/data/{seed}")).expect("a file");
        for (at, len, snippet) in damages {
            text = damage(&text, at, len, snippet);
        }
        let loaded = Files::new().with(seed, &text).load(&[seed], &[]);
        let told = !loaded.rules.is_empty() || !loaded.problems.is_empty() || !loaded.notes.is_empty();
        prop_assert!(told, "{text}");
        for problem in &loaded.problems {
            prop_assert!(!problem.to_string().contains("loading stopped"), "{problem}\n{text}");
            let lines = text.lines().count() as u32 + 1;
            prop_assert!(problem.place.is_none_or(|place| place.line <= lines), "{problem}\n{text}");
        }
        for pattern in loaded.rules.iter().filter_map(|rule| rule.trigger.pattern()) {
            for offset in 0..=pattern.json().len() {
                pattern.place_of(offset);
            }
        }
    }
}

//! Terraform configurations.

use ruleproof::rules::{SourceKind, TargetInput};

use crate::support::{Files, essence, load_data, load_text, notes, only, pattern, problems};

#[test]
fn references_are_open_under_their_own_text() {
    let loaded = load_data(&["terraform_main.tf"], &[]);
    assert_eq!(problems(&loaded), ["7:59 big-orders: unresolved `aws_sqs_queue.q.arn`"]);
    let given =
        ["aws_sqs_queue.q.arn=arn:aws:sqs:eu-west-1:1:q", "aws_cloudwatch_event_bus.orders.name=orders"];
    let loaded = load_data(&["terraform_main.tf"], &given);
    assert_eq!(
        essence(&loaded),
        ["big-orders orders ENABLED \
          {\"source\":[\"shop.orders\"],\"detail\":{\"total\":[{\"numeric\":[\">\",100]}],\"arn\":[\"arn:aws:sqs:eu-west-1:1:q\"]}} None \
          [\"queue arn:aws:sqs:eu-west-1:1:q [\\\"Transformer Some([\\\\\\\"id=$.detail.id\\\\\\\"]) \
          Some(\\\\\\\"{\\\\\\\\\\\\\\\"id\\\\\\\\\\\\\\\": <id>}\\\\\\\\n\\\\\\\")\\\"] \
          Some(RetryPolicy { event_age_s_max: Some(600), retry_attempts_max: Some(3) }) \
          Some(\\\"${aws_sqs_queue.dlq.arn}\\\")\"]"]
    );
    assert_eq!(loaded.rules[0].source_kind, SourceKind::TerraformConfiguration);
    // The other target names no bus, and so another rule.
    assert!(notes(&loaded)[0].ends_with(
        "the rule `big-orders` of the target `aws_cloudwatch_event_target.path` is not in this file"
    ));
}

#[test]
fn pipes_of_configurations() {
    let loaded = load_data(&["pipe_terraform.tf"], &[]);
    let pipe = only(&loaded);
    assert_eq!(
        (pipe.name.as_str(), pipe.source_kind, pattern(pipe)),
        ("p", SourceKind::Pipe, r#"{"body":{"type":["paid"]}}"#)
    );
    assert_eq!(pipe.bus.as_str(), "${aws_sqs_queue.q.arn}");
}

fn rule(attributes: &str) -> String {
    format!("resource \"aws_cloudwatch_event_rule\" \"r\" {{\n  name = \"r\"\n{attributes}\n}}\n")
}

/// `WORD@line:column` for words of the pattern of the only rule.
fn places(file: &str, words: &[&str]) -> Vec<String> {
    let loaded = load_text("main.tf", file, &[]);
    let text = only(&loaded).trigger.pattern().expect("a pattern").clone();
    let place =
        |word: &&str| format!("{word}@{}", text.place_of(text.json().find(word).expect("there")).place);
    words.iter().map(place).collect()
}

#[test]
fn patterns_keep_the_places_of_their_bytes() {
    let object = rule("  event_pattern = jsonencode({\n    source = [\"é\", -5]\n  })");
    assert_eq!(places(&object, &["\"source", "\"é", "-5"]), ["\"source@4:5", "\"é@4:15", "-5@4:20"]);
    let quoted = rule(r#"  event_pattern = "{\"a\":[\"\u00e9\"]}""#);
    assert_eq!(places(&quoted, &["a\"", "é"]), ["a\"@3:23", "é@3:30"]);
    let heredoc = rule("  event_pattern = <<-EOT\n    {\n      \"a\": [1]\n    }\n  EOT");
    assert_eq!(places(&heredoc, &["{", "\"a", "1]"]), ["{@4:5", "\"a@5:7", "1]@5:13"]);
    let plain_heredoc = rule("  event_pattern = <<EOT\n{\"a\": [1]}\nEOT");
    assert_eq!(places(&plain_heredoc, &["1]"]), ["1]@4:8"]);
}

#[test]
fn what_is_no_literal_is_never_guessed() {
    let file = rule(
        "  event_pattern = jsonencode({\n    a = [var.none, upper(\"x\"), local.l ? 1 : 2]\n    b = [for x in var.list : x]\n    (var.key) = [1]\n  })",
    );
    assert_eq!(
        problems(&load_text("main.tf", &file, &[])),
        [
            r#"3:30 r: unresolved `{ a = [var.none, upper("x"), local.l ? 1 : 2] b = [for x in var.list : x] (var.key) = [1] }`"#
        ]
    );
    let file = file.replace("    (var.key) = [1]\n", "");
    assert_eq!(
        problems(&load_text("main.tf", &file, &[])),
        [
            "4:10 r: unresolved `var.none`",
            "4:20 r: unresolved `upper(\"x\")`",
            "4:32 r: unresolved `local.l ? 1 : 2`",
            "5:9 r: unresolved `[for x in var.list : x]`",
        ]
    );
    let given = ["var.none=n", "upper(\"x\")=X", "local.l ? 1 : 2=1", "[for x in var.list : x]=l"];
    assert_eq!(pattern(only(&load_text("main.tf", &file, &given))), r#"{"a":["n","X","1"],"b":"l"}"#);
}

#[test]
fn variables_locals_and_templates_resolve_across_the_files_of_a_folder() {
    let files = Files::new()
        .with("main.tf", rule("  event_pattern = \"{\\\"a\\\": [\\\"${local.stage}-x\\\"]}\""))
        .with(
            "variables.tf",
            "variable \"stage\" { default = \"dev\" }\nlocals { stage = \"${var.stage}!\" }\n",
        )
        .with("other/locals.tf", "locals { stage = \"wrong\" }\n");
    assert_eq!(pattern(only(&files.load(&[], &[]))), r#"{"a": ["dev!-x"]}"#);
    assert_eq!(
        pattern(only(&files.load(&["main.tf", "variables.tf"], &["var.stage=prod"]))),
        r#"{"a": ["prod!-x"]}"#
    );
    assert_eq!(problems(&files.load(&["main.tf"], &[])), ["3:33 r: unresolved `local.stage`"]);
}

#[test]
fn jsonencode_escapes_what_terraform_escapes() {
    let file = rule("  event_pattern = jsonencode({ a = [1] })")
        + "resource \"aws_cloudwatch_event_target\" \"t\" {\n  rule = aws_cloudwatch_event_rule.r.name\n  arn = \"q\"\n  input_transformer {\n    input_template = jsonencode({ b = \"<x>\", a = 1 })\n  }\n}\n";
    let loaded = load_text("main.tf", &file, &[]);
    let target = &only(&loaded).targets[0];
    assert_eq!(target.id.written(), "${aws_cloudwatch_event_target.t.target_id}");
    let [TargetInput::Transformer(transformer)] = &target.inputs[..] else { panic!("a transformer") };
    let template =
        transformer.template.as_ref().and_then(|template| template.known()).map(|text| text.as_str());
    assert_eq!(template, Some(r#"{"a":1,"b":"\u003cx\u003e"}"#));
}

#[test]
fn targets_of_rules_without_a_name_go_by_reference() {
    let file = "resource \"aws_cloudwatch_event_rule\" \"r\" {\n  for_each = var.rules\n  name = each.key\n  event_pattern = each.value\n}\nresource \"aws_cloudwatch_event_target\" \"t\" {\n  for_each = var.rules\n  rule = aws_cloudwatch_event_rule.r[each.key].name\n  arn = \"q\"\n}\n";
    assert_eq!(problems(&load_text("main.tf", file, &[])), ["4:19 r: unresolved `each.value`"]);
    let loaded = load_text("main.tf", file, &["each.value={\"a\":[1]}"]);
    assert_eq!((only(&loaded).name.as_str(), only(&loaded).targets.len()), ("r", 1));
}

#[test]
fn broken_and_hostile_configurations_are_problems() {
    let broken = problems(&load_text(
        "main.tf",
        "resource \"aws_cloudwatch_event_rule\" \"r\" {\n  name = \n}\n",
        &[],
    ));
    assert!(broken.len() == 1 && broken[0].starts_with("2:10 not a Terraform configuration: "), "{broken:?}");
    assert_eq!(
        problems(&load_text("main.tf", "provider \"aws\" {}\n", &[])),
        ["holds no rules, only other blocks of Terraform"]
    );
    for hostile in ["[", "{a=", "(", "!", "-", "\"${", "jsonencode(", "a ? ", "[for x in "] {
        let file = rule(&format!("  event_pattern = {}", hostile.repeat(50_000)));
        assert_eq!(problems(&load_text("main.tf", &file, &[])).len(), 1, "{hostile}");
    }
    let mut circle = rule("  event_pattern = jsonencode({ a = local.l0 })") + "locals {\n";
    for level in 0..40 {
        circle.push_str(&format!("  l{level} = [local.l{0}, local.l{0}]\n", (level + 1) % 40));
    }
    assert!(!problems(&load_text("main.tf", &(circle + "}\n"), &[])).is_empty());
}

#[test]
fn dynamic_blocks_are_open() {
    let file = "resource \"aws_pipes_pipe\" \"p\" {\n  source_parameters {\n    filter_criteria {\n      dynamic \"filter\" {\n        for_each = var.f\n        content { pattern = filter.value }\n      }\n    }\n  }\n}\n";
    assert_eq!(
        problems(&load_text("main.tf", file, &[])),
        ["4:7 p: unresolved `aws_pipes_pipe.p.source_parameters.filter_criteria.filter`"]
    );
}

//! What packages install beside the program.

use crate::session::Session;

#[test]
fn each_shell_gets_a_script_that_knows_the_commands() {
    let session = Session::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = session.run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for word in ["replay", "lint", "fail-on", "expect-none"] {
            assert!(ran.out.contains(word), "{shell} knows no {word}");
        }
    }
    assert_eq!(session.run(&["completions", "cmd"]).code, 2);
}

#[test]
fn manual_pages_are_written_for_the_program_and_each_command() {
    let session = Session::new();
    let page = session.run(&["man"]);
    assert_eq!(page.code, 0);
    assert!(page.out.contains(".TH ruleproof 1") && page.out.contains("Exit codes"), "{}", page.out);
    assert_eq!(session.run(&["man", "--dir", "man1"]).code, 0);
    for name in
        ["ruleproof", "ruleproof-replay", "ruleproof-lint", "ruleproof-rules", "ruleproof-completions"]
    {
        assert!(session.read(&format!("man1/{name}.1")).contains(".SH NAME"), "{name}");
    }
    session.file("taken", "");
    assert_eq!(session.run(&["man", "--dir", "taken"]).code, 2);
}

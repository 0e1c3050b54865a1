//! The suites of the shipped rules.

use super::session::Session;
use super::session::{Ran, repository};
use super::test_support::command;

#[test]
fn the_shipped_rules_pass_their_tests() {
    let session = Session::new();
    let mut command = command(&session, &["rules"]);
    let ran = Ran::from(command.current_dir(repository()).output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    let passed: u32 = ran.out.split(' ').next().unwrap().parse().unwrap();
    assert!(passed > 400, "{}", ran.out);
}

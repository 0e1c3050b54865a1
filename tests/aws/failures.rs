//! What goes wrong between this machine and AWS, each with its message and exit code.

use super::account::{Account, Ran, shipped};
use super::fake::Fake;
use super::ministack::endpoint_url;

const DOWN: [&str; 2] = ["probe", "down"];

/// `probe down` where every request gets this answer.
fn answered(status: u16, body: &str) -> (Ran, usize) {
    let (account, fake) = (Account::new(), Fake::answering(status, body));
    let ran = Ran::from(account.command(&DOWN).env("AWS_ENDPOINT_URL", &fake.url).output().unwrap());
    (ran, fake.requests())
}

#[test]
fn no_credentials() {
    let account = Account::new();
    let ran = Ran::from(account.bare_command(&DOWN).args(["--region", "eu-west-1"]).output().unwrap());
    ran.assert(3, &["no AWS credentials in the environment", "hint: give --profile or AWS_PROFILE"]);
}

#[test]
fn a_profile_that_does_not_exist() {
    let account = Account::new();
    let arguments = ["--region", "eu-west-1", "--profile", "nobody"];
    let ran = Ran::from(account.bare_command(&DOWN).args(arguments).output().unwrap());
    ran.assert(3, &["nobody", "hint: give --profile or AWS_PROFILE"]);
}

#[test]
fn a_profile_that_is_named_wins_over_the_environment() {
    let account = Account::new();
    let keys = format!("[mine]\naws_access_key_id = {}\naws_secret_access_key = secret\n", account.number);
    std::fs::write(account.path("credentials"), keys).unwrap();
    let in_environment = |profile: &str| {
        let rules = shipped("security");
        let up = ["probe", "up", "--yes", "--rules", &rules, "--bus", "orders", "--profile", profile];
        let mut command = account.command(&up);
        command.env("AWS_ACCESS_KEY_ID", "999999999999").env("AWS_ENDPOINT_URL", endpoint_url());
        command.env("AWS_SHARED_CREDENTIALS_FILE", account.path("credentials"));
        Ran::from(command.output().unwrap())
    };
    in_environment("nobody").assert(3, &["nobody", "hint: give --profile or AWS_PROFILE"]);
    in_environment("mine").assert(0, &["is complete"]);
    account.run(&["probe", "down", "--bus", "orders"]).assert(0, &["removed of bus orders"]);
}

#[test]
fn no_region_and_what_is_none() {
    let account = Account::new();
    let ran = Ran::from(account.command(&DOWN).env_remove("AWS_REGION").output().unwrap());
    ran.assert(2, &["no region; give --region or set AWS_REGION"]);
    let ran = Ran::from(account.command(&DOWN).args(["--region", "Eu West"]).output().unwrap());
    ran.assert(2, &["`Eu West` is no region, such as eu-west-1"]);
}

#[test]
fn an_endpoint_that_nobody_listens_on() {
    let account = Account::new();
    let arguments = ["--endpoint-url", "http://127.0.0.1:1"];
    let ran = Ran::from(account.command(&DOWN).args(arguments).output().unwrap());
    ran.assert(
        3,
        &["no connection to EventBridge in us-east-1 at http://127.0.0.1:1", "refused", "check --region"],
    );
}

#[test]
fn a_region_that_does_not_exist() {
    // Names below `.invalid` exist nowhere, and nobody is asked for them.
    let account = Account::new();
    let arguments = ["--region", "eu-nowhere-9", "--endpoint-url", "https://events.eu-nowhere-9.invalid"];
    let ran = Ran::from(account.command(&DOWN).args(arguments).output().unwrap());
    ran.assert(3, &["no connection to EventBridge in eu-nowhere-9", "check --region"]);
}

#[test]
fn access_denied() {
    let body = r#"{"__type": "AccessDeniedException", "message": "User: arn:aws:iam::1:user/x is not authorized to perform: events:DescribeEventBus"}"#;
    let (ran, requests) = answered(400, body);
    ran.assert(3, &["EventBridge DescribeEventBus: AccessDeniedException: User:", "allow the operation"]);
    assert_eq!(requests, 1);
}

#[test]
fn credentials_that_are_not_valid_any_more() {
    let (ran, requests) =
        answered(400, r#"{"__type": "ExpiredTokenException", "message": "The security token is expired"}"#);
    ran.assert(3, &["ExpiredTokenException: The security token is expired", "log in again"]);
    assert_eq!(requests, 1);
}

#[test]
fn clock_skew() {
    let body = r#"{"__type": "InvalidSignatureException", "message": "Signature expired: 20261122T100000Z is now earlier than 20261122T103000Z"}"#;
    let (ran, requests) = answered(403, body);
    ran.assert(3, &["Signature expired", "hint: set this machine's clock"]);
    assert_eq!(requests, 1);
}

#[test]
fn throttled_for_good() {
    let (ran, requests) = answered(400, r#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#);
    ran.assert(3, &["ThrottlingException: Rate exceeded", "lower the rate"]);
    assert_eq!(requests, 5);
}

#[test]
fn a_service_that_is_broken() {
    let (ran, requests) = answered(500, r#"{"__type": "InternalException", "message": "oops"}"#);
    ran.assert(3, &["EventBridge DescribeEventBus: InternalException: oops"]);
    assert_eq!(requests, 5);
}

#[test]
fn somebody_else_answers() {
    let (ran, _) = answered(200, "<html>Please log in to the guest network</html>");
    ran.assert(
        3,
        &["answered HTTP 200 with something else", "check --region, --endpoint-url and the network"],
    );
}

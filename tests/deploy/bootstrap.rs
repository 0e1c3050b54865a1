//! The loop around the program in Lambda, beside a Runtime API and a program of the test.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::files::deploy;

/// Ends with its shell, also when a test fails.
struct Loop(Child, #[allow(dead_code, reason = "the folder lives as long as the loop")] TempDir);

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the loop for `invocations` with a program that ends with `code`; what it posts.
fn posts(program: &str, seconds: &str, invocations: usize) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("ruleproof");
    fs::write(&binary, format!("#!/bin/sh\necho \"$@\" >> arguments\n{program}\n")).unwrap();
    fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
    let api = TcpListener::bind("127.0.0.1:0").unwrap();
    let shell = Command::new("sh")
        .arg(deploy().join("lambda/bootstrap"))
        .env("AWS_LAMBDA_RUNTIME_API", api.local_addr().unwrap().to_string())
        .env("LAMBDA_TASK_ROOT", folder.path())
        .envs([("QUEUE_NAME", "q"), ("SAMPLE_RATE", "10%"), ("SECONDS_PER_RUN", seconds)])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let arguments = folder.path().join("arguments");
    let _running = Loop(shell, folder);
    let (mut posts, mut handed_out) = (Vec::new(), 0);
    while posts.len() < invocations {
        let (mut stream, _) = api.accept().unwrap();
        let (line, body) = request(&mut stream);
        let answer = if line.starts_with("GET") {
            handed_out += 1;
            assert_eq!(line, "GET /2018-06-01/runtime/invocation/next HTTP/1.1");
            format!("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-{handed_out}\r\n")
        } else {
            posts.push((line, body));
            "HTTP/1.1 202 Accepted\r\n".to_owned()
        };
        write!(stream, "{answer}Connection: close\r\nContent-Length: 2\r\n\r\n{{}}").unwrap();
    }
    let typed = fs::read_to_string(arguments).unwrap();
    assert!(
        typed.starts_with("sample --rules rules --events sqs://q --until-empty --rate 10% --metrics-emf -"),
        "{typed}"
    );
    posts
}

/// The first line of a request and its body.
fn request(stream: &mut std::net::TcpStream) -> (String, String) {
    let mut text = String::new();
    let mut some = [0; 1_024];
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(|length| length.parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return (head.lines().next().unwrap().to_owned(), body.to_owned());
            }
        }
        let read = stream.read(&mut some).unwrap();
        assert!(read > 0, "{text}");
        text.push_str(std::str::from_utf8(&some[..read]).unwrap());
    }
}

#[test]
fn each_invocation_is_answered_with_what_the_program_came_to() {
    let fine = posts("exit 0", "5", 2);
    assert_eq!(
        fine.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>(),
        [
            "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1",
            "POST /2018-06-01/runtime/invocation/id-2/response HTTP/1.1",
        ]
    );
    let failed = posts("exit 2", "5", 1);
    assert_eq!(failed[0].0, "POST /2018-06-01/runtime/invocation/id-1/error HTTP/1.1");
    assert!(failed[0].1.contains("ruleproof ended with 2"), "{failed:?}");
}

#[test]
fn a_program_that_ends_well_when_its_time_is_up_is_no_failure() {
    let drained = posts("trap 'exit 0' TERM\nwhile :; do sleep 0.1; done", "1", 1);
    assert!(drained[0].0.contains("/id-1/response"), "{drained:?}");
    let broken = posts("trap 'exit 3' TERM\nwhile :; do sleep 0.1; done", "1", 1);
    assert!(broken[0].0.contains("/id-1/error"), "{broken:?}");
}

//! MiniStack 1.5.33, installed and started by the tests.
//!
//! One server for each test binary, on a free port of the loopback interface. It ends with the test binary, however
//! that ends: a shell holds it, and waits for the end of a pipe whose other end this process has.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::python::python_with;

const PACKAGE: &str = "ministack==1.5.33";
/// Of the environment that has it, and of the logs.
const FOLDER: &str = "ministack-1.5.33";

/// How long a server may take to listen. It takes under a second where nothing else runs.
const STARTS_WITHIN: Duration = Duration::from_secs(60);

/// Where the server of this test binary listens.
pub(crate) fn endpoint_url() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER.get_or_init(Server::start).url
}

struct Server {
    url: String,
    /// Holds the pipe.
    _shell: Child,
}

impl Server {
    fn start() -> Server {
        let python = python_with(FOLDER, &[PACKAGE]);
        let port = free_port();
        let shell = Command::new("sh")
            // `cat` ends when this process does.
            .args(["-c", r#""$@" & server=$!; cat > /dev/null; kill $server"#, "sh"])
            .arg(python)
            .args(["-m", "ministack"])
            .envs([("GATEWAY_PORT", port.to_string().as_str()), ("BIND_HOST", "127.0.0.1")])
            // Ports of its own that nobody needs here.
            .envs([("IOT_MTLS_ENABLED", "0"), ("SFTP_ENABLED", "0")])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log_file())
            .spawn()
            .expect("the shell `sh` is needed to start MiniStack");
        let begin = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(
                begin.elapsed() < STARTS_WITHIN,
                "MiniStack does not listen; see {}",
                log_path().display()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Server { url: format!("http://127.0.0.1:{port}"), _shell: shell }
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(FOLDER)
}

fn log_path() -> PathBuf {
    folder().join(format!("{}.log", std::process::id()))
}

fn log_file() -> File {
    File::create(log_path()).unwrap()
}

/// Asks MiniStack itself, past everything that is under test.
pub(crate) fn ask(
    account: &str,
    service: &str,
    target: &str,
    request: &serde_json::Value,
) -> serde_json::Value {
    let (body, host) = (request.to_string(), endpoint_url().trim_start_matches("http://"));
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {host}\r\nX-Amz-Target: {target}\r\nContent-Type: application/x-amz-json-1.1\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential={account}/20261122/us-east-1/{service}/aws4_request, \
         SignedHeaders=host, Signature=0\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{target}: {answer}");
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{target}: {error}: {answer}"))
}

/// Puts an object into a bucket of `account`, or makes the bucket if `key` is empty.
pub(crate) fn put_object(account: &str, bucket: &str, key: &str, content: &[u8]) {
    let host = endpoint_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    let path = if key.is_empty() { format!("/{bucket}") } else { format!("/{bucket}/{key}") };
    write!(
        stream,
        "PUT {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={account}/20261122/us-east-1/s3/\
         aws4_request, SignedHeaders=host, Signature=0\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        content.len()
    )
    .unwrap();
    stream.write_all(content).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
}

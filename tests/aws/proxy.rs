//! A server in front of MiniStack that does what MiniStack never does: it refuses entries, swallows them, answers
//! `TestEventPattern` otherwise, throttles, denies, or does not answer at all.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::ministack::endpoint_url;

/// A request, as far as a test may want to know.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Such as `AWSEvents.PutEvents`.
    pub(crate) target: String,
    pub(crate) body: String,
}

/// What becomes of a request.
pub(crate) enum Fate {
    /// It is passed on.
    Pass,
    /// It is answered here.
    Answer(u16, String),
    /// Another body is passed on, and the answer is changed.
    Change(String, Box<dyn FnOnce(String) -> String + Send>),
    /// The connection is closed.
    HangUp,
}

type Decide = dyn Fn(&Request) -> Fate + Send + Sync;

/// Listens until the test binary ends.
pub(crate) struct Proxy {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Proxy {
    /// Lets `decide` say what becomes of each request.
    pub(crate) fn start(decide: impl Fn(&Request) -> Fate + Send + Sync + 'static) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, decide): (Arc<Mutex<Vec<Request>>>, Arc<Decide>) = (Arc::default(), Arc::new(decide));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (decide, seen) = (Arc::clone(&decide), Arc::clone(&seen));
                // The client may hang up at any time.
                std::thread::spawn(move || drop(serve(stream, &*decide, &seen)));
            }
        });
        Proxy { url, requests }
    }

    /// The requests for `target` so far.
    pub(crate) fn requests(&self, target: &str) -> Vec<Request> {
        self.requests.lock().unwrap().iter().filter(|request| request.target == target).cloned().collect()
    }
}

fn serve(stream: TcpStream, decide: &Decide, seen: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let Some((head, body)) = read_message(&mut reader)? else { return Ok(()) };
        let target = header(&head, "x-amz-target").unwrap_or_default();
        let request = Request { target, body };
        seen.lock().unwrap().push(request.clone());
        let (status, body) = match decide(&request) {
            Fate::Pass => pass(&head, &request.body)?,
            Fate::Answer(status, body) => (status, body),
            Fate::Change(body, change) => {
                let (status, answer) = pass(&head, &body)?;
                (status, change(answer))
            }
            Fate::HangUp => return Ok(()),
        };
        write!(
            writer,
            "HTTP/1.1 {status} Answer\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
    }
}

/// Asks MiniStack.
fn pass(head: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(endpoint_url().trim_start_matches("http://"))?;
    let mut lines = head.lines();
    write!(stream, "{}\r\n", lines.next().unwrap_or_default())?;
    for line in lines {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !["content-length", "connection", "expect", ""].contains(&name.as_str()) {
            write!(stream, "{line}\r\n")?;
        }
    }
    write!(stream, "Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    let Some((head, body)) = read_message(&mut BufReader::new(stream))? else {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    };
    let status = head.split_ascii_whitespace().nth(1).and_then(|status| status.parse().ok());
    Ok((status.unwrap_or(500), body))
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// Head and body of a message; `None` at the end of the connection.
fn read_message(reader: &mut impl BufRead) -> std::io::Result<Option<(String, String)>> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim_end().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let length = header(&head, "content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(Some((head, String::from_utf8_lossy(&body).into_owned())))
}

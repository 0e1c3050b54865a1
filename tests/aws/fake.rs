//! A server that gives every request the same answer, or one answer after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Listens until the test binary ends.
pub(crate) struct Fake {
    pub(crate) url: String,
    /// The bodies of the requests that came.
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Answers with this status and body.
    pub(crate) fn answering(status: u16, body: &str) -> Fake {
        Fake::answering_in_turn(vec![(status, body.to_owned())])
    }

    /// Gives the first request the first status and body, and so on; the last ones to all further requests.
    pub(crate) fn answering_in_turn(answers: Vec<(u16, String)>) -> Fake {
        Fake::answering_slowly(answers, Duration::ZERO)
    }

    /// The same, but each answer takes a while.
    pub(crate) fn answering_slowly(answers: Vec<(u16, String)>, takes: Duration) -> Fake {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let (answers, received) = (Arc::new(answers), Arc::clone(&bodies));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answers, received) = (Arc::clone(&answers), Arc::clone(&received));
                // The client may hang up at any time.
                std::thread::spawn(move || drop(serve(stream, &answers, takes, &received)));
            }
        });
        Fake { url, bodies }
    }

    /// The bodies of the requests that came.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.bodies.lock().unwrap().len()
    }
}

fn serve(
    stream: TcpStream,
    answers: &[(u16, String)],
    takes: Duration,
    received: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut length = 0;
        let mut line = String::new();
        while line.trim_end() != "" || length == 0 && line.is_empty() {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut request = String::new();
        (&mut reader).take(length).read_to_string(&mut request)?;
        let turn = {
            let mut received = received.lock().unwrap();
            received.push(request);
            received.len().min(answers.len())
        };
        std::thread::sleep(takes);
        let (status, body) = &answers[turn - 1];
        write!(
            writer,
            "HTTP/1.1 {status} Answer\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
    }
}

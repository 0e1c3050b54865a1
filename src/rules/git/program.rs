//! The program `git`.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::GitProblem;

/// The program, in a known language and never asking anything.
fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
    command
}

/// What git prints; the problem is what it says where it fails.
fn output(arguments: &[&str]) -> Result<Vec<u8>, GitProblem> {
    let output = git(arguments).stdin(Stdio::null()).output().map_err(|error| no_program(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    if message.contains("not a git repository") {
        return Err(GitProblem::NoRepository);
    }
    let first = message.lines().next().unwrap_or("it says nothing").trim_start_matches("fatal: ");
    Err(GitProblem::Failed { message: first.to_owned() })
}

fn no_program(error: &std::io::Error) -> GitProblem {
    GitProblem::NoProgram { message: error.to_string() }
}

/// The way from the top of the repository to the current directory: `infra/`, or nothing.
pub(super) fn prefix() -> Result<String, GitProblem> {
    let printed = output(&["rev-parse", "--show-prefix"])?;
    Ok(String::from_utf8_lossy(&printed).trim_end_matches(['\n', '\r']).to_owned())
}

/// The name of the tree of a revision.
pub(super) fn tree_of(revision: &str) -> Result<String, GitProblem> {
    let unknown = || GitProblem::UnknownRevision { revision: revision.to_owned() };
    // No revision begins so, and it would be an option.
    if revision.starts_with('-') {
        return Err(unknown());
    }
    let tree = format!("{revision}^{{tree}}");
    match output(&["rev-parse", "--verify", "--quiet", &tree]) {
        Ok(printed) => {
            let name = String::from_utf8_lossy(&printed).trim().to_owned();
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_name { Ok(name) } else { Err(unknown()) }
        }
        Err(GitProblem::Failed { .. }) => Err(unknown()),
        Err(problem) => Err(problem),
    }
}

/// All entries of a tree, each ended by a zero byte.
pub(super) fn entries(tree: &str) -> Result<Vec<u8>, GitProblem> {
    output(&["ls-tree", "-r", "-z", "--full-tree", tree])
}

/// Reads objects, all through one process that starts when the first is asked for.
#[derive(Debug, Default)]
pub(in crate::rules) struct Blobs(Option<Running>);

#[derive(Debug)]
struct Running {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Blobs {
    /// The content of an object; nothing of it is read if it has more than `bytes_max`, which is
    /// [`BlobProblem::TooLarge`].
    pub(in crate::rules) fn read(&mut self, object: &str, bytes_max: u64) -> Result<Vec<u8>, BlobProblem> {
        let running = match &mut self.0 {
            Some(running) => running,
            none => none.insert(Running::start()?),
        };
        let outcome = running.read(object, bytes_max);
        // After an answer that was not read to its end the next would begin in the middle.
        if outcome.is_err() {
            self.0 = None;
        }
        outcome
    }
}

/// Why an object was not read.
#[derive(Debug)]
pub(in crate::rules) enum BlobProblem {
    Git(GitProblem),
    TooLarge { bytes: u64 },
}

impl From<GitProblem> for BlobProblem {
    fn from(problem: GitProblem) -> BlobProblem {
        BlobProblem::Git(problem)
    }
}

impl Running {
    fn start() -> Result<Running, GitProblem> {
        let mut command = git(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(|error| no_program(&error))?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(requests), Some(answers)) => {
                Ok(Running { process, requests, answers: BufReader::new(answers) })
            }
            _ => Err(GitProblem::Failed { message: "it has no standard streams".to_owned() }),
        }
    }

    /// One request, then its whole answer, so that neither side waits for the other.
    fn read(&mut self, object: &str, bytes_max: u64) -> Result<Vec<u8>, BlobProblem> {
        let failed = |error: std::io::Error| GitProblem::Failed { message: error.to_string() };
        writeln!(self.requests, "{object}").and_then(|()| self.requests.flush()).map_err(failed)?;
        let mut header = String::new();
        self.answers.read_line(&mut header).map_err(failed)?;
        let bytes = header.trim_end().rsplit(' ').next().and_then(|bytes| bytes.parse::<u64>().ok());
        let Some(bytes) = bytes else {
            return Err(GitProblem::Failed { message: format!("no object {object}") }.into());
        };
        if bytes > bytes_max {
            return Err(BlobProblem::TooLarge { bytes });
        }
        let mut content = Vec::new();
        (&mut self.answers).take(bytes).read_to_end(&mut content).map_err(failed)?;
        let mut newline = [0];
        self.answers.read_exact(&mut newline).map_err(failed)?;
        Ok(content)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It only reads; nothing is lost by ending it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

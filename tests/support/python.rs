//! Python programs that tests need, installed by the tests into `target/`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The Python that has `packages`, after installing them into an environment called `name` if that is not there yet.
pub(crate) fn python_with(name: &str, packages: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let venv = folder.join("venv");
    fs::create_dir_all(&folder).unwrap();
    // Several test binaries may come here at once.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let (python, complete) = (venv.join("bin/python3"), folder.join("complete"));
    let wanted = packages.join("\n");
    if fs::read_to_string(&complete).ok().as_deref() != Some(wanted.as_str()) {
        let _ = fs::remove_dir_all(&venv);
        checked("python3 -m venv", Command::new("python3").args(["-m", "venv"]).arg(&venv).output());
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        checked("pip install", Command::new(&python).args(pip).args(packages).output());
        fs::write(complete, wanted).unwrap();
    }
    python
}

/// What the tests are nothing without has to be there, so they say what is missing instead of passing.
fn checked(what: &str, ran: std::io::Result<Output>) {
    let needs = "these tests need python3 (3.10 or later) with venv and pip, and a package index";
    match ran {
        Err(error) => panic!("{needs}; `{what}` cannot be run: {error}"),
        Ok(output) if !output.status.success() => {
            panic!(
                "{needs}; `{what}` says: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        }
        Ok(_) => {}
    }
}

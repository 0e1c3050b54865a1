//! `ruleproof rules pull`.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::args::PullArgs;
use crate::cli::aws::{failed, plain_rules_of, run_async};
use crate::cli::exit::Exit;
use crate::cli::output::complain;
use crate::cli::output_file::{Content, FilesInUse, OutputFile};
use crate::rules::{BusName, PlainForm, load_text, plain_form};

pub(super) fn run(args: &PullArgs) -> anyhow::Result<Exit> {
    let mut in_use = FilesInUse::default();
    let mut all_empty = true;
    for bus in &args.buses {
        let pulled = run_async(async { Ok(plain_rules_of(&args.aws, bus).await) })?;
        let PlainForm { text, .. } = match pulled {
            Ok(pulled) => pulled,
            Err(error) => return Ok(failed(&error)),
        };
        let path = file_of(&args.output, bus);
        if !args.force && !is_ours(&path, bus)? {
            complain(&format!(
                "{} holds something else than pulled rules of bus {bus}\n  hint: move it, pull into another \
                 folder with --output, or replace it with --force",
                path.display()
            ));
            return Ok(Exit::Unusable);
        }
        std::fs::create_dir_all(&args.output)
            .with_context(|| format!("{} cannot be made", args.output.display()))?;
        let Ok(mut file) = OutputFile::create(&path, Content::Other("rules"), &mut in_use)? else {
            return Ok(Exit::Unusable);
        };
        file.write_all(text.as_bytes())?;
        file.flush()?;
        let rules = load_text(&path, text).rules.len();
        all_empty &= rules == 0;
        writeln!(stdout(), "{}: {rules} rules of bus {bus}", path.display())?;
    }
    Ok(if all_empty { Exit::NothingToRun } else { Exit::Fine })
}

/// Names of buses of partners have slashes.
fn file_of(folder: &Path, bus: &BusName) -> PathBuf {
    folder.join(format!("{}.json", bus.as_str().replace('/', "-")))
}

/// Whether nothing is lost if the file is replaced: it is not there, or holds rules of this bus in the very form that
/// they are pulled in.
fn is_ours(path: &Path, bus: &BusName) -> std::io::Result<bool> {
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).unwrap_or_default(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
    };
    let rules = load_text(path, text.clone()).rules;
    Ok(rules.iter().all(|rule| rule.bus == *bus) && plain_form(&rules).text == text)
}

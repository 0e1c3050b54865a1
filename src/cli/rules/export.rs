//! `ruleproof rules export`.

use std::io::{Write, stdout};

use super::args::ExportArgs;
use super::sources::loaded;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, remark};
use crate::cli::output_file::{Content, FilesInUse, OutputFile};
use crate::rules::{LeftOut, files_of, plain_form};

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<Exit> {
    let loaded = match loaded(&args.sources)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let plain = plain_form(&loaded.rules);
    let mut exit = loaded.exit();
    for (index, reason) in &plain.left_out {
        let rule = &loaded.rules[*index];
        let message = format!("{}: rule {} is not written: {reason}", rule.place, rule.display_name);
        match reason {
            LeftOut::RecordFilter => remark(&message),
            LeftOut::NotAName => {
                complain(&message);
                exit = Exit::Unusable;
            }
        }
    }
    // Half of the rules would pass for all of them.
    if exit == Exit::Unusable {
        return Ok(exit);
    }
    if plain.left_out.len() == loaded.rules.len() {
        complain("no rules to write");
        return Ok(Exit::NothingToRun);
    }
    match &args.output {
        None => stdout().lock().write_all(plain.text.as_bytes())?,
        Some(path) => {
            let mut in_use = FilesInUse::default();
            in_use.note(files_of(&loaded.plan.rules), "the rules");
            in_use.note(&loaded.plan.config, "the configuration");
            let Ok(mut file) = OutputFile::create(path, Content::Other("rules"), &mut in_use)? else {
                return Ok(Exit::Unusable);
            };
            file.write_all(plain.text.as_bytes())?;
            file.flush()?;
        }
    }
    Ok(exit)
}

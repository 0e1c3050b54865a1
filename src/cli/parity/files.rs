//! The file of recorded answers, and the bundle of disagreements.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::args::ParityArgs;
use super::gather::Gathered;
use crate::cli::exit::Exit;
use crate::cli::output::complain;
use crate::cli::output_file::{FilesInUse, OutputFile};
use crate::cli::replay::note_events;
use crate::findings::CompiledRule;
use crate::parity::{Asked, Compared, Known, case_id};
use crate::report::{OurAnswer, ParityDisagreement, RecordedCase, write_case};
use crate::rules::files_of;

/// Where answers are kept.
pub(super) struct Files<'g> {
    rules: &'g [CompiledRule],
    region: String,
    record: Option<OutputFile>,
    bundle: Bundle<'g>,
}

/// Made only if there is something to put into it.
struct Bundle<'g> {
    path: &'g Path,
    in_use: FilesInUse,
    file: Option<OutputFile>,
}

/// The answers of an earlier run; what is wrong with their file has been printed.
pub(super) fn known(args: &ParityArgs) -> Result<Known, Exit> {
    let mut known = Known::default();
    let Some(path) = &args.record else { return Ok(known) };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(known),
        Err(error) => {
            complain(&format!("{} cannot be read: {error}", path.display()));
            return Err(Exit::Unusable);
        }
    };
    known.read(&text).map_err(|(line, error)| {
        complain(&format!("{}:{line}: {error}", path.display()));
        Exit::Unusable
    })?;
    Ok(known)
}

impl<'g> Files<'g> {
    /// Opens what is to be written; if it is among what is read, that has been printed.
    pub(super) fn open(
        args: &'g ParityArgs,
        gathered: &'g Gathered,
        region: &str,
    ) -> anyhow::Result<Result<Files<'g>, Exit>> {
        let mut in_use = FilesInUse::default();
        in_use.note(files_of(&gathered.plan.rules), "the rules");
        in_use.note(&gathered.plan.config, "the configuration");
        note_events(&gathered.source, &mut in_use);
        let record = match &args.record {
            None => None,
            Some(path) => match OutputFile::append(path, "answers", &mut in_use)? {
                Ok(file) => Some(file),
                Err(_) => return Ok(Err(Exit::Unusable)),
            },
        };
        let bundle = Bundle { path: &args.bundle, in_use, file: None };
        Ok(Ok(Files { rules: &gathered.rules, region: region.to_owned(), record, bundle }))
    }

    /// Keeps an answer; a disagreement comes back, and is in the bundle.
    pub(super) fn keep(&mut self, compared: &Compared<'_>) -> std::io::Result<Option<ParityDisagreement>> {
        let rule = &self.rules[compared.pair.rule];
        let pattern = rule.pattern_json();
        let event = &*compared.pair.event.text;
        let (id, source) = (case_id(rule.rule.name.as_str(), pattern, event), self.source());
        let expect = compared.answer.says.as_str();
        let mut case = RecordedCase { id: &id, pattern, event, expect, source: &source, ours: None };
        if let Some(record) = self.record.as_mut().filter(|_| compared.answer.asked == Asked::Now) {
            write_case(&case, record)?;
            // So that an answer is paid for once, whatever happens next.
            record.flush()?;
        }
        if compared.agrees() {
            return Ok(None);
        }
        let (at, answered) = (rule.rule.place.to_string(), compared.ours().as_str());
        let name = &*rule.rule.display_name;
        case.ours = Some(OurAnswer { answered, rule: name, ruleproof: env!("CARGO_PKG_VERSION") });
        if let Some(file) = self.bundle.file()? {
            write_case(&case, file)?;
            file.flush()?;
        }
        Ok(Some(ParityDisagreement { id, rule: name.to_owned(), at, aws: expect, ours: answered }))
    }

    fn source(&self) -> String {
        format!("TestEventPattern in {}", self.region)
    }
}

impl Bundle<'_> {
    fn file(&mut self) -> std::io::Result<Option<&mut OutputFile>> {
        if self.file.is_none() {
            let created = OutputFile::create(self.path, "disagreements", &mut self.in_use);
            self.file = created.map_err(|error| std::io::Error::other(format!("{error:#}")))?.ok();
        }
        Ok(self.file.as_mut())
    }
}

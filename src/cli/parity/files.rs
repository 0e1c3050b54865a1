//! The file of recorded answers, and the bundle of disagreements.

use std::io::{ErrorKind, Write};

use super::args::ParityArgs;
use crate::cli::bundle::Bundle;
use crate::cli::exit::Exit;
use crate::cli::output::complain;
use crate::cli::output_file::{Content, FilesInUse, OutputFile};
use crate::findings::CompiledRule;
use crate::parity::{Asked, Compared, Known, case_id};
use crate::report::{OurAnswer, ParityDisagreement, RecordedCase, write_case};

/// Where answers are kept.
pub(super) struct Files<'g> {
    rules: &'g [CompiledRule],
    region: String,
    record: Option<OutputFile>,
    bundle: Bundle,
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
        args: &ParityArgs,
        rules: &'g [CompiledRule],
        in_use: &mut FilesInUse,
        region: &str,
    ) -> anyhow::Result<Result<Files<'g>, Exit>> {
        let record = match &args.record {
            None => None,
            Some(path) => match OutputFile::append(path, Content::OfEvents("answers"), in_use)? {
                Ok(file) => Some(file),
                Err(_) => return Ok(Err(Exit::Unusable)),
            },
        };
        let Ok(bundle) = Bundle::look(&args.bundle, in_use)? else { return Ok(Err(Exit::Unusable)) };
        Ok(Ok(Files { rules, region: region.to_owned(), record, bundle }))
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
        self.bundle.keep(&case);
        Ok(Some(ParityDisagreement { id, rule: name.to_owned(), at, aws: expect, ours: answered }))
    }

    /// Says where disagreements are, if there are any.
    pub(super) fn tell(&self) {
        self.bundle.tell();
    }

    fn source(&self) -> String {
        format!("TestEventPattern in {}", self.region)
    }
}

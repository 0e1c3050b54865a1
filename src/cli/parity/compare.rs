//! Asks AWS, and says what it came to.

use std::io::{BufWriter, Write, stdout};

use super::args::ParityArgs;
use super::files::{Files, known};
use super::gather::{Gathered, gather};
use crate::aws::Aws;
use crate::calls::{CallGroup, CallPolicy, CallSettings};
use crate::cli::args::Format;
use crate::cli::aws::{connect, failed, run_async};
use crate::cli::exit::Exit;
use crate::findings::CompiledRule;
use crate::parity::{Asked, ParityError, ask};
use crate::probe::Quotas;
use crate::report::{ParitySummary, write_parity_human, write_parity_json};

pub(super) fn run(args: &ParityArgs) -> anyhow::Result<Exit> {
    let mut gathered = match gather(args)? {
        Ok(gathered) => gathered,
        Err(exit) => return Ok(exit),
    };
    run_async(async {
        match connect(&args.aws).await {
            Ok(aws) => compare(args, &mut gathered, &aws).await,
            Err(error) => Ok(failed(&error)),
        }
    })
}

async fn compare(args: &ParityArgs, gathered: &mut Gathered, aws: &Aws) -> anyhow::Result<Exit> {
    let mut known = match known(args) {
        Ok(known) => known,
        Err(exit) => return Ok(exit),
    };
    let Gathered { rules, pairs, sampler, in_use } = gathered;
    let mut files = match Files::open(args, rules, in_use, aws.region())? {
        Ok(files) => files,
        Err(exit) => return Ok(exit),
    };
    let others = CallGroup::limited(&[], args.rate);
    let calls = CallPolicy::new(&CallSettings { others, ..Quotas::setup_calls() }, fastrand::u64(..));
    let patterns: Vec<&str> = rules.iter().map(CompiledRule::pattern_json).collect();
    let mut summary = ParitySummary {
        rules: rules.len(),
        events: sampler.read(),
        events_refused: sampler.refused(),
        pairs: pairs.len(),
        asked: 0,
        known: 0,
        agree: 0,
        disagreements: Vec::new(),
        calls: 0,
        complete: false,
    };
    let outcome = ask(&aws.pattern_tester(), &calls, &patterns, pairs, &mut known, |compared| {
        match compared.answer.asked {
            Asked::Now => summary.asked += 1,
            Asked::Before => summary.known += 1,
        }
        match files.keep(&compared)? {
            Some(disagreement) => summary.disagreements.push(disagreement),
            None => summary.agree += 1,
        }
        Ok(())
    })
    .await;
    summary.calls = calls.counts().calls;
    summary.complete = outcome.is_ok();
    print(&summary, args.format)?;
    files.tell();
    match outcome {
        Err(ParityError::Call(error)) => Ok(failed(&error)),
        Err(ParityError::Write(error)) => Err(anyhow::anyhow!("{error}")),
        Ok(()) if summary.disagreements.is_empty() => Ok(Exit::Fine),
        Ok(()) => Ok(Exit::VerdictsDisagree),
    }
}

fn print(summary: &ParitySummary, format: Format) -> std::io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        Format::Human => write_parity_human(summary, &mut out)?,
        Format::Json => write_parity_json(summary, &mut out)?,
    }
    out.flush()
}

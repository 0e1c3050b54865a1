//! `ruleproof explain`.

use std::io::{BufWriter, Write, stdout};

use clap::Args;

use super::exit::Exit;
use super::output::complain;
use crate::findings::{ExplainedKind, Explanation};
use crate::pattern::nearest;

/// `ruleproof explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code of a finding or of an errored event, or the kind of a pattern's problem [default: list them all]
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(args: ExplainArgs) -> anyhow::Result<Exit> {
    let mut out = BufWriter::new(stdout().lock());
    let Some(code) = args.code else {
        list(&mut out)?;
        return Ok(Exit::Fine);
    };
    let Some(explanation) = Explanation::of(&code) else {
        let known: Vec<&str> = Explanation::all().map(|explanation| explanation.code).collect();
        let hint = nearest(&code, &known).map(|known| format!("\n  hint: did you mean `{known}`?"));
        complain(&format!(
            "no code is called `{code}`; `ruleproof explain` lists them all{}",
            hint.unwrap_or_default()
        ));
        return Ok(Exit::Unusable);
    };
    writeln!(out, "{}: {}\n\n{}", explanation.code, explanation.title, explanation.text)?;
    out.flush()?;
    Ok(Exit::Fine)
}

fn list(out: &mut impl Write) -> std::io::Result<()> {
    let all: Vec<Explanation> = Explanation::all().collect();
    let width = all.iter().map(|explanation| explanation.code.len()).max().unwrap_or_default();
    let mut heading: Option<ExplainedKind> = None;
    for explanation in &all {
        if heading.replace(explanation.kind) != Some(explanation.kind) {
            let gap = if explanation.code == all[0].code { "" } else { "\n" };
            writeln!(out, "{gap}{}:", explanation.kind.heading())?;
        }
        writeln!(out, "  {:width$}  {}", explanation.code, explanation.title)?;
    }
    out.flush()
}

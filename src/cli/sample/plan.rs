//! From what was typed to what is kept.

use std::collections::BTreeMap;

use super::args::SampleArgs;
use crate::cli::output::{Complained, complain};
use crate::cli::typed::typed_pattern;
use crate::sampling::{Ceiling, Division, Grouping, Ratio, SamplingPlan};

/// The plan; all that is wrong is printed.
pub(super) fn sampling_plan(args: &SampleArgs) -> anyhow::Result<Result<SamplingPlan, Complained>> {
    let shares: Result<BTreeMap<String, Ratio>, Complained> =
        args.share.iter().map(|text| share(text)).collect();
    let keep = match &args.keep {
        None => Ok(None),
        Some(text) => match typed_pattern(text, &args.reading.limits.limits())? {
            Some(typed) => Ok(Some(typed.pattern)),
            None => Err(Complained),
        },
    };
    let (Ok(shares), Ok(keep)) = (shares, keep) else { return Ok(Err(Complained)) };
    let division = if args.ceiling_per_group { Division::EqualPerGroup } else { Division::Whole };
    let ceiling = args.ceiling.map(|rate| Ceiling { events_per_s: f64::from(rate.get()), division });
    Ok(Ok(SamplingPlan {
        rate: args.rate,
        key: args.key.clone(),
        group: args.group.clone().map(|by| Grouping { by, shares }),
        keep,
        ceiling,
    }))
}

/// Of `Order Placed=100%`, the name and the ratio.
fn share(text: &str) -> Result<(String, Ratio), Complained> {
    let parsed =
        text.rsplit_once('=').ok_or_else(|| format!("`{text}` is no share such as `Order Placed=100%`"));
    let parsed = parsed.and_then(|(name, ratio)| {
        let ratio: Ratio = ratio.parse().map_err(|error| format!("--share {text}: {error}"))?;
        Ok((name.to_owned(), ratio))
    });
    parsed.map_err(|problem| {
        complain(&problem);
        Complained
    })
}

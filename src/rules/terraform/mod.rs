//! Terraform and OpenTofu: `terraform show -json` of a plan or a state.
//!
//! A plan says which values will be known only once it is applied (`after_unknown`); these are open and can be
//! given by their address: `--param 'aws_cloudwatch_event_rule.big.event_pattern={...}'`. Targets are resources
//! of their own and are joined to their rule by its name and bus, or, where the name is open, by the reference
//! that the plan's configuration keeps.
//! Source: Terraform documentation, JSON output format.

mod address;
mod show;
mod types;
mod unknown;

pub(super) use address::as_name;
pub(super) use show::{is_raw_state, is_show, read as read_show};
pub(super) use types::{RULE_TYPE, kind_of};

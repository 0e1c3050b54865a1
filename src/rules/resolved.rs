//! Values that may be known only once a template is deployed.

use crate::json::Place;
use crate::transform::TargetKind;

/// A value, or what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved<T> {
    /// The value.
    Known(T),
    /// Something in it was not given.
    Unknown(Unknown),
}

impl<T> Resolved<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Resolved::Known(value) => Some(value),
            Resolved::Unknown(_) => None,
        }
    }
}

impl Resolved<String> {
    /// The value, or what was written for it with `${...}` for each part that is not known.
    pub fn written(&self) -> &str {
        match self {
            Resolved::Known(value) => value,
            Resolved::Unknown(unknown) => &unknown.written,
        }
    }
}

/// A value of which at least one part is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What was written, in the notation of `Fn::Sub`: `arn:${AWS::Partition}:sqs:eu-west-1:1:q`.
    pub written: String,
    /// What is missing; never empty.
    pub missing: Vec<Missing>,
    /// The resource of the same template, where the whole value is a reference to one; of Terraform configurations
    /// only event buses.
    pub resource: Option<ResourceRef>,
}

/// One thing that has to be given or mended before a value is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What it is, for people: `Fn::ImportValue: shared-vpc`.
    pub name: String,
    /// The way out.
    pub remedy: Remedy,
    /// Where it stands in its file.
    pub place: Place,
}

/// How to get at a missing value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Give it as the parameter of this name: `ImportValue:shared-vpc`.
    Give {
        /// The name.
        key: String,
    },
    /// The function is not written as CloudFormation wants it, which is so.
    Write(&'static str),
}

impl Remedy {
    /// What to do, for people.
    pub fn hint(&self) -> String {
        match self {
            Remedy::Give { key } => {
                format!("give it with `--param {}`", shell_quoted(&format!("{key}=VALUE")))
            }
            Remedy::Write(form) => format!("CloudFormation wants {form}"),
        }
    }
}

/// An argument as a shell takes it.
fn shell_quoted(argument: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/=@%+,".contains(&byte);
    match argument.bytes().all(is_plain) {
        true => argument.to_owned(),
        false => format!("'{}'", argument.replace('\'', r"'\''")),
    }
}

/// A resource that a template refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceRef {
    /// Its logical id, such as `OrdersQueue`; in Terraform its address, such as `aws_sqs_queue.orders`.
    pub logical_id: String,
    /// Its name, if its properties tell: as written, with `${...}` for each part that is not known.
    pub name: Option<String>,
    /// Its type, such as `AWS::SQS::Queue`.
    pub resource_type: String,
    /// What it is as a target.
    pub target_kind: TargetKind,
}

//! `Ref` and `Fn::GetAtt`: parameters and resources.

use super::Evaluator;
use super::resource::resource_type;
use super::substitute::node_of;
use crate::json::Place;
use crate::rules::tree::{Node, Value};
use crate::rules::{Missing, Remedy, Resolved, ResourceRef, Unknown};
use crate::transform::TargetKind;

/// Types whose `Ref` is the name that a property gives. Source: CloudFormation User Guide, the return values
/// of each type. Without the property the name is made at deployment and unknown.
const REF_IS_PROPERTY: [(&str, &str); 12] = [
    ("AWS::CodePipeline::Pipeline", "Name"),
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::ECS::Cluster", "ClusterName"),
    ("AWS::Events::EventBus", "Name"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::Kinesis::Stream", "Name"),
    ("AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::Serverless::Function", "FunctionName"),
    ("AWS::Serverless::SimpleTable", "TableName"),
];

impl Evaluator<'_> {
    /// What `Ref: name` stands for; `None` for `AWS::NoValue`.
    pub(super) fn reference(&self, name: &str, place: Place) -> Option<Node> {
        if name == "AWS::NoValue" {
            return None;
        }
        if let Some(value) = self.parameter(name) {
            return Some(Node::made(value, place));
        }
        if let Some(text) = self.name_of(name) {
            return Some(node_of(Resolved::Known(text), place));
        }
        let unknown = self.unknown_reference(format!("Ref: {name}"), name, name, place);
        Some(node_of(Resolved::Unknown(unknown), place))
    }

    /// What `Fn::GetAtt: [resource, attribute]` stands for.
    pub(in crate::rules) fn attribute_text(
        &self,
        resource: &str,
        attribute: &str,
        place: Place,
    ) -> Resolved<String> {
        let key = format!("{resource}.{attribute}");
        if let Some(value) = self.given.get(&key) {
            return Resolved::Known(value.to_owned());
        }
        let is_bus = self.resource_type(resource) == Some("AWS::Events::EventBus");
        if let Some(name) = self.name_of(resource).filter(|_| is_bus && attribute == "Name") {
            return Resolved::Known(name);
        }
        Resolved::Unknown(self.unknown_reference(format!("Fn::GetAtt: {key}"), &key, resource, place))
    }

    /// The name of a resource, where its properties tell.
    pub(in crate::rules) fn name_of(&self, logical_id: &str) -> Option<String> {
        self.name(logical_id)?.scalar_text().map(str::to_owned)
    }

    fn name(&self, logical_id: &str) -> Option<Node> {
        let resource = self.section("Resources", logical_id)?;
        let resource_type = resource_type(resource)?;
        let (_, property) = REF_IS_PROPERTY.iter().find(|(of, _)| *of == resource_type)?;
        let property = resource.get("Properties")?.get(property)?;
        // Names made of names of other resources are left open: following them could take forever.
        if self.inside_name.replace(true) {
            return None;
        }
        let name = self.evaluate(property);
        self.inside_name.set(false);
        name
    }

    fn resource_type(&self, logical_id: &str) -> Option<&str> {
        self.section("Resources", logical_id).and_then(resource_type)
    }

    fn target_kind(&self, logical_id: &str, resource_type: &str) -> TargetKind {
        match TargetKind::of_resource_type(resource_type) {
            TargetKind::Queue if self.is_fifo_queue(logical_id) => TargetKind::FifoQueue,
            kind => kind,
        }
    }

    fn is_fifo_queue(&self, logical_id: &str) -> bool {
        let properties =
            self.section("Resources", logical_id).and_then(|resource| resource.get("Properties"));
        let Some(property) = properties.and_then(|properties| properties.get("FifoQueue")) else {
            return false;
        };
        // As with names: a property that refers to its own resource would take forever.
        if self.inside_name.replace(true) {
            return false;
        }
        let value = self.evaluate(property);
        self.inside_name.set(false);
        value.is_some_and(|value| value.scalar_text() == Some("true"))
    }

    fn unknown_reference(&self, name: String, key: &str, logical_id: &str, place: Place) -> Unknown {
        Unknown {
            written: format!("${{{key}}}"),
            missing: vec![Missing { name, remedy: Remedy::Give { key: key.to_owned() }, place }],
            resource: self.resource_type(logical_id).map(|resource_type| ResourceRef {
                logical_id: logical_id.to_owned(),
                name: self.name(logical_id).as_ref().and_then(Node::written_text).map(str::to_owned),
                resource_type: resource_type.to_owned(),
                target_kind: self.target_kind(logical_id, resource_type),
            }),
        }
    }

    /// The given value of `name`, or the default of that parameter. A reference to a parameter is a text even
    /// if the type is `Number` (CloudFormation User Guide, parameters), and a list for the types of lists.
    fn parameter(&self, name: &str) -> Option<Value> {
        let declared = self.section("Parameters", name);
        let parameter_type = declared.and_then(resource_type).unwrap_or("String");
        let text = match self.given.get(name) {
            Some(value) => value,
            // The default of such a parameter is the name of its value, not the value.
            None if parameter_type.starts_with("AWS::SSM::Parameter::Value") => return None,
            None => declared?.get_present("Default")?.scalar_text()?,
        };
        let is_list = parameter_type == "CommaDelimitedList" || parameter_type.contains("List<");
        Some(if is_list { list_of(text) } else { Value::from(text) })
    }
}

/// The members of a comma-separated list, without the white space around them.
fn list_of(text: &str) -> Value {
    let place = Place { line: 1, column: 1 };
    Value::List(text.split(',').map(|item| Node::made(Value::from(item.trim()), place)).collect())
}

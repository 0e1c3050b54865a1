//! Reading rules from the files in which people keep them.

#[path = "rules/broken.rs"]
mod broken;
#[path = "rules/filters.rs"]
mod filters;
#[path = "rules/hcl.rs"]
mod hcl;
#[path = "rules/intrinsics.rs"]
mod intrinsics;
#[path = "rules/mutated.rs"]
mod mutated;
#[path = "rules/places.rs"]
mod places;
#[path = "rules/plain.rs"]
mod plain;
#[path = "rules/plain_form.rs"]
mod plain_form;
#[path = "rules/pulumi.rs"]
mod pulumi;
#[path = "rules/same.rs"]
mod same;
#[path = "rules/serverless.rs"]
mod serverless;
#[path = "rules/shipped.rs"]
mod shipped;
#[path = "rules/support.rs"]
mod support;
#[path = "rules/templates.rs"]
mod templates;
#[path = "rules/terraform.rs"]
mod terraform;
#[path = "rules/yaml.rs"]
mod yaml;

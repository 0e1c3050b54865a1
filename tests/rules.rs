//! Reading rules from the files in which people keep them.

#[path = "rules/broken.rs"]
mod broken;
#[path = "rules/intrinsics.rs"]
mod intrinsics;
#[path = "rules/mutated.rs"]
mod mutated;
#[path = "rules/places.rs"]
mod places;
#[path = "rules/plain.rs"]
mod plain;
#[path = "rules/shipped.rs"]
mod shipped;
#[path = "rules/support.rs"]
mod support;
#[path = "rules/templates.rs"]
mod templates;
#[path = "rules/yaml.rs"]
mod yaml;

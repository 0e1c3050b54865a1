//! The table: making it, checking it, removing it.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableDescription,
    TableStatus, Tag, TimeToLiveSpecification, TimeToLiveStatus,
};
use tokio::time::{Instant, sleep};

use super::item::{EXPIRES, PARTITION, SORT};
use crate::aws::reach::Reach;
use crate::calls::{CallError, CallErrorKind, CallPolicy, CallSettings, Effect};
use crate::probe::{Marks, Tags};
use crate::tracking::{StoreError, StoreErrorKind};

const CREATE: &str = "CreateTable";
const DESCRIBE: &str = "DescribeTable";
const DELETE: &str = "DeleteTable";
const TAGS: &str = "ListTagsOfResource";
const SET_EXPIRY: &str = "UpdateTimeToLive";
const DESCRIBE_EXPIRY: &str = "DescribeTimeToLive";

/// A table takes some seconds to make or remove.
const READY_WITHIN: Duration = Duration::from_secs(180);
const ASKED_EVERY: Duration = Duration::from_secs(1);

/// A table of DynamoDB for tracking, whether it is there or not.
#[derive(Debug)]
pub struct DynamoDbTable {
    pub(super) client: Client,
    pub(super) reach: Reach,
    pub(super) name: String,
    pub(super) policy: CallPolicy,
}

/// What a table is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    InTheMaking,
    Going,
    Ready,
}

impl DynamoDbTable {
    pub(in crate::aws) fn new(client: Client, reach: Reach, name: String, seed: u64) -> DynamoDbTable {
        let policy = CallPolicy::new(&CallSettings::of_service("DynamoDB"), seed);
        DynamoDbTable { client, reach, name, policy }
    }

    /// Makes the table with these tags, if it is not there, and waits until it can be used. The same call once more
    /// goes on where one stopped.
    ///
    /// # Errors
    /// If there is another table of that name, or if DynamoDB refuses or does not answer.
    pub async fn create(&self, tags: &Tags) -> Result<(), StoreError> {
        if self.find().await? == Found::Nothing {
            match self.policy.call(CREATE, || self.ask_to_create(tags)).await {
                // Somebody was quicker, or an answer was lost and the call repeated.
                Err(error) if error.kind != CallErrorKind::Conflict => return Err(self.call_error(error)),
                _ => {}
            }
        }
        self.wait_for(Found::Ready).await?;
        self.let_items_expire().await.map_err(|error| self.call_error(error))
    }

    /// Checks that the table is there and ours.
    ///
    /// # Errors
    /// If it is not, or if DynamoDB refuses or does not answer.
    pub async fn check(&self) -> Result<(), StoreError> {
        match self.find().await? {
            Found::Ready => Ok(()),
            Found::InTheMaking => self.wait_for(Found::Ready).await,
            Found::Nothing | Found::Going => {
                Err(self.error("there is no such table".to_owned(), Some(&self.way_to_make_it())))
            }
        }
    }

    /// Removes the table with all that it holds, and waits until it is gone. Whether it was there.
    ///
    /// # Errors
    /// If the table lacks the tags of a testbed, or if DynamoDB refuses or does not answer.
    pub async fn remove(&self) -> Result<bool, StoreError> {
        match self.find().await? {
            Found::Nothing => return Ok(false),
            Found::Going => {}
            Found::InTheMaking | Found::Ready => {
                self.check_tags().await?;
                match self.policy.call(DELETE, || self.ask_to_delete()).await {
                    Err(error) if error.kind != CallErrorKind::Missing => return Err(self.call_error(error)),
                    _ => {}
                }
            }
        }
        self.wait_for(Found::Nothing).await?;
        Ok(true)
    }

    /// Somebody else's table may have the same keys.
    async fn check_tags(&self) -> Result<(), StoreError> {
        let tags = self.policy.call(TAGS, || self.tags()).await.map_err(|error| self.call_error(error))?;
        if Marks::read(&tags).is_some() {
            return Ok(());
        }
        let problem = "it lacks the tags of a testbed, so `probe up` did not make it".to_owned();
        Err(self.error(problem, Some("it was left as it is; remove it by other means if nobody needs it")))
    }

    async fn find(&self) -> Result<Found, StoreError> {
        let table = match self.policy.call(DESCRIBE, || self.describe()).await {
            Ok(table) => table,
            Err(error) if error.kind == CallErrorKind::Missing => return Ok(Found::Nothing),
            Err(error) => return Err(self.call_error(error)),
        };
        if !is_ours(&table) {
            let problem =
                format!("its keys are not `{PARTITION}` and `{SORT}`, so it is no table of ruleproof");
            return Err(self.error(problem, Some("name another table; this one was left as it is")));
        }
        Ok(match table.table_status {
            Some(TableStatus::Creating) => Found::InTheMaking,
            Some(TableStatus::Deleting) => Found::Going,
            _ => Found::Ready,
        })
    }

    async fn wait_for(&self, wanted: Found) -> Result<(), StoreError> {
        let began = Instant::now();
        loop {
            let found = self.find().await?;
            if found == wanted {
                return Ok(());
            }
            if began.elapsed() > READY_WITHIN {
                let problem = format!("after {} s it is still being made or removed", READY_WITHIN.as_secs());
                return Err(self.error(problem, Some("try again later")));
            }
            sleep(ASKED_EVERY).await;
        }
    }

    async fn describe(&self) -> Result<TableDescription, CallError> {
        let sent = self.client.describe_table().table_name(&self.name).send().await;
        let answer = sent.map_err(|error| self.reach.failed(DESCRIBE, error))?;
        answer.table.ok_or_else(|| self.reach.lacks(DESCRIBE, "Table"))
    }

    async fn tags(&self) -> Result<Tags, CallError> {
        let arn = self.describe().await?.table_arn.ok_or_else(|| self.reach.lacks(DESCRIBE, "TableArn"))?;
        // The first page has more tags than `probe up` gives.
        let sent = self.client.list_tags_of_resource().resource_arn(arn).send().await;
        let answer = sent.map_err(|error| self.reach.failed(TAGS, error))?;
        Ok(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    async fn ask_to_create(&self, tags: &Tags) -> Result<(), CallError> {
        let keys = [(PARTITION, KeyType::Hash), (SORT, KeyType::Range)];
        let call = self.client.create_table().table_name(&self.name).billing_mode(BillingMode::PayPerRequest);
        let call = call
            .set_key_schema(Some(keys.into_iter().map(key).collect::<Result<_, _>>().map_err(incomplete)?))
            .set_attribute_definitions(Some(
                [PARTITION, SORT]
                    .into_iter()
                    .map(text_attribute)
                    .collect::<Result<_, _>>()
                    .map_err(incomplete)?,
            ))
            .set_tags(Some(tags.iter().map(tag).collect::<Result<_, _>>().map_err(incomplete)?));
        call.send().await.map(drop).map_err(|error| self.reach.failed(CREATE, error))
    }

    async fn ask_to_delete(&self) -> Result<(), CallError> {
        let sent = self.client.delete_table().table_name(&self.name).send().await;
        sent.map(drop).map_err(|error| self.reach.failed(DELETE, error))
    }

    async fn let_items_expire(&self) -> Result<(), CallError> {
        // To switch on what is on already is refused.
        let set = self.policy.call(DESCRIBE_EXPIRY, || self.expiry()).await?;
        if matches!(set, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
            return Ok(());
        }
        self.policy.call(SET_EXPIRY, || self.set_expiry()).await
    }

    async fn expiry(&self) -> Result<Option<TimeToLiveStatus>, CallError> {
        let sent = self.client.describe_time_to_live().table_name(&self.name).send().await;
        let answer = sent.map_err(|error| self.reach.failed(DESCRIBE_EXPIRY, error))?;
        Ok(answer.time_to_live_description.and_then(|description| description.time_to_live_status))
    }

    async fn set_expiry(&self) -> Result<(), CallError> {
        let wanted = TimeToLiveSpecification::builder().enabled(true).attribute_name(EXPIRES).build();
        let call = self.client.update_time_to_live().table_name(&self.name);
        let sent = call.time_to_live_specification(wanted.map_err(incomplete)?).send().await;
        sent.map(drop).map_err(|error| self.reach.failed(SET_EXPIRY, error))
    }

    /// The error `kind` at this table.
    pub(super) fn store_error(&self, kind: StoreErrorKind) -> StoreError {
        StoreError::new(format!("table {} of {}", self.name, self.reach), kind)
    }

    fn error(&self, problem: String, hint: Option<&str>) -> StoreError {
        self.store_error(StoreErrorKind::BackEnd { problem, hint: hint.map(str::to_owned) })
    }

    pub(super) fn call_error(&self, error: CallError) -> StoreError {
        let hint = match error.kind {
            CallErrorKind::Missing => Some(self.way_to_make_it()),
            kind => kind.hint().map(str::to_owned),
        };
        self.error(error.to_string(), hint.as_deref())
    }

    fn way_to_make_it(&self) -> String {
        let name = &self.name;
        format!(
            "make it with `ruleproof probe up --tracking dynamodb://{name}`, or check the name and --region"
        )
    }
}

fn is_ours(table: &TableDescription) -> bool {
    let keys: Vec<(&str, &KeyType)> =
        table.key_schema().iter().map(|key| (key.attribute_name(), key.key_type())).collect();
    keys == [(PARTITION, &KeyType::Hash), (SORT, &KeyType::Range)]
}

fn key((name, kind): (&str, KeyType)) -> Result<KeySchemaElement, BuildError> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build()
}

fn text_attribute(name: &str) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
}

fn tag((key, value): (&String, &String)) -> Result<Tag, BuildError> {
    Tag::builder().key(key).value(value).build()
}

/// A request that lacks a member, which none of ours does.
pub(super) fn incomplete(error: BuildError) -> CallError {
    CallError {
        service: "DynamoDB",
        operation: "build",
        code: "IncompleteRequest".to_owned(),
        message: error.to_string(),
        kind: CallErrorKind::Invalid,
        effect: Effect::None,
    }
}

//! A simulated control plane: EventBridge's and SQS's answers, as far as testbeds depend on them.
//!
//! Lists come in pages of two, names are taken once, a rule with targets cannot be deleted and neither can a bus with
//! rules, tags of an existing rule stay as they are. The n-th call can fail, before or after it took effect.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use ruleproof::calls::{CallError, CallErrorKind, Effect};
use ruleproof::probe::{
    BusAdmin, FoundBus, FoundRule, NewRule, Page, QueueAdmin, QueueSettings, QueueTarget, QueueUrl, Tags,
};
use ruleproof::rules::BusName;

const PAGE: usize = 2;

/// How the chosen call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crash {
    /// It never reached the service.
    Before,
    /// It took effect, and the answer never came.
    After,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) buses: BTreeMap<BusName, Tags>,
    pub(crate) rules: BTreeMap<(BusName, String), Rule>,
    pub(crate) queues: BTreeMap<String, Queue>,
    /// Names of queues that cannot be used again yet, and for how many tries more.
    pub(crate) reserved_names: BTreeMap<String, u32>,
    /// Deleted queues that lists still show.
    pub(crate) ghosts: BTreeSet<String>,
    pub(crate) calls: Vec<&'static str>,
    crash: Option<(usize, Crash)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) pattern: String,
    pub(crate) tags: Tags,
    pub(crate) targets: BTreeMap<String, QueueTarget>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Queue {
    pub(crate) settings: QueueSettings,
    pub(crate) tags: Tags,
}

/// Both control planes of one region.
#[derive(Debug, Clone, Default)]
pub(crate) struct ControlPlane(Arc<Mutex<State>>);

impl ControlPlane {
    pub(crate) fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The call with this number, counted from 0 and from now on, fails.
    pub(crate) fn crash_at(&self, call: usize, crash: Crash) {
        let mut state = self.state();
        state.calls.clear();
        state.crash = Some((call, crash));
    }

    /// No call fails any more.
    pub(crate) fn recover(&self) {
        self.state().crash = None;
    }

    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.state().calls.iter().filter(|call| **call == operation).count()
    }

    pub(crate) fn forget_calls(&self) {
        self.state().calls.clear();
    }

    fn call<T>(
        &self,
        operation: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let mut state = self.state();
        let number = state.calls.len();
        state.calls.push(operation);
        let crash = state.crash.filter(|(call, _)| *call == number).map(|(_, crash)| crash);
        // Not retryable, so that the command ends here.
        let killed = || failure(operation, CallErrorKind::Denied, "killed");
        match crash {
            Some(Crash::Before) => Err(killed()),
            Some(Crash::After) => {
                let _ = effect(&mut state);
                Err(killed())
            }
            None => effect(&mut state),
        }
    }
}

fn failure(operation: &'static str, kind: CallErrorKind, code: &str) -> CallError {
    let (code, effect) = (code.to_owned(), Effect::None);
    CallError { service: "Simulated", operation, code, message: String::new(), kind, effect }
}

fn missing(operation: &'static str) -> CallError {
    failure(operation, CallErrorKind::Missing, "ResourceNotFoundException")
}

fn page<T>(items: impl Iterator<Item = T>, from: Option<&str>) -> Page<T> {
    let from: usize = from.map_or(0, |from| from.parse().unwrap());
    let mut items: Vec<T> = items.skip(from).take(PAGE + 1).collect();
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    Page { items, next: more.then(|| (from + PAGE).to_string()) }
}

fn bus_arn(name: &BusName) -> String {
    format!("arn:aws:events:eu-west-1:123456789012:event-bus/{name}")
}

fn rule_arn(bus: &BusName, name: &str) -> String {
    let bus = if bus.as_str() == "default" { String::new() } else { format!("{bus}/") };
    format!("arn:aws:events:eu-west-1:123456789012:rule/{bus}{name}")
}

impl State {
    fn tags_of(&mut self, arn: &str) -> Option<&mut Tags> {
        if let Some(bus) = arn.split_once(":event-bus/").map(|(_, name)| BusName::parse(name).unwrap()) {
            return self.buses.get_mut(&bus);
        }
        self.rules
            .iter_mut()
            .find(|((bus, name), _)| rule_arn(bus, name) == arn)
            .map(|(_, rule)| &mut rule.tags)
    }

    fn rule(&mut self, operation: &'static str, bus: &BusName, name: &str) -> Result<&mut Rule, CallError> {
        self.rules.get_mut(&(bus.clone(), name.to_owned())).ok_or_else(|| missing(operation))
    }
}

impl BusAdmin for ControlPlane {
    async fn buses(&self, from: Option<&str>) -> Result<Page<FoundBus>, CallError> {
        self.call("ListEventBuses", |state| {
            let buses = state.buses.keys().map(|name| FoundBus { name: name.clone(), arn: bus_arn(name) });
            Ok(page(buses, from))
        })
    }

    async fn bus(&self, name: &BusName) -> Result<FoundBus, CallError> {
        const DESCRIBE: &str = "DescribeEventBus";
        self.call(DESCRIBE, |state| {
            let found =
                state.buses.contains_key(name).then(|| FoundBus { name: name.clone(), arn: bus_arn(name) });
            found.ok_or_else(|| missing(DESCRIBE))
        })
    }

    async fn create_bus(&self, name: &BusName, tags: &Tags) -> Result<String, CallError> {
        const CREATE: &str = "CreateEventBus";
        self.call(CREATE, |state| match state.buses.contains_key(name) {
            true => Err(failure(CREATE, CallErrorKind::Exists, "ResourceAlreadyExistsException")),
            false => {
                state.buses.insert(name.clone(), tags.clone());
                Ok(bus_arn(name))
            }
        })
    }

    async fn delete_bus(&self, name: &BusName) -> Result<(), CallError> {
        const DELETE: &str = "DeleteEventBus";
        self.call(DELETE, |state| match state.rules.keys().any(|(bus, _)| bus == name) {
            true => Err(failure(DELETE, CallErrorKind::Invalid, "the bus has rules")),
            false => state.buses.remove(name).map(|_| ()).ok_or_else(|| missing(DELETE)),
        })
    }

    async fn rules(
        &self,
        bus: &BusName,
        prefix: &str,
        from: Option<&str>,
    ) -> Result<Page<FoundRule>, CallError> {
        const LIST: &str = "ListRules";
        self.call(LIST, |state| {
            if !state.buses.contains_key(bus) {
                return Err(missing(LIST));
            }
            let rules = state.rules.iter().filter(|((on, name), _)| on == bus && name.starts_with(prefix));
            let found = rules.map(|((bus, name), rule)| FoundRule {
                name: name.clone(),
                arn: rule_arn(bus, name),
                pattern: Some(rule.pattern.clone()),
                listens: true,
            });
            Ok(page(found, from))
        })
    }

    async fn put_rule(&self, rule: NewRule<'_>) -> Result<String, CallError> {
        const PUT: &str = "PutRule";
        self.call(PUT, |state| {
            if !state.buses.contains_key(rule.bus) {
                return Err(missing(PUT));
            }
            let new = || Rule { pattern: String::new(), tags: rule.tags.clone(), targets: BTreeMap::new() };
            let key = (rule.bus.clone(), rule.name.to_owned());
            state.rules.entry(key).or_insert_with(new).pattern = rule.pattern.to_owned();
            Ok(rule_arn(rule.bus, rule.name))
        })
    }

    async fn delete_rule(&self, bus: &BusName, name: &str) -> Result<(), CallError> {
        const DELETE: &str = "DeleteRule";
        self.call(DELETE, |state| {
            if !state.rule(DELETE, bus, name)?.targets.is_empty() {
                return Err(failure(DELETE, CallErrorKind::Invalid, "the rule has targets"));
            }
            state.rules.remove(&(bus.clone(), name.to_owned()));
            Ok(())
        })
    }

    async fn targets(
        &self,
        bus: &BusName,
        rule: &str,
        from: Option<&str>,
    ) -> Result<Page<QueueTarget>, CallError> {
        const LIST: &str = "ListTargetsByRule";
        self.call(LIST, |state| {
            let targets = state.rule(LIST, bus, rule)?.targets.values().cloned().collect::<Vec<_>>();
            Ok(page(targets.into_iter(), from))
        })
    }

    async fn put_targets(&self, bus: &BusName, rule: &str, targets: &[QueueTarget]) -> Result<(), CallError> {
        const PUT: &str = "PutTargets";
        self.call(PUT, |state| {
            let queues: BTreeSet<String> = state.queues.keys().cloned().collect();
            let rule = state.rule(PUT, bus, rule)?;
            for target in targets {
                let queue = target.arn.rsplit(':').next().unwrap();
                assert!(queues.contains(queue), "{queue} is not there when {} is to send to it", target.id);
                rule.targets.insert(target.id.clone(), target.clone());
            }
            assert!(rule.targets.len() <= 5, "a sixth target");
            Ok(())
        })
    }

    async fn remove_targets(&self, bus: &BusName, rule: &str, ids: &[String]) -> Result<(), CallError> {
        const REMOVE: &str = "RemoveTargets";
        self.call(REMOVE, |state| {
            let rule = state.rule(REMOVE, bus, rule)?;
            ids.iter().for_each(|id| drop(rule.targets.remove(id)));
            Ok(())
        })
    }

    async fn tags(&self, arn: &str) -> Result<Tags, CallError> {
        const LIST: &str = "ListTagsForResource";
        self.call(LIST, |state| state.tags_of(arn).cloned().ok_or_else(|| missing(LIST)))
    }

    async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), CallError> {
        const TAG: &str = "TagResource";
        self.call(TAG, |state| {
            state.tags_of(arn).ok_or_else(|| missing(TAG))?.extend(tags.clone());
            Ok(())
        })
    }
}

impl QueueAdmin for ControlPlane {
    async fn queues(&self, prefix: &str, from: Option<&str>) -> Result<Page<QueueUrl>, CallError> {
        self.call("ListQueues", |state| {
            let names: BTreeSet<&String> = state.queues.keys().chain(&state.ghosts).collect();
            let names = names.into_iter().filter(|name| name.starts_with(prefix));
            Ok(page(names.map(|name| url(name)), from))
        })
    }

    async fn queue(&self, name: &str) -> Result<QueueUrl, CallError> {
        const GET: &str = "GetQueueUrl";
        self.call(GET, |state| match state.queues.contains_key(name) {
            true => Ok(url(name)),
            false => Err(missing(GET)),
        })
    }

    async fn create_queue(
        &self,
        name: &str,
        settings: &QueueSettings,
        tags: &Tags,
    ) -> Result<QueueUrl, CallError> {
        const CREATE: &str = "CreateQueue";
        self.call(CREATE, |state| {
            if let Some(tries) = state.reserved_names.get_mut(name).filter(|tries| **tries > 0) {
                *tries -= 1;
                return Err(failure(CREATE, CallErrorKind::Conflict, "QueueDeletedRecently"));
            }
            let new = Queue { settings: settings.clone(), tags: tags.clone() };
            let queue = state.queues.entry(name.to_owned()).or_insert(new);
            match queue.settings == *settings {
                true => Ok(url(name)),
                false => Err(failure(CREATE, CallErrorKind::Exists, "QueueNameExists")),
            }
        })
    }

    async fn set_queue(&self, queue: &QueueUrl, settings: &QueueSettings) -> Result<(), CallError> {
        const SET: &str = "SetQueueAttributes";
        self.call(SET, |state| {
            let queue = state.queues.get_mut(queue.name()).ok_or_else(|| missing(SET))?;
            queue.settings = settings.clone();
            Ok(())
        })
    }

    async fn queue_tags(&self, queue: &QueueUrl) -> Result<Tags, CallError> {
        const LIST: &str = "ListQueueTags";
        self.call(LIST, |state| {
            state.queues.get(queue.name()).map(|queue| queue.tags.clone()).ok_or_else(|| missing(LIST))
        })
    }

    async fn delete_queue(&self, queue: &QueueUrl) -> Result<(), CallError> {
        const DELETE: &str = "DeleteQueue";
        self.call(DELETE, |state| {
            state.ghosts.insert(queue.name().to_owned());
            state.queues.remove(queue.name()).map(|_| ()).ok_or_else(|| missing(DELETE))
        })
    }
}

fn url(name: &str) -> QueueUrl {
    QueueUrl(format!("https://sqs.eu-west-1.amazonaws.com/123456789012/{name}"))
}

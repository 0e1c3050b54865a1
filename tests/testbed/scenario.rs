//! A testbed for a few rules on a simulated control plane.

use std::fs;

use ruleproof::calls::CallError;
use ruleproof::findings::{CompiledRule, compile};
use ruleproof::pattern::Limits;
use ruleproof::probe::{
    BusChoice, Inventory, Layout, Marks, QuotaChoice, Quotas, Readiness, Setup, SetupProblem, Testbed,
    TestbedName, UpError,
};
use ruleproof::rules::{BusName, Parameters, load};
use ruleproof::tracking::RunId;

use super::control_plane::ControlPlane;

/// 2026-11-22T16:45:00Z.
pub(crate) const NOW_S: u64 = 1_795_365_900;

pub(crate) fn bus(name: &str) -> BusName {
    BusName::parse(name).unwrap()
}

/// A testbed on the bus `probe-bus`, and the rules that it mirrors.
pub(crate) struct Scenario {
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) testbed: Testbed,
}

impl Scenario {
    /// For rules with so many targets each.
    pub(crate) fn of_targets(targets: &[usize]) -> Scenario {
        let target = |number: usize| {
            serde_json::json!({
                "Id": format!("t{number}"),
                "Arn": "arn:aws:sqs:eu-west-1:123456789012:q",
                "InputTransformer": {"InputPathsMap": {"b": "$.id", "a": "$.time"}, "InputTemplate": "[<a>, <b>]"},
            })
        };
        let rules = targets.iter().enumerate().map(|(number, targets)| {
            serde_json::json!({
                "Name": format!("rule-{number}"),
                "EventPattern": {"source": [format!("shop-{number}")]},
                "Targets": (0..*targets).map(target).collect::<Vec<_>>(),
            })
        });
        Scenario::of_rules(&serde_json::Value::from_iter(rules).to_string(), NOW_S)
    }

    /// For rules in the plain form, set up by a run that began at `now_s`.
    pub(crate) fn of_rules(plain: &str, now_s: u64) -> Scenario {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rules.json");
        fs::write(&file, plain).unwrap();
        let loaded = load(&[file.display().to_string()], &Parameters::default());
        let compiled = compile(loaded, &Limits::service());
        assert!(!compiled.has_errors(), "{:?}", compiled.findings);
        let marks = Marks { bus: bus("probe-bus"), run: RunId::new(now_s, 7) };
        let layout = Layout::of(TestbedName::of_bus(&marks.bus), &compiled.rules).unwrap();
        Scenario { rules: compiled.rules, testbed: Testbed { marks, layout } }
    }

    pub(crate) fn on(mut self, name: &str) -> Scenario {
        self.testbed.marks.bus = bus(name);
        let layout = Layout::of(TestbedName::of_bus(self.testbed.bus()), &self.rules).unwrap();
        self.testbed.layout = layout;
        self
    }

    pub(crate) fn problems(&self, inventory: &Inventory, choice: BusChoice) -> Vec<SetupProblem> {
        let quotas = Quotas::of_region("eu-west-1");
        self.testbed.problems_of_place(&self.rules, inventory, &quotas, (choice, QuotaChoice::Usual))
    }

    pub(crate) async fn up(&self, aws: &ControlPlane) -> Result<(), UpError> {
        let setup = setup(aws);
        let inventory = setup.look(self.testbed.bus()).await?;
        let problems = self.problems(&inventory, BusChoice::TestBuses);
        assert_eq!(problems, []);
        setup.up(&self.testbed, &inventory, |_| ()).await
    }

    pub(crate) async fn down(&self, aws: &ControlPlane) -> Result<(), CallError> {
        let setup = setup(aws);
        let inventory = setup.look(self.testbed.bus()).await?;
        setup.down(&inventory).await.map(|_| ())
    }

    pub(crate) async fn readiness(&self, aws: &ControlPlane) -> Readiness {
        setup(aws).readiness(self.testbed.bus(), &self.testbed.layout).await.unwrap()
    }

    /// Fails unless exactly what the layout says is there.
    pub(crate) async fn assert_complete(&self, aws: &ControlPlane) {
        let Readiness::Ready(queues) = self.readiness(aws).await else { panic!("not ready") };
        assert_eq!(queues.len(), self.testbed.layout.destinations().count());
        let state = aws.state();
        assert_eq!(state.queues.len(), queues.len(), "{:?}", state.queues.keys());
        let on_bus: Vec<_> = state.rules.iter().filter(|((on, _), _)| on == self.testbed.bus()).collect();
        assert_eq!(on_bus.len(), self.testbed.layout.mirrors().len() + 1);
        for mirror in self.testbed.layout.mirrors() {
            let rule = &state.rules[&(self.testbed.bus().clone(), mirror.name.clone())];
            assert_eq!(rule.pattern, mirror.pattern);
            assert_eq!(rule.targets.len(), mirror.targets.len(), "{}", mirror.name);
            for target in &mirror.targets {
                let put = &rule.targets[&target.id];
                assert!(put.arn.ends_with(&self.testbed.layout.queue_name(target.destination)));
                assert!(put.dead_letter_arn.as_ref().unwrap().ends_with("dead-letters"));
                assert_eq!(put.group, target.group);
                assert_eq!(put.event_age_s_max, Some(60));
            }
        }
        for queue in state.queues.values() {
            let policy: serde_json::Value = serde_json::from_str(&queue.settings.policy).unwrap();
            let source = &policy["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"];
            assert_eq!(source, "arn:aws:events:eu-west-1:123456789012:rule/probe-bus/rp-*");
        }
    }
}

pub(crate) fn setup(aws: &ControlPlane) -> Setup<ControlPlane, ControlPlane> {
    Setup::new(aws.clone(), aws.clone(), 1)
}

/// Fails if anything is there that these tests did not put there themselves.
pub(crate) fn assert_gone(aws: &ControlPlane) {
    let state = aws.state();
    assert!(state.buses.is_empty(), "{:?}", state.buses);
    assert!(state.rules.is_empty(), "{:?}", state.rules.keys());
    assert!(state.queues.is_empty(), "{:?}", state.queues.keys());
}

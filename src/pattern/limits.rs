//! What the engine takes and the service does not.

/// Counting wildcard complexity stops here; any value at or above it is as good as refused.
pub const COMPLEXITY_CAP: u32 = 20;

/// Whose verdict is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Profile {
    /// Amazon EventBridge, as `TestEventPattern` and `PutRule` answer.
    #[default]
    Service,
    /// event-ruler 2.0.1, without the limits of the service and without an event envelope.
    Engine,
}

/// The limits on a pattern, by profile; each can be set apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Decides the points that are rules of the language, not numbers.
    pub profile: Profile,
    /// Longest pattern in characters that the API's shape allows.
    pub chars_max: Option<usize>,
    /// Longer patterns get a warning: an account's default quota ("Event pattern size", EventBridge quotas).
    pub chars_warned: Option<usize>,
    /// Highest wildcard complexity. Recorded: 10 is accepted, 11 is refused.
    pub complexity_max: Option<u32>,
    /// Most combinations of `$or` branches. The service says 1,000. The engine has no limit of its own, but
    /// memory has: here it stops at [`Limits::ENGINE_COMBINATIONS_MAX`].
    pub combinations_max: usize,
    /// Most fields in one combination. Recorded for both profiles.
    pub fields_max: usize,
}

impl Limits {
    /// Where we stop expanding `$or` in the engine's profile; the one limit that is ours.
    pub const ENGINE_COMBINATIONS_MAX: usize = 20_000;

    /// The limits of Amazon EventBridge with an account's default quotas.
    pub fn service() -> Limits {
        Limits {
            profile: Profile::Service,
            chars_max: Some(4_096),
            chars_warned: Some(2_048),
            complexity_max: Some(10),
            combinations_max: 1_000,
            fields_max: 256,
        }
    }

    /// The limits of event-ruler 2.0.1.
    pub fn engine() -> Limits {
        Limits {
            profile: Profile::Engine,
            chars_max: None,
            chars_warned: None,
            complexity_max: None,
            combinations_max: Self::ENGINE_COMBINATIONS_MAX,
            fields_max: 256,
        }
    }

    /// The limits of a profile.
    pub fn of(profile: Profile) -> Limits {
        match profile {
            Profile::Service => Limits::service(),
            Profile::Engine => Limits::engine(),
        }
    }
}

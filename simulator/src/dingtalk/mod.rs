//! A DingTalk custom robot that answers as the real one does, and a group that remembers what it
//! was shown.
//!
//! It serves `POST /robot/send`; under `/_control/` what a test needs: what the group saw, every
//! call with its answer, scripted faults, a clock that can be moved; and at `/` the group as a phone
//! shows it (module `page`). With an [`AppConfig`] it plays the application's side too: the `OpenAPI`
//! and the people (`app`), and the Stream gateway (`stream`). It talks to no other host.
//!
//! A call is judged in this order: address not banned, method (43002), token present (40035), minute
//! (660026), token known (300005), month (90030), signature (310000), IP list (310000), content type
//! (43004), body is JSON (40035), keyword (310000), size (460101), message type (400105), required
//! fields (40035). Every answer but the gateway's is HTTP 200 and JSON.
//!
//! What DingTalk documents nowhere and this mock had to choose is listed in `docs/SIMULATOR.md`;
//! a [`Profile`] can choose otherwise.

mod answer;
mod app;
mod config;
mod control;
mod diary;
mod door;
mod ending;
mod fault;
mod group;
mod group_app;
mod ip;
mod judge;
mod limiter;
mod log;
mod mention;
mod message;
mod profile;
mod script;
mod server;
mod sign;
mod stream;
mod window;
mod witness;

pub use answer::{Cause, Refusal, Wording};
pub use app::{ApiAttempt, AppConfig, AppRules, CardTemplate, Crowd, DEFAULT_GROUP, Speech, Via};
pub use config::{MAX_KEYWORDS, MockConfig, RobotConfig};
pub use fault::{Fault, FaultAnswer, MAX_LASTING_MS, MAX_SKEW_MS, MAX_WAIT_MS};
pub use ip::IpRange;
pub use limiter::{MAX_ADDRESSES, MAX_METERED, MAX_WINDOWS};
pub use log::{
    Attempt, MAX_ATTEMPTS, MAX_LOG_BYTES, MAX_MESSAGES, MAX_REMEMBERED_UUIDS, ShownMessage,
};
pub use mention::{MAX_MENTIONS, Mention, MentionFailure, MentionedBy};
pub use message::{Card, Target};
pub use profile::{
    Answer, BanShape, GatewayRules, GroupRules, Profile, ProfileError, QuotaRules, RateCode,
    SecurityRules, WindowRules, WindowShape,
};
pub use script::MAX_FAULTS;
pub use server::{MockError, MockRobot};
pub use stream::{Delivery, Opening, StreamFault};
pub use witness::Witnessed;

pub(crate) use server::Shared;

//! `posbridge.toml`: what was typed (`raw`) becomes what is meant (`resolved`), or an error that
//! points at the line.
//!
//! It opens no port, binds no address and asks no robot: a configuration can be right while the
//! world is not. Secrets are read from their files here, so that a missing one is a configuration
//! error and not a failed delivery.

mod edit;
mod edit_more;
mod error;
mod exceptions;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_matters;
#[cfg(test)]
mod golden_rules;
#[cfg(test)]
mod golden_secrets;
mod hooks;
mod load;
#[cfg(test)]
mod manual;
mod profile;
mod raw;
mod reload;
mod replace;
mod resolve;
mod resolve_agenda;
mod resolve_app;
mod resolve_approval;
mod resolve_calendar;
mod resolve_drawer;
mod resolve_exceptions;
mod resolve_hears;
mod resolve_hooks;
#[cfg(test)]
mod resolve_hooks_tests;
mod resolve_kind;
mod resolve_mention;
mod resolve_pool;
mod resolve_proxy;
mod resolve_robot;
mod resolve_rule;
mod resolve_shop;
mod resolve_source;
mod resolve_web;
mod resolved;
mod resolved_matters;
mod resolved_shop;
mod resolved_source;
#[cfg(test)]
mod samples;
mod scope;
mod secrets;
mod web;

pub use edit::{EditError, RobotEdit, edit_live, edit_robot};
pub use edit_more::{ShopEdit, edit_shop, edit_source_profile};
pub use error::{ConfigError, Problem};
pub use exceptions::{Exceptions, Thresholds};
pub use hooks::{Hooks, Pushed};
pub use load::{load, parse, parse_in};
pub use profile::{Loaded, ProfileError, load_profile};
pub use reload::{Reloaded, reload};
pub use replace::{Draft, Standing};
pub(crate) use resolve_mention::{is_mobile, is_user_id};
pub use resolve_robot::{DEFAULT_FINDINGS, DEFAULT_NOTICES};
pub use resolved::{
    Admin, App, Config, Dingtalk, Format, Hears, Journal, Mention, Mode, Privacy, Robot, Sales,
    Tone,
};
pub use resolved_matters::{Agenda, Approve, AskBy, Filling, FormRead, Made, TodayCard};
pub use resolved_shop::{Hours, Language, Occasion, OccasionKind, Shop};
pub use resolved_source::{Flow, Parity, PrintOn, SerialPort, Source, SourceKind};
pub(crate) use scope::{distance, nearest};
pub use web::Web;

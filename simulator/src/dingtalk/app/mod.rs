//! The application's side of the mock: the `OpenAPI`, the address at which a question is answered, and
//! the people of the organisation.
//!
//! All of it is state behind one lock; what waits (sockets, delays) is elsewhere. It plays what the
//! documentation says and refuses with the documented codes; the codes of conditions that it does not
//! play can be ordered as a fault. It never speaks of its own accord, except that it pings, and sends
//! events until they are answered.

mod allowance;
mod api;
mod approval;
mod calendar;
mod cards;
mod config;
mod control;
mod crowd;
mod endpoint;
mod fields;
mod ids;
mod people;
mod refusal;
mod robot;
mod rules;
mod serve;
mod session;
mod shelf;
mod speech;
mod state;
mod telling;
mod todo;
mod view;
mod workflow;

pub(super) use api::{ApiCall, Guard};
pub use config::AppConfig;
pub(super) use control::{press, routes as control_routes};
pub use crowd::Crowd;
pub(super) use ids::Ids;
pub(super) use people::{Saying, Unsaid};
pub(super) use refusal::ApiRefusal;
pub use rules::{AppRules, CardTemplate};
pub(super) use serve::routes;
pub(super) use session::{Answering, Unanswered};
pub(super) use shelf::Shelf;
pub(super) use speech::Spoken;
pub use speech::{Speech, Via};
pub(super) use state::App;
pub use state::{ApiAttempt, DEFAULT_GROUP};
pub(super) use telling::CORP;

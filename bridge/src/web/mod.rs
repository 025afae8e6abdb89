//! The page: whether it is working, what was printed, what waits; and what a monitor asks.
//!
//! Pages are made here, whole, and are readable without the one small script. They show what
//! `events` shows: redacted, since a page is looked at over a shoulder. Nothing here reads a file, and
//! what changes something goes the way of the command line's verbs.
//!
//! | path | answer |
//! |---|---|
//! | `/` | whether it is working, what to do, today's takings, the newest receipts |
//! | `/receipts/ID` | the paper beside what was read on it |
//! | `/events` | what was told, searched |
//! | `/outbox` | what is not delivered, and why; trying again, dropping |
//! | `/settings` | robots, what each is told, language, hours |
//! | `/teach/ID` | words of a paper to point at, what a rule would change, saving it |
//! | `/live` | new events as they come, server-sent |
//! | `/login`, `/logout` | where there is a password |
//! | `/assets/...` | the style and the script |
//! | `/healthz` | 200 while ready and nothing is wrong, 503 otherwise; JSON with the reasons |
//! | `/metrics` | see [`metrics`] for every name |
//!
//! The last two are for this machine alone: at the page's address where only this machine reaches
//! that, and at `[web] metrics`.
//!
//! | module | one job |
//! |---|---|
//! | `stage`, `serve` | a thread of its own; connections that are few and end |
//! | `guard`, `headers` | who is let in; what a browser may load |
//! | [`password`](Password), `sessions`, `attempts`, `login` | who somebody is |
//! | `site`, `render`, `words`, `form` | what every page is made from |
//! | `home`, `glance`, `plot`, `rows`, `receipt`, `fields`, `events`, `search`, `outbox`, `outbox_act`, `live` | the pages |
//! | `teach`, `teach_show` | teaching by pointing |
//! | `settings`, `settings_act`, `forecast` | settings |
//! | [`metrics`], `monitor` | what a monitor asks |

mod assets;
mod attempts;
mod events;
mod fields;
mod forecast;
mod form;
mod glance;
mod guard;
#[cfg(test)]
mod guard_tests;
#[cfg(test)]
mod harness;
mod headers;
mod home;
#[cfg(test)]
mod hostile_tests;
mod live;
mod login;
pub mod metrics;
mod monitor;
mod notes;
mod outbox;
mod outbox_act;
#[cfg(test)]
mod page_tests;
mod password;
mod plot;
mod receipt;
mod render;
mod rows;
mod search;
mod serve;
mod sessions;
mod settings;
mod settings_act;
mod site;
mod stage;
mod takings;
mod teach;
mod teach_changes;
mod teach_show;
mod words;

pub use password::{HashFault, MAX_BYTES, MIN_CHARS, Password, Weak};
pub use stage::run;

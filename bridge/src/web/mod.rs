//! What a monitor asks over HTTP: `/healthz` (is it well) and `/metrics` (numbers, in Prometheus'
//! text format), on the loopback address that `[web] listen` names.
//!
//! Two read-only answers need no framework: the server here takes one request a connection, `GET`
//! or `HEAD`, and closes. It has no pages, no secrets and no text of a receipt to give; labels are
//! the configured names of sources and robots.
//!
//! | path | answer |
//! |---|---|
//! | `/healthz` | 200 while ready and nothing is wrong, 503 otherwise; JSON with the reasons |
//! | `/metrics` | 200; see [`metrics`] for every name |

pub mod metrics;
mod serve;

pub use serve::{bind, serve};

//! Looks up DingTalk's host name, with a bound of its own: a name server that does not answer is
//! told apart from a port that does not.
//!
//! It keeps nothing: the system's resolver caches.

use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;
use tokio::time::timeout;

/// Longest wait for a name server; less than for a connection, so that this is noticed first.
const PATIENCE: Duration = Duration::from_secs(6);

/// No name server answered.
#[derive(Debug, thiserror::Error)]
#[error("expected an answer from the name server, found none within {} s", .0.as_secs())]
struct Silent(Duration);

/// The system's resolver.
#[derive(Debug)]
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Port 0 is replaced by the URL's.
            let found = within(PATIENCE, lookup_host((name.as_str(), 0))).await??;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

async fn within<T>(patience: Duration, answer: impl Future<Output = T>) -> Result<T, Silent> {
    timeout(patience, answer).await.map_err(|_| Silent(patience))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::dns::{Name, Resolve};

    use super::{Resolver, within};

    fn name(text: &str) -> Name {
        text.parse().expect("a name")
    }

    #[tokio::test]
    async fn a_name_is_found_or_the_system_says_why_not() {
        let found = Resolver.resolve(name("localhost")).await.expect("everywhere");
        assert!(found.count() > 0);
        let refused = Resolver.resolve(name("posbridge.invalid")).await;
        assert!(refused.is_err(), "that name is never given to anybody");
    }

    #[tokio::test]
    async fn a_name_server_that_is_silent_is_not_waited_for() {
        let silent = within(Duration::from_millis(1), std::future::pending::<()>()).await;
        let error = silent.expect_err("it never answers").to_string();
        assert!(error.contains("found none within"), "{error}");
        assert_eq!(within(Duration::from_mins(1), std::future::ready(7)).await.ok(), Some(7));
    }
}

//! Being told to stop, and how long what was begun may still take.

use std::time::Duration;

use tokio::sync::watch;

/// How long bytes that were already taken in may still be written on after a stop: less than
/// `STOP_LIMIT` of the whole process. What a printer does not take by then stays in the ring only.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// Returns when told to stop, or when nobody is left who could tell.
pub(super) async fn told(stop: &mut watch::Receiver<bool>) {
    let _either = stop.changed().await;
}

/// Returns when the grace after a stop is over.
pub(super) async fn overdue(mut stop: watch::Receiver<bool>) {
    told(&mut stop).await;
    tokio::time::sleep(GRACE).await;
}

//! Waiting for a condition, with a deadline. Nothing in the tests waits for time to pass.

use std::time::{Duration, Instant};

/// Longest wait for anything that a healthy line does at once; generous, for two busy cores.
pub const SOON: Duration = Duration::from_secs(30);

/// Pause between two looks at a condition.
const LOOK_PAUSE: Duration = Duration::from_millis(10);

/// Looks until `condition` holds and gives what it found; what is missing goes into the failure.
///
/// # Panics
/// Where it does not hold within `limit`.
pub fn until<T>(
    limit: Duration,
    what: &str,
    mut condition: impl FnMut() -> Result<T, String>,
) -> T {
    let deadline = Instant::now() + limit;
    loop {
        match condition() {
            Ok(found) => return found,
            Err(found) if Instant::now() >= deadline => {
                panic!("expected {what} within {limit:?}, found {found}")
            }
            Err(_) => std::thread::sleep(LOOK_PAUSE),
        }
    }
}

/// `found` where it `holds`, for [`until`].
pub fn check<T: std::fmt::Debug>(found: T, holds: impl Fn(&T) -> bool) -> Result<T, String> {
    if holds(&found) { Ok(found) } else { Err(format!("{found:?}")) }
}

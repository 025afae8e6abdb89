//! The programs under test, as built beside the test.

use std::path::PathBuf;

/// Path of the workspace binary `name`. `cargo test --workspace` and nextest build it before any
/// test runs, because `posbridge` and `possim` have an integration test of their own.
///
/// # Panics
/// Where it was not built.
pub fn path(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    // target/PROFILE/deps/it-HASH or target/PROFILE/kills -> target/PROFILE/NAME
    let folder = test.ancestors().skip(1).find(|folder| !folder.ends_with("deps"));
    let folder = folder.expect("programs lie in a folder");
    let path = folder.join(name);
    assert!(path.exists(), "{} is missing: run `cargo build --workspace` first", path.display());
    path
}

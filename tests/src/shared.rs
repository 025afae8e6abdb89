//! Material that lies beside a checkout and not in it. A test that needs it says SKIPPED without.

use std::path::{Path, PathBuf};

/// The folder `relative` of the material beside the checkout, or `None` after saying SKIPPED.
pub fn folder(relative: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join("shared");
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    skipped(&format!("../shared/{relative} is not there"));
    None
}

/// Says that a test did not run, and why.
#[expect(clippy::print_stderr, reason = "test output is for people")]
pub fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
}

//! Finds the browser of this machine. It opens nothing.

use std::io::{self, Write};

/// Names under which distributions install it.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The browser's name, or a line that says SKIPPED.
pub(crate) fn browser() -> Option<&'static str> {
    let path = std::env::var_os("PATH")?;
    let holds = |name: &&&str| std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    let found = BROWSERS.iter().find(holds).copied();
    if found.is_none() {
        let names = BROWSERS.join(", ");
        // Nobody reads a closed stderr.
        let _ = writeln!(
            io::stderr(),
            "SKIPPED: the page needs a browser, none of {names} is installed"
        );
    }
    found
}

//! A headless Chromium, driven over its `DevTools` protocol: what a person with a browser would do.
//!
//! It knows no page of ours. Where no browser is installed a test says SKIPPED.

mod devtools;
mod page;

pub use page::Page;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::wait::{SOON, until};
use devtools::DevTools;

/// Names under which distributions install it.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser that runs, with a profile of its own.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    profile: TempDir,
}

impl Browser {
    /// Starts one; `None`, and a line that says SKIPPED, where none is installed.
    ///
    /// # Panics
    /// Where one is installed and does not start.
    pub fn start() -> Option<Self> {
        let Some(program) = installed() else {
            let names = BROWSERS.join(", ");
            // Nobody reads a closed stderr.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: the page needs a browser, none of {names} is installed"
            );
            return None;
        };
        let profile =
            tempfile::Builder::new().prefix("pos-browser-").tempdir().expect("a directory");
        let mut command = Command::new(program);
        command
            .args(["--headless=new", "--remote-debugging-port=0", "--no-first-run"])
            // A test machine's user is root, and its memory for sharing small.
            .args(["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().expect("a browser that starts");
        Some(Self { child, profile })
    }

    /// Opens an empty page.
    ///
    /// # Panics
    /// Where the browser does not answer.
    pub fn page(&self) -> Page {
        let file = self.profile.path().join("DevToolsActivePort");
        let (port, path) = until(SOON, "a browser that listens", || {
            let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
            let lines = text.trim().split_once('\n');
            let found =
                lines.and_then(|(port, path)| Some((port.parse::<u16>().ok()?, path.to_owned())));
            found.ok_or(text)
        });
        Page::open(DevTools::connect(port, &path))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // One that has ended already is what both want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let all = std::env::split_paths(&path).collect::<Vec<_>>();
    let mut found = BROWSERS.iter().flat_map(|name| all.iter().map(move |dir| dir.join(name)));
    found.find(|program| program.is_file())
}

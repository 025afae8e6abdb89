//! The configuration that the running bridge goes by, and the one way to change it: its file is read
//! again. A file with mistakes changes nothing.
//!
//! Who acts on a change is not known here: everybody concerned holds a receiver.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::config::{self, Config, ConfigError, Reloaded};

/// Shared by all who change it or give out receivers.
#[derive(Clone, Debug)]
pub struct Live {
    now: Arc<watch::Sender<Arc<Config>>>,
    /// One file is read at a time, or an older one could win.
    reading: Arc<Mutex<()>>,
}

impl Live {
    /// Goes by `config` until its file is read again.
    pub fn new(config: Config) -> Self {
        Self { now: Arc::new(watch::Sender::new(Arc::new(config))), reading: Arc::default() }
    }

    /// What holds now.
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.now.borrow())
    }

    /// Hears of every change.
    pub fn subscribe(&self) -> watch::Receiver<Arc<Config>> {
        self.now.subscribe()
    }

    /// Reads the file again; blocks while it does. Says in the log what came of it.
    pub fn reload(&self) -> Result<Reloaded, ConfigError> {
        let _one_at_a_time = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.config();
        let new = config::load(&old.file).inspect_err(|error| {
            tracing::error!("the configuration stays as it was, since the file is wrong:\n{error}");
        })?;
        let reloaded = config::reload(&old, new);
        if reloaded.changed.is_empty() {
            tracing::info!("the configuration was read again and says the same");
        } else {
            let changed = reloaded.changed.join(", ");
            tracing::info!("the configuration was read again, new from now on: {changed}");
            self.now.send_replace(Arc::new(reloaded.config.clone()));
        }
        if !reloaded.restart.is_empty() {
            let waits = reloaded.restart.join(", ");
            tracing::warn!("changed in the file, but needs a restart of both services: {waits}");
        }
        Ok(reloaded)
    }
}

#[cfg(test)]
mod tests {
    use super::Live;
    use crate::config;

    #[test]
    fn a_better_file_holds_at_once_and_a_broken_one_never() {
        let temp = tempfile::tempdir().expect("a directory");
        let path = temp.path().join("posbridge.toml");
        let write = |token: &str| {
            let text = format!(
                "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n\
                 [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token={token}\"\n"
            );
            std::fs::write(&path, text).expect("room");
        };
        write("a");
        let live = Live::new(config::load(&path).expect("good"));
        let mut heard = live.subscribe();
        assert!(live.reload().expect("good").changed.is_empty());
        assert!(!heard.has_changed().expect("alive"), "nothing is new");
        write("b");
        assert_eq!(live.reload().expect("good").changed, ["robot owner"]);
        assert!(heard.borrow_and_update().robots[0].url.expose().ends_with("=b"));
        std::fs::write(&path, "[[robot]]\nname = 1\n").expect("room");
        let refused = live.reload().expect_err("broken").to_string();
        assert!(refused.contains("posbridge.toml:2:8"), "{refused}");
        assert!(live.config().robots[0].url.expose().ends_with("=b"), "the old one goes on");
        assert!(!heard.has_changed().expect("alive"));
    }
}

//! The bridge's two processes: started, killed, ended.
//!
//! It owns both for as long as it lives: whatever happens, neither outlives it.

use std::fs::OpenOptions;
use std::ops::Deref;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::Child;
use tokio::time::{Instant, sleep, timeout};

use super::error::BridgeError;
use super::program::{Program, question};

/// How long the bridge may take to become ready.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// How long a process may take to end when asked to.
const END_WITHIN: Duration = Duration::from_secs(5);
/// Pause between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// The bridge and its two processes. What can be asked of it is its [`Program`]'s.
#[derive(Debug)]
pub struct Bridge {
    program: Program,
    brain: Option<Child>,
    vitals: Arc<Vitals>,
}

/// Which processes should be alive: for whoever watches while others kill. 0 is none.
#[derive(Debug, Default)]
pub struct Vitals {
    brain: AtomicI32,
    wire: AtomicI32,
}

impl Vitals {
    /// The brain that should be alive.
    pub fn brain(&self) -> Option<i32> {
        some_pid(&self.brain)
    }

    /// The wire process that should be alive.
    pub fn wire(&self) -> Option<i32> {
        some_pid(&self.wire)
    }
}

fn some_pid(of: &AtomicI32) -> Option<i32> {
    Some(of.load(Ordering::Relaxed)).filter(|pid| *pid != 0)
}

impl Deref for Bridge {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.program
    }
}

impl Bridge {
    /// A bridge that has not been started yet.
    pub fn new(program: Program) -> Self {
        Self { program, brain: None, vitals: Arc::default() }
    }

    /// Which processes should be alive.
    pub fn vitals(&self) -> Arc<Vitals> {
        Arc::clone(&self.vitals)
    }

    /// Starts the brain, which starts the wire process where none is up, and waits until the bridge
    /// says that it is ready.
    pub async fn start(&mut self) -> Result<(), BridgeError> {
        self.spawn()?;
        self.become_ready().await
    }

    /// Starts the brain and waits for nothing: [`Self::look`] says when it is ready.
    pub fn spawn(&mut self) -> Result<(), BridgeError> {
        let refused = |source| self.program.refused(source);
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.program.log)
            .map_err(refused)?;
        let mut command = self.program.command("run");
        command.stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        // A process group of its own: Ctrl-C is for us, and we end it in order.
        command.process_group(0);
        self.brain = Some(command.spawn().map_err(refused)?);
        Ok(())
    }

    /// Whether the bridge is ready, with a wire process other than `killed`. From then on both of its
    /// processes should be alive. A brain that has ended is not ready and never will be.
    pub async fn look(&mut self, killed: Option<i32>) -> Result<bool, BridgeError> {
        if let Some(Ok(Some(ended))) = self.brain.as_mut().map(Child::try_wait) {
            return Err(self.not_ready(format!("ended with {ended}"), Duration::ZERO));
        }
        let status = self.status().await?;
        let wire = status.wire_pid();
        let ready =
            status.ready && (killed.is_none() || wire.is_some_and(|pid| Some(pid) != killed));
        if ready {
            let brain = self.brain.as_ref().and_then(Child::id);
            let brain = brain.and_then(|pid| i32::try_from(pid).ok()).unwrap_or(0);
            self.vitals.brain.store(brain, Ordering::Relaxed);
            self.vitals.wire.store(wire.unwrap_or(0), Ordering::Relaxed);
        }
        Ok(ready)
    }

    /// Whether the brain that we started has not ended.
    pub fn brain_runs(&mut self) -> bool {
        self.brain.as_mut().is_some_and(|brain| matches!(brain.try_wait(), Ok(None)))
    }

    /// Waits until the bridge says that it is ready.
    pub async fn become_ready(&mut self) -> Result<(), BridgeError> {
        self.until_ready(None).await
    }

    /// Waits until a wire process other than `killed` is up and the bridge is ready again.
    pub async fn wire_back(&mut self, killed: i32) -> Result<(), BridgeError> {
        self.until_ready(Some(killed)).await
    }

    async fn until_ready(&mut self, killed: Option<i32>) -> Result<(), BridgeError> {
        let deadline = Instant::now() + READY_WITHIN;
        let mut found = "not ready".to_owned();
        while Instant::now() < deadline {
            match self.look(killed).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(ended @ BridgeError::NotReady { .. }) => return Err(ended),
                Err(error) => found = error.to_string(),
            }
            sleep(LOOK_PAUSE).await;
        }
        Err(self.not_ready(found, READY_WITHIN))
    }

    /// Kills the brain: no chance to say goodbye.
    pub async fn kill_brain(&mut self) -> Result<(), BridgeError> {
        self.vitals.brain.store(0, Ordering::Relaxed);
        if let Some(mut brain) = self.brain.take() {
            brain.kill().await.map_err(BridgeError::Kill)?;
        }
        Ok(())
    }

    /// Kills the wire process and says which it was. Needs no brain.
    pub fn kill_wire(&self) -> Result<i32, BridgeError> {
        let pid = self.program.wire_of_lock();
        let pid = pid.ok_or_else(|| question("status", "no pid of a wire process of ours"))?;
        self.vitals.wire.store(0, Ordering::Relaxed);
        signal(pid, Signal::SIGKILL);
        Ok(pid)
    }

    /// Ends both processes, in order where they obey.
    pub async fn stop(&mut self) {
        self.vitals.brain.store(0, Ordering::Relaxed);
        self.vitals.wire.store(0, Ordering::Relaxed);
        if let Some(mut brain) = self.brain.take() {
            if let Some(pid) = brain.id().and_then(|pid| i32::try_from(pid).ok()) {
                signal(pid, Signal::SIGTERM);
            }
            if timeout(END_WITHIN, brain.wait()).await.is_err() {
                // It is gone already if this fails.
                let _ = brain.kill().await;
            }
        }
        let deadline = Instant::now() + END_WITHIN;
        if let Some(pid) = self.program.wire_of_lock() {
            signal(pid, Signal::SIGTERM);
            while self.program.is_ours(pid) && Instant::now() < deadline {
                sleep(LOOK_PAUSE).await;
            }
        }
    }

    /// What to say of a bridge that was waited for in vain.
    pub fn not_ready(&self, found: String, waited: Duration) -> BridgeError {
        BridgeError::NotReady { waited, found, log: self.program.log_tail() }
    }
}

impl Drop for Bridge {
    /// The last resort; the brain itself is killed by its handle.
    fn drop(&mut self) {
        if let Some(pid) = self.program.wire_of_lock() {
            signal(pid, Signal::SIGKILL);
        }
    }
}

/// Sends a signal; a process that is gone already has what it needs.
fn signal(pid: i32, signal: Signal) {
    let _ = kill(Pid::from_raw(pid), signal);
}

#[cfg(test)]
mod tests {
    use super::super::{BridgeError, Program};
    use super::Bridge;

    #[tokio::test]
    async fn a_bridge_that_ends_at_once_is_not_waited_for() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut bridge = Bridge::new(Program::for_tests(dir.path()));
        let ended = bridge.start().await;
        let Err(BridgeError::NotReady { found, .. }) = ended else {
            panic!("expected it not to be ready, found {ended:?}");
        };
        assert_eq!(found, "ended with exit status: 1");
        assert_eq!(bridge.vitals().brain(), None, "nobody expects it to be alive");
    }
}

//! Speaks to the service manager: ready, stopping, one line of state, and a sign of life.
//!
//! The protocol is `sd_notify(3)`: lines in one datagram to `$NOTIFY_SOCKET`. Without that variable
//! nothing is sent. When to say what is `watch`'s business.

use std::ffi::OsString;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// Longest state line that is sent, in bytes: what a terminal shows of it.
const MAX_STATUS_BYTES: usize = 400;

/// Variables that belong to one process and must not reach its children.
pub const VARIABLES: [&str; 3] = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

/// The service manager, where there is one.
#[derive(Debug, Default)]
pub struct Notifier {
    to: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl Notifier {
    /// As the environment says.
    pub fn from_env() -> Self {
        Self::of(|name| std::env::var_os(name))
    }

    /// As [`Notifier::from_env`], with the environment passed in.
    pub fn of(env: impl Fn(&str) -> Option<OsString>) -> Self {
        let number = |name| env(name)?.to_str()?.parse::<u64>().ok();
        let to = env("NOTIFY_SOCKET").filter(|path| !path.is_empty()).and_then(|path| {
            let reached = reach(path.as_bytes());
            if let Err(error) = &reached {
                tracing::warn!("the service manager cannot be told anything: {error}");
            }
            reached.ok()
        });
        let ours = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let watchdog = number("WATCHDOG_USEC").filter(|us| *us > 0 && ours && to.is_some());
        Self { to, watchdog: watchdog.map(Duration::from_micros) }
    }

    /// Whether anybody is told anything.
    pub fn is_there(&self) -> bool {
        self.to.is_some()
    }

    /// The longest silence that the service manager bears; `None` where it does not watch.
    pub fn watchdog(&self) -> Option<Duration> {
        self.watchdog
    }

    /// Everything that was to be brought up is up.
    pub fn ready(&self) {
        self.send("READY=1");
    }

    /// The stop has begun.
    pub fn stopping(&self) {
        self.send("STOPPING=1");
    }

    /// Still alive.
    pub fn alive(&self) {
        self.send("WATCHDOG=1");
    }

    /// The start goes on, and may take this much longer.
    pub fn starting(&self, more: Duration) {
        self.send(&format!("EXTEND_TIMEOUT_USEC={}", more.as_micros()));
    }

    /// One line of state, for `systemctl status`.
    pub fn status(&self, line: &str) {
        let line = line.replace('\n', " ");
        let end = line.floor_char_boundary(MAX_STATUS_BYTES);
        self.send(&format!("STATUS={}", &line[..end]));
    }

    fn send(&self, message: &str) {
        if let Some((socket, address)) = &self.to
            && let Err(error) = socket.send_to_addr(message.as_bytes(), address)
        {
            tracing::debug!("the service manager does not listen: {error}");
        }
    }
}

fn reach(path: &[u8]) -> io::Result<(UnixDatagram, SocketAddr)> {
    let address = match path {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
        [b'/', ..] => SocketAddr::from_pathname(std::ffi::OsStr::from_bytes(path))?,
        _ => return Err(io::Error::other("expected a path or an abstract name in NOTIFY_SOCKET")),
    };
    let socket = UnixDatagram::unbound()?;
    // A service manager that does not read must not hold anything up.
    socket.set_nonblocking(true)?;
    Ok((socket, address))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};
    use std::time::Duration;

    use super::Notifier;

    fn told(socket: &UnixDatagram) -> String {
        let mut buffer = [0; 1024];
        socket.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket");
        let count = socket.recv(&mut buffer).expect("a message");
        String::from_utf8_lossy(&buffer[..count]).into_owned()
    }

    #[test]
    fn a_service_manager_hears_every_word_on_either_kind_of_socket() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("notify");
        let name = format!("posbridge-test-{}", std::process::id());
        let hidden = SocketAddr::from_abstract_name(&name).expect("a name");
        let sockets = [
            (UnixDatagram::bind(&path).expect("binds"), path.into_os_string()),
            (UnixDatagram::bind_addr(&hidden).expect("binds"), format!("@{name}").into()),
        ];
        for (socket, path) in sockets {
            let notifier = Notifier::of(|name| match name {
                "NOTIFY_SOCKET" => Some(path.clone()),
                "WATCHDOG_USEC" => Some("1500000".into()),
                _ => None,
            });
            assert_eq!(notifier.watchdog(), Some(Duration::from_millis(1500)));
            notifier.ready();
            notifier.status(&format!("two\nlines {}", "叉".repeat(400)));
            notifier.alive();
            notifier.stopping();
            assert_eq!(told(&socket), "READY=1");
            let status = told(&socket);
            assert!(status.starts_with("STATUS=two lines 叉") && status.len() < 410, "{status}");
            assert_eq!((told(&socket), told(&socket)), ("WATCHDOG=1".into(), "STOPPING=1".into()));
        }
    }

    #[test]
    fn without_a_service_manager_nothing_is_said_and_nothing_fails() {
        for path in [None, Some(OsString::from("relative")), Some("/nowhere/at/all".into())] {
            let notifier = Notifier::of(|name| path.clone().filter(|_| name == "NOTIFY_SOCKET"));
            assert_eq!(notifier.watchdog(), None);
            notifier.ready();
        }
    }

    #[test]
    fn a_watchdog_of_another_process_is_not_ours() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("notify");
        let _socket = UnixDatagram::bind(&path).expect("binds");
        let notifier = Notifier::of(|name| match name {
            "NOTIFY_SOCKET" => Some(path.clone().into()),
            "WATCHDOG_USEC" => Some("1000".into()),
            _ => Some("1".into()),
        });
        assert_eq!(notifier.watchdog(), None);
    }
}

//! Notices a TCP peer that is gone without a word: switched off, its cable pulled, its address
//! given to another. Without it such a peer would hold one of `max_connections` for ever.
//!
//! A peer that is there and takes nothing (a printer out of paper) answers the probes and may stay
//! as long as it likes; `TCP_USER_TIMEOUT` would end it, so it is not set.

use std::time::Duration;

use nix::sys::socket::{setsockopt, sockopt};
use tokio::net::TcpStream;

/// Silence before the first probe. A till that prints nothing for a minute is well; a probe costs
/// it one small packet.
const IDLE: Duration = Duration::from_secs(30);

/// Time between probes that are not answered.
const INTERVAL: Duration = Duration::from_secs(10);

/// Probes without an answer that end the connection: gone for about a minute.
const PROBES: u32 = 3;

/// Asks the kernel to probe the peer.
pub(super) fn watch(stream: &TcpStream) {
    let seconds = |time: Duration| u32::try_from(time.as_secs()).unwrap_or(u32::MAX);
    let set = setsockopt(stream, sockopt::KeepAlive, &true)
        .and_then(|()| setsockopt(stream, sockopt::TcpKeepIdle, &seconds(IDLE)))
        .and_then(|()| setsockopt(stream, sockopt::TcpKeepInterval, &seconds(INTERVAL)))
        .and_then(|()| setsockopt(stream, sockopt::TcpKeepCount, &PROBES));
    if let Err(error) = set {
        tracing::debug!(%error, "no TCP keepalive");
    }
}

#[cfg(test)]
mod tests {
    use nix::sys::socket::{getsockopt, sockopt};
    use tokio::net::{TcpListener, TcpStream};

    use super::watch;

    #[test]
    fn a_peer_that_is_gone_is_noticed_within_a_minute() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let at = listener.local_addr().expect("bound");
            let stream = TcpStream::connect(at).await.expect("our own listener");
            watch(&stream);
            let set = getsockopt(&stream, sockopt::KeepAlive).expect("a TCP socket");
            let idle = getsockopt(&stream, sockopt::TcpKeepIdle).expect("a TCP socket");
            let interval = getsockopt(&stream, sockopt::TcpKeepInterval).expect("a TCP socket");
            let probes = getsockopt(&stream, sockopt::TcpKeepCount).expect("a TCP socket");
            assert!(set && idle + interval * probes <= 60, "{idle} {interval} {probes}");
        });
    }
}

//! The stage of the brain that takes calls: a thread of its own, which gives way like ingest and the
//! journal. However many call, what is heard on the wire has its share.
//!
//! It starts and stops; `server` answers.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::reception::Reception;
use super::server;
use crate::priority;

/// Pause before an address that is taken is tried again.
const BIND_PAUSE: Duration = Duration::from_secs(5);

/// Takes calls until `stopped` turns true; where none are configured there is nothing to do.
pub async fn run(reception: Reception, mut stopped: watch::Receiver<bool>) -> io::Result<()> {
    let Some(address) = reception.address() else {
        // The sender lives as long as the brain; without it the stop has come.
        let _stopped = stopped.wait_for(|stop| *stop).await;
        return Ok(());
    };
    let (ended, end) = oneshot::channel();
    std::thread::Builder::new().name("hooks".to_owned()).spawn(move || {
        priority::give_way();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let served = runtime.enable_io().enable_time().build().and_then(|runtime| {
            runtime.block_on(async {
                tokio::select! {
                    failed = take(address, reception) => failed,
                    _ = stopped.wait_for(|stop| *stop) => Ok(()),
                }
            })
        });
        // Nobody listens any more once the stop limit has passed.
        let _late = ended.send(served);
    })?;
    end.await.unwrap_or_else(|_| panic!("the hooks thread panicked"))
}

/// An address that cannot be had is tried again for ever: no shop is closed for want of it.
async fn take(address: SocketAddr, reception: Reception) -> io::Result<()> {
    let listener = loop {
        match server::bind(address).await {
            Ok(listener) => break listener,
            Err(error) => reception.cannot_listen(&error),
        }
        tokio::time::sleep(BIND_PAUSE).await;
    };
    reception.listens();
    tracing::info!("tills may push to http://{}/hooks/ and /v1/events", listener.local_addr()?);
    server::serve(listener, reception).await
}

//! The stage of the brain that shows the page: a thread of its own, which gives way like ingest and
//! the journal. However many look, what is heard on the wire has its share.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use super::serve::{bind, serve};
use super::site::Site;
use super::{guard, monitor};
use crate::control::Desk;
use crate::priority;

/// Pause before an address that is taken is tried again.
const BIND_PAUSE: Duration = Duration::from_secs(5);
/// Threads that may look at the journal for the page at once: it is one small box's.
const MAX_READERS: usize = 2;
/// How long such a thread waits for more to do before it ends.
const READER_REST: Duration = Duration::from_secs(5);

/// Shows the page until `stopped` turns true; where it is not configured there is nothing to do.
pub async fn run(desk: Desk, mut stopped: watch::Receiver<bool>) -> io::Result<()> {
    let web = desk.live.config().web.clone();
    if web.listen.is_none() && web.metrics.is_none() {
        // The sender lives as long as the brain; without it the stop has come.
        let _stopped = stopped.wait_for(|stop| *stop).await;
        return Ok(());
    }
    let (ended, end) = oneshot::channel();
    std::thread::Builder::new().name("web".to_owned()).spawn(move || {
        priority::give_way();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.max_blocking_threads(MAX_READERS).thread_keep_alive(READER_REST);
        let served = runtime.enable_io().enable_time().build().and_then(|runtime| {
            runtime.block_on(async {
                tokio::select! {
                    failed = show(&desk, web.listen) => failed,
                    failed = count(&desk, web.metrics) => failed,
                    _ = stopped.wait_for(|stop| *stop) => Ok(()),
                }
            })
        });
        // Nobody listens any more once the stop limit has passed.
        let _late = ended.send(served);
    })?;
    end.await.unwrap_or_else(|_| panic!("the web thread panicked"))
}

/// The page.
async fn show(desk: &Desk, address: Option<SocketAddr>) -> io::Result<()> {
    let Some(address) = address else { return pending().await };
    let site = Site::new(desk.clone())?;
    let listener = listen(desk, address, "[web]").await;
    let address = listener.local_addr()?;
    tracing::info!("the page is at http://{address}/");
    serve(listener, router(site, address)).await
}

/// The numbers, at an address of their own.
async fn count(desk: &Desk, address: Option<SocketAddr>) -> io::Result<()> {
    let Some(address) = address else { return pending().await };
    let listener = listen(desk, address, "[web] metrics").await;
    tracing::info!("numbers at http://{}/metrics", listener.local_addr()?);
    serve(listener, guard::own(monitor::routes(desk.clone()))).await
}

/// All paths of the page's address.
pub(super) fn router(site: Site, address: SocketAddr) -> Router {
    // Where others reach it, numbers are not to be had.
    let numbers = address.ip().is_loopback().then(|| monitor::routes(site.desk.clone()));
    let pages = guard::guarded(site);
    numbers.into_iter().fold(pages, |pages, numbers| pages.merge(guard::own(numbers)))
}

/// An address that cannot be had is tried again for ever: no shop is closed for want of a page.
async fn listen(desk: &Desk, address: SocketAddr, key: &str) -> TcpListener {
    loop {
        match bind(address, key).await {
            Ok(listener) => {
                desk.health.well(key);
                return listener;
            }
            Err(error) => desk.health.trouble_in(key, error.to_string()),
        }
        tokio::time::sleep(BIND_PAUSE).await;
    }
}

//! What goes on beside a line while it is measured: receipts that are decoded, kept and told to a
//! DingTalk that never answers, and WAL checkpoints of the journal.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::Outcome;
use crate::bytes::receipt;
use crate::forwarder::Shop;

/// Time between two receipts: a busier till than any.
const RECEIPT_EVERY: Duration = Duration::from_millis(200);
/// Time between two checkpoints; SQLite makes one by itself every thousand pages.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(300);

/// Threads that stop when it is dropped.
pub(crate) struct Load {
    ended: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    pub(crate) fn start(shop: &Shop) -> Outcome<Self> {
        let ended = Arc::new(AtomicBool::new(false));
        let (at, printer) = (shop.listening("till")?, shop.printer()?);
        let journal = Connection::open(&shop.journal)?;
        journal.busy_timeout(Duration::from_secs(5))?;
        let halt = Arc::clone(&ended);
        let printing = std::thread::spawn(move || {
            for number in 0.. {
                if halt.load(Ordering::Relaxed) {
                    return;
                }
                // Trouble with the load shows in the journal's totals, not here.
                let Ok(mut till) = TcpStream::connect(at) else { return };
                let Ok((mut paper, _)) = printer.accept() else { return };
                let _sent = till.write_all(&receipt(number));
                drop(till);
                let _printed = paper.read_to_end(&mut Vec::new());
                std::thread::sleep(RECEIPT_EVERY);
            }
        });
        let halt = Arc::clone(&ended);
        let checkpointing = std::thread::spawn(move || {
            while !halt.load(Ordering::Relaxed) {
                // Busy answers as a row: the writer is in a transaction, and the next one will do.
                let _done = journal.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
                std::thread::sleep(CHECKPOINT_EVERY);
            }
        });
        Ok(Self { ended, threads: vec![printing, checkpointing] })
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A panic there has printed itself.
            let _ended = thread.join();
        }
    }
}

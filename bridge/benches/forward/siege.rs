//! A crowd at the page of a bridge that is measured, and somebody honest who wants to see it meanwhile.

use std::io::{self, Write};
use std::net::SocketAddrV4;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::crowd::{Counts, Crowd, IDLE, SLOW};
use crate::ends::until;
use crate::honest;

/// Time between two looks at the page.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Time between two tries of one look.
const TRY_EVERY: Duration = Duration::from_millis(50);
/// Longest that somebody may be kept from the page: what docs/PAGE.md gives a connection that says
/// nothing.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Both, until it is lifted.
pub(crate) struct Siege {
    begun: Instant,
    crowd: Crowd,
    ended: Arc<AtomicBool>,
    honest: JoinHandle<Visits>,
}

/// How it went for whoever was honest.
#[derive(Clone, Copy, Debug, Default)]
struct Visits {
    /// Looks that ended with the page.
    answered: u64,
    /// Tries that did not: told to come again, or cut off.
    in_vain: u64,
    /// Longest look, from the first try to the page.
    longest: Duration,
}

/// What came of one.
pub(crate) struct Lifted {
    took: Duration,
    counts: Counts,
    visits: Visits,
}

impl Siege {
    /// Begins it, and waits until everybody is there.
    pub(crate) fn lay(page: SocketAddrV4) -> Outcome<Self> {
        let (begun, crowd) = (Instant::now(), Crowd::gather(page));
        until("a crowd", || (crowd.counts().opened >= (IDLE + SLOW) as u64).then_some(()))?;
        let ended = Arc::<AtomicBool>::default();
        let halt = Arc::clone(&ended);
        let honest = std::thread::spawn(move || look(page, &halt));
        Ok(Self { begun, crowd, ended, honest })
    }

    /// Ends it; an error where somebody was kept from the page.
    pub(crate) fn lift(self) -> Outcome<Lifted> {
        self.ended.store(true, Ordering::Relaxed);
        let visits = self.honest.join().map_err(|_| "the visitor died")?;
        let (took, counts) = (self.begun.elapsed(), self.crowd.counts());
        drop(self.crowd);
        if visits.answered == 0 || visits.longest > MAX_WAIT {
            let found = visits.longest;
            return Err(format!("expected the page within {MAX_WAIT:?}, found {found:?}").into());
        }
        Ok(Lifted { took, counts, visits })
    }
}

fn look(page: SocketAddrV4, ended: &AtomicBool) -> Visits {
    let mut visits = Visits::default();
    while !ended.load(Ordering::Relaxed) {
        let begun = Instant::now();
        loop {
            let answered = honest::ask(page.into(), "/").is_ok_and(|answer| answer.code == 200);
            visits.longest = visits.longest.max(begun.elapsed());
            if answered {
                visits.answered += 1;
                break;
            }
            visits.in_vain += 1;
            if begun.elapsed() > MAX_WAIT {
                return visits;
            }
            std::thread::sleep(TRY_EVERY);
        }
        std::thread::sleep(LOOK_EVERY);
    }
    visits
}

/// The sum of them.
pub(crate) fn say(out: &mut impl Write, all: &[Lifted]) -> io::Result<()> {
    let sum = |pick: fn(&Lifted) -> u64| all.iter().map(pick).sum::<u64>();
    let seconds: f64 = all.iter().map(|one| one.took.as_secs_f64()).sum();
    let spent: f64 = all.iter().map(|one| one.counts.spent.as_secs_f64()).sum();
    writeln!(
        out,
        "crowd: {IDLE} idle and {SLOW} slow connections for {seconds:.0} s; {} opened, {} ended by \
         the page, {} bytes of heads; the crowd itself took {:.1} % of a core",
        sum(|one| one.counts.opened),
        sum(|one| one.counts.closed),
        sum(|one| one.counts.trickled),
        100.0 * spent / seconds,
    )?;
    let longest = all.iter().map(|one| one.visits.longest).max().unwrap_or_default();
    writeln!(
        out,
        "somebody honest meanwhile: {} looks at the page, {} tries in vain, the longest look took \
         {:.1} ms: held (limit {MAX_WAIT:?})",
        sum(|one| one.visits.answered),
        sum(|one| one.visits.in_vain),
        longest.as_secs_f64() * 1e3,
    )
}

//! The table.

use std::io::{self, Write};

use crate::ends::Kind;
use crate::forwarder::Setup;
use crate::measure::{Figures, median};

/// Most that the median may be, as a multiple of socat's.
const P50_LIMIT: f64 = 1.2;
/// Most that the 99th percentile may be.
const P99_LIMIT: f64 = 1.5;
/// Least that the throughput may be.
const SPEED_LIMIT: f64 = 0.9;

pub(crate) fn heading(
    out: &mut impl Write,
    kind: Kind,
    seconds: u64,
    rounds: usize,
) -> io::Result<()> {
    let line = match kind {
        Kind::Tcp => "TCP to TCP",
        Kind::Pty => "pty to pty",
    };
    writeln!(
        out,
        "\n{line}: 64-byte messages one way for {seconds} s, then bursts; {rounds} rounds"
    )
}

/// Medians over the rounds, and the ratios to socat's.
pub(crate) fn table(out: &mut impl Write, figures: &[(Setup, Vec<Figures>)]) -> io::Result<()> {
    writeln!(
        out,
        "{:<20} {:>8} {:>6} {:>8} {:>6} {:>9} {:>8} {:>6}",
        "", "p50 us", "ratio", "p99 us", "ratio", "max us", "MiB/s", "ratio"
    )?;
    let rows: Vec<(Setup, Figures)> =
        figures.iter().map(|(setup, rounds)| (*setup, middle(rounds))).collect();
    let Some((_, socat)) = rows.first() else { return Ok(()) };
    for (setup, row) in &rows {
        writeln!(
            out,
            "{:<20} {:>8.1} {:>6.2} {:>8.1} {:>6.2} {:>9.1} {:>8.1} {:>6.2}",
            setup.name(),
            row.p50_us,
            row.p50_us / socat.p50_us,
            row.p99_us,
            row.p99_us / socat.p99_us,
            row.max_us,
            row.mib_per_s,
            row.mib_per_s / socat.mib_per_s,
        )?;
    }
    let with_brain = |(setup, _): &&(Setup, Figures)| [Setup::Brain, Setup::Crowd].contains(setup);
    for (setup, full) in rows.iter().filter(with_brain) {
        check(out, *setup, full, socat)?;
    }
    writeln!(out, "every byte that came out was compared with what went in: equal")
}

fn check(out: &mut impl Write, setup: Setup, full: &Figures, socat: &Figures) -> io::Result<()> {
    let checks = [
        ("p50", full.p50_us / socat.p50_us, full.p50_us <= P50_LIMIT * socat.p50_us, P50_LIMIT),
        ("p99", full.p99_us / socat.p99_us, full.p99_us <= P99_LIMIT * socat.p99_us, P99_LIMIT),
        (
            "speed",
            full.mib_per_s / socat.mib_per_s,
            full.mib_per_s >= SPEED_LIMIT * socat.mib_per_s,
            SPEED_LIMIT,
        ),
    ];
    for (what, ratio, held, limit) in checks {
        let (name, word) = (setup.name(), if held { "held" } else { "MISSED" });
        writeln!(out, "{name}: {what} {ratio:.2} of socat's, limit {limit}: {word}")?;
    }
    Ok(())
}

fn middle(rounds: &[Figures]) -> Figures {
    let of = |pick: fn(&Figures) -> f64| median(&mut rounds.iter().map(pick).collect::<Vec<_>>());
    Figures {
        p50_us: of(|row| row.p50_us),
        p99_us: of(|row| row.p99_us),
        max_us: of(|row| row.max_us),
        mib_per_s: of(|row| row.mib_per_s),
    }
}

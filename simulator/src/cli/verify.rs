//! `possim verify`: what was sold against what was journalled and what the group saw.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use pos_protocol::event::Kind;

use super::command::Outcome;
use super::names;
use crate::ledger::{Account, Books, Bounds, slip_bytes};

/// Most troubles that are printed for people; `--json` has all.
const MOST_SHOWN: usize = 200;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Directory of a run's report
    #[arg(required_unless_present = "truth", conflicts_with = "truth")]
    dir: Option<PathBuf>,
    /// What was sold, as `possim pos --truth` writes it; give one file per till
    #[arg(long)]
    truth: Vec<PathBuf>,
    /// What the bridge journalled: events of schema v1, one a line
    #[arg(long, requires = "truth")]
    journal: Option<PathBuf>,
    /// What the group saw: the mock robot's /_control/messages
    #[arg(long, requires = "truth")]
    group: Option<PathBuf>,
    /// The tills' seed, to be repeated with every trouble
    #[arg(long, requires = "truth")]
    seed: Option<u64>,
    /// How soon a refund, a void, an opened drawer must be in the group [default: 60s, or the run's]
    #[arg(long, value_parser = time)]
    urgent: Option<Duration>,
    /// How soon everything else must be [default: 10m, or the run's]
    #[arg(long, value_parser = time)]
    ordinary: Option<Duration>,
    /// Kinds that the group must hear of [default: `sale,refund,void,no_sale`, or the run's]
    #[arg(long, value_delimiter = ',', value_parser = names::kind)]
    told: Vec<Kind>,
    /// Messages about one slip must show its items
    #[arg(long)]
    items: bool,
    /// Write the bytes of this slip to stdout and judge nothing
    #[arg(long, requires = "dir", conflicts_with = "json")]
    bytes: Option<u64>,
    /// One object of JSON on stdout
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let (books, bounds) = read(arguments)?;
    let mut out = std::io::stdout().lock();
    if let (Some(n), Some(dir)) = (arguments.bytes, &arguments.dir) {
        let slip = books.slips.iter().find(|slip| slip.n == n);
        let slip = slip.ok_or_else(|| format!("expected a slip of the run, found no slip {n}"))?;
        let bytes = slip.bytes.ok_or_else(|| format!("the bytes of slip {n} were not kept"))?;
        out.write_all(&slip_bytes(dir, bytes)?)?;
        return Ok(true);
    }
    let account = books.settle(&bounds);
    if arguments.json {
        let shown = serde_json::json!({
            "closes": account.closes(),
            "totals": account.totals,
            "troubles": account.troubles,
            "unheard": account.unheard,
        });
        writeln!(out, "{shown}")?;
    } else {
        say(&mut out, &account, arguments)?;
    }
    Ok(account.closes())
}

fn read(arguments: &Arguments) -> Result<(Books, Bounds), Box<dyn std::error::Error>> {
    let Arguments { truth, journal, group, .. } = arguments;
    let (mut books, mut bounds) = if let Some(dir) = &arguments.dir {
        Books::read(dir)?
    } else {
        (Books::of_files(truth, journal.as_deref(), group.as_deref())?, Bounds::default())
    };
    books.seed = arguments.seed.unwrap_or(books.seed);
    if arguments.dir.is_none() && arguments.group.is_none() {
        bounds.told_kinds.clear();
    }
    if !arguments.told.is_empty() {
        bounds.told_kinds.clone_from(&arguments.told);
    }
    bounds.shows_items |= arguments.items;
    bounds.urgent = arguments.urgent.unwrap_or(bounds.urgent);
    bounds.ordinary = arguments.ordinary.unwrap_or(bounds.ordinary);
    Ok((books, bounds))
}

/// `250ms`, `60s`, `10m` or `2h`.
fn time(text: &str) -> Result<Duration, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let ms = match &text[end..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    let time = text[..end].parse::<u64>().ok().and_then(|number| number.checked_mul(ms));
    let time = time.filter(|time| *time > 0).map(Duration::from_millis);
    time.ok_or_else(|| format!("expected a time such as 60s or 10m, found {text:?}"))
}

/// The figures, then every trouble in a line, and how to see the bytes of the first.
fn say(out: &mut impl Write, account: &Account, arguments: &Arguments) -> std::io::Result<()> {
    writeln!(out, "{}", account.totals)?;
    if arguments.dir.is_none() && arguments.journal.is_none() {
        writeln!(out, "the journal was not looked at, and nothing is late without it")?;
    }
    if arguments.dir.is_none() && arguments.group.is_none() {
        writeln!(out, "the group was not looked at")?;
    }
    for trouble in account.troubles.iter().take(MOST_SHOWN) {
        writeln!(out, "{trouble}")?;
    }
    if let Some(more @ 1..) = account.troubles.len().checked_sub(MOST_SHOWN) {
        writeln!(out, "and {more} more; --json names all")?;
    }
    for unheard in &account.unheard {
        writeln!(out, "not heard, and the journal says so: {unheard}")?;
    }
    let with_bytes = account
        .troubles
        .iter()
        .find_map(|trouble| trouble.slip.as_ref().filter(|slip| slip.bytes.is_some()));
    if let (Some(slip), Some(dir)) = (with_bytes, &arguments.dir) {
        let (dir, n) = (dir.display(), slip.n);
        writeln!(out, "the bytes of slip {n}: possim verify {dir} --bytes {n}")?;
    }
    if account.closes() {
        writeln!(out, "the ledger closes")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::time;

    #[test]
    fn a_bound_is_a_number_and_a_unit() {
        assert_eq!(time("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(time("60s"), Ok(Duration::from_mins(1)));
        assert_eq!(time("2h"), Ok(Duration::from_hours(2)));
        for bad in ["", "60", "0s", "s", "-1s", "1.5h", "99999999999999999999s"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }
}

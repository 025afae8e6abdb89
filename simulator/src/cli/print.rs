//! `possim print`: receipts into a file, and the truth beside them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use jiff::civil::DateTime;

use super::command::Outcome;
use super::names;
use crate::print::Style;
use crate::shop::{OPENING, Shop, Till};
use crate::truth;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Shop; `possim list` names them
    #[arg(long, value_parser = names::shop)]
    shop: &'static Shop,
    /// Receipt style; `possim list` names them
    #[arg(long, value_parser = names::style)]
    style: &'static Style,
    /// How many receipts
    #[arg(long, default_value_t = 10)]
    receipts: u32,
    /// The same seed prints the same bytes on every machine
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the bytes go
    #[arg(long)]
    out: PathBuf,
    /// Where the truth goes, one event a line
    #[arg(long)]
    truth: Option<PathBuf>,
    /// Name of the till, on paper and as `source` of the truth
    #[arg(long, default_value = "counter-1")]
    till: String,
    /// Local time at which the day begins
    #[arg(long, value_parser = names::opening, default_value_t = OPENING)]
    opening: DateTime,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Arguments { shop, style, seed, till: name, .. } = arguments;
    let mut till = Till::open(shop, *seed, name, 1001, arguments.opening);
    let mut out = BufWriter::new(File::create(&arguments.out)?);
    let mut told = arguments.truth.as_ref().map(File::create).transpose()?.map(BufWriter::new);
    for _ in 0..arguments.receipts {
        let sale = till.sell();
        out.write_all(&style.print(&sale))?;
        if let Some(told) = &mut told {
            truth::write_line(told, &truth::event(&sale, style.language, name))?;
        }
    }
    out.flush()?;
    told.map_or(Ok(()), |mut told| told.flush())?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Arguments, OPENING, Shop, Style, run};

    #[test]
    fn the_same_seed_writes_the_same_two_files() {
        let dir = tempfile::tempdir().expect("a directory");
        let print = |name: &str, seed: u64| {
            let (out, truth) = (dir.path().join(name), dir.path().join(format!("{name}.jsonl")));
            let done = run(&Arguments {
                shop: &Shop::ALL[1],
                style: &Style::ALL[2],
                receipts: 25,
                seed,
                out: out.clone(),
                truth: Some(truth.clone()),
                till: "counter-1".to_owned(),
                opening: OPENING,
            });
            assert!(done.expect("room on the disk"));
            (fs::read(out).expect("bytes"), fs::read_to_string(truth).expect("lines"))
        };
        let (first, again, other) = (print("a", 5), print("b", 5), print("c", 6));
        assert_eq!(first, again);
        assert_ne!(first.0, other.0);
        assert_eq!(first.1.lines().count(), 25);
    }
}

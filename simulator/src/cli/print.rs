//! `possim print`: receipts into a file, and the truth beside them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use jiff::civil::DateTime;
use pos_protocol::event::Kind;

use super::command::Outcome;
use super::names;
use crate::print::Style;
use crate::shop::{Day, OPENING, Shop, Slip};
use crate::truth;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Shop; `possim list` names them
    #[arg(long, value_parser = names::shop)]
    shop: &'static Shop,
    /// Receipt style; `possim list` names them
    #[arg(long, value_parser = names::style)]
    style: &'static Style,
    /// How many slips, of all the kinds that the style prints
    #[arg(long, default_value_t = 10)]
    receipts: u32,
    /// End the day after the last of them: open tables pay, then come an X and a Z report
    #[arg(long)]
    close: bool,
    /// Only slips of these kinds, such as sale,refund [default: all that the style prints]
    #[arg(long, value_parser = names::kind, value_delimiter = ',')]
    kinds: Vec<Kind>,
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
    names::matched(shop, style)?;
    let mut day = Day::open(shop, *seed, name, 1001, arguments.opening);
    let mut out = BufWriter::new(File::create(&arguments.out)?);
    let mut told = arguments.truth.as_ref().map(File::create).transpose()?.map(BufWriter::new);
    let wanted = |slip: &Slip| names::wanted(slip, style, &arguments.kinds);
    let mut print = |slip: &Slip| {
        out.write_all(&style.print_slip(slip))?;
        told.as_mut()
            .map_or(Ok(()), |told| truth::write_line(told, &truth::slip(slip, style, name)))
    };
    for slip in day.by_ref().filter(wanted).take(arguments.receipts as usize) {
        print(&slip)?;
    }
    if arguments.close {
        for slip in day.close().iter().filter(|slip| wanted(slip)) {
            print(slip)?;
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
                close: true,
                kinds: Vec::new(),
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
        assert!(first.1.lines().count() >= 27, "25 slips, then X and Z");
        let last = first.1.lines().last().expect("a line");
        assert!(last.contains(r#""report":{"type":"z""#), "{last}");
    }
}

//! Commits receipts to a journal one after another and prints each number once its commit was
//! acknowledged, until a commit fails: what a test cuts the power of.
//!
//! `journal_writer PATH FIRST`

use std::io::Write;
use std::path::Path;

use pos_tests::journal::sale;
use posbridge::journal::Journal;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(first)) = (arguments.next(), arguments.next()) else {
        panic!("expected PATH FIRST");
    };
    let first: u64 = first.parse().expect("a number");
    let journal = Journal::open(Path::new(&path)).expect("opens");
    let mut out = std::io::stdout().lock();
    for number in first.. {
        if journal.commit(sale(number)).is_err() {
            return;
        }
        if writeln!(out, "{number}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

//! How much of SROIE's receipts is read.
//!
//! `cargo run --release -p pos-tests --bin sroie -- [--report FILE] [--predictions DIR]
//! [--wrong FIELD] [--folder DIR]`: FIELD is `company`, `date`, `address`, `total` or `kind`. The
//! predictions can be given to `score_sroie.py`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use pos_tests::shared;
use pos_tests::sroie::{FIELDS, Judged, judge, mistaken, right};

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let pair = words.windows(2).find(|pair| pair[0] == name);
        pair.map(|pair| pair[1].clone())
    };
    let told = option("--folder").map(PathBuf::from);
    let Some(folder) = told.or_else(|| shared::folder("sroie-train")) else { return Ok(()) };
    let judged = judge(&folder);
    let mut out = io::stdout().lock();
    summary(&mut out, &judged)?;
    if let Some(field) = option("--wrong") {
        wrong(&mut out, &judged, &field)?;
    }
    if let Some(file) = option("--report") {
        report(&mut std::fs::File::create(file)?, &judged)?;
    }
    if let Some(folder) = option("--predictions") {
        predictions(Path::new(&folder), &judged)?;
    }
    Ok(())
}

fn summary(out: &mut impl Write, judged: &[Judged]) -> io::Result<()> {
    for (nth, name) in FIELDS.iter().enumerate() {
        let (right, all) = right(judged, nth);
        let share = right as f64 / all.max(1) as f64;
        writeln!(out, "{name:8} value {right:4} of {all:4}  {share:.4}")?;
    }
    let known = judged.iter().filter(|one| one.kind.is_some()).count();
    writeln!(out, "kind     wrong {:4} of {known:4}", mistaken(judged).count())
}

fn wrong(out: &mut impl Write, judged: &[Judged], field: &str) -> io::Result<()> {
    if field == "kind" {
        for one in mistaken(judged) {
            let (kind, taken) = one.kind.unwrap_or_default();
            writeln!(out, "{}\t{kind}\t{taken}", one.id)?;
        }
    }
    let Some(nth) = FIELDS.iter().position(|name| *name == field) else { return Ok(()) };
    for one in judged {
        let told = &one.fields[nth];
        if !told.right && !told.truth.is_empty() {
            writeln!(out, "{}\t{}\t{}", one.id, told.truth, told.read)?;
        }
    }
    Ok(())
}

/// One row a field, as `score_sroie.py --report` writes it, value metric only.
fn report(out: &mut impl Write, judged: &[Judged]) -> io::Result<()> {
    writeln!(out, "id\tfield\ttruth\tpredicted\tvalue")?;
    for one in judged {
        for (name, told) in FIELDS.iter().zip(&one.fields) {
            let right = u8::from(told.right);
            writeln!(out, "{}\t{name}\t{}\t{}\t{right}", one.id, told.truth, told.read)?;
        }
    }
    Ok(())
}

fn predictions(folder: &Path, judged: &[Judged]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for one in judged {
        std::fs::write(folder.join(format!("{}.json", one.id)), one.to_json().to_string())?;
    }
    Ok(())
}

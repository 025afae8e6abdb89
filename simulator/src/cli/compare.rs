//! `possim compare`: two reports side by side.
//!
//! It only shows; a run's own thresholds decide whether it passed.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::command::Outcome;
use crate::report;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The first report: a directory of --report, or its report.json
    #[arg(value_name = "A")]
    first: PathBuf,
    /// The second
    #[arg(value_name = "B")]
    second: PathBuf,
    /// Write a page for people as well
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Compare reports of different scenarios too
    #[arg(long)]
    anyway: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let (first, second) = (report::read(&arguments.first)?, report::read(&arguments.second)?);
    let comparison = report::compare(&first, &second, arguments.anyway)?;
    io::stdout().lock().write_all(comparison.text().as_bytes())?;
    if let Some(path) = &arguments.html {
        let page = report::compare_html(&first, &second, &comparison);
        report::replace(path, page.as_bytes())?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Arguments, run};
    use crate::report::Unlike;

    #[test]
    fn two_directories_are_compared_and_two_scenarios_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let page = dir.path().join("page.html");
        let mut reports = Vec::new();
        for name in ["one", "two"] {
            let report = crate::report::sample_report(name);
            crate::report::write(&dir.path().join(name), &report).expect("a disk");
            reports.push(dir.path().join(name));
        }
        let mut arguments = Arguments {
            first: reports[0].clone(),
            second: reports[0].join("report.json"),
            html: Some(page.clone()),
            anyway: false,
        };
        assert!(run(&arguments).expect("one scenario"));
        assert!(fs::read_to_string(&page).expect("a page").contains("<svg"));
        arguments.second.clone_from(&reports[1]);
        assert!(run(&arguments).expect_err("two scenarios").is::<Unlike>());
        arguments.anyway = true;
        assert!(run(&arguments).expect("anyway"));
    }
}

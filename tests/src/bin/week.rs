//! Plays the simulated week of three shops and prints what was put in beside what was told, the
//! figures, and the Z reports with planted differences.
//!
//! `cargo run -p pos-tests --bin week -- [--seed S] [--days N] [--to URL]`. Exits with 1 where anything
//! differs. With `--to` the week's messages are posted to a robot, that of `possim dingtalk --no-limits`
//! for instance, whose page shows them as the group sees them.

use std::io::{self, Write};
use std::process::ExitCode;

use pos_tests::week::{Planted, planted, play};

const USAGE: &str = "expected [--seed S] [--days N] [--to URL]";

fn main() -> io::Result<ExitCode> {
    let (mut seed, mut days, mut to) = (1, 7, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| io::Error::other(USAGE))?;
        let number = || value.parse::<u32>().map_err(|_| io::Error::other(USAGE));
        match word.as_str() {
            "--seed" => seed = u64::from(number()?),
            "--days" => days = number()?.max(1),
            "--to" => to = Some(value),
            _ => return Err(io::Error::other(USAGE)),
        }
    }
    let dir = tempfile::tempdir()?;
    let outcome = play(seed, days, dir.path());
    let mut out = io::stdout().lock();
    writeln!(out, "{outcome}messages a month {}\n", outcome.a_month(days))?;
    if let Some(to) = to {
        post(&to, &outcome.said)?;
    }
    let planted = planted(seed);
    for one in &planted {
        writeln!(out, "{one}")?;
    }
    let broken = outcome.broken(days);
    for broken in &broken {
        writeln!(io::stderr(), "{broken}")?;
    }
    let well = broken.is_empty() && planted.iter().all(Planted::is_named);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Posts the messages in order.
fn post(to: &str, said: &[String]) -> io::Result<()> {
    // The client needs a provider even where it speaks plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    tokio::runtime::Runtime::new()?.block_on(async {
        for body in said {
            let json = "application/json";
            let request = client.post(to).header("content-type", json).body(body.clone());
            let answer = request.send().await.map_err(io::Error::other)?;
            let text = answer.text().await.map_err(io::Error::other)?;
            if !text.contains(r#""errcode":0"#) {
                return Err(io::Error::other(format!("expected errcode 0, found {text}")));
            }
        }
        Ok(())
    })
}

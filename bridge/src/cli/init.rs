//! `posbridge init`: the interview at a terminal or by a file of answers, its deeds, and the file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use nix::sys::signal::{SigSet, Signal};
use serde_json::json;

use super::init_deeds::{hear, send};
use super::{Configured, Exit, Failure, installed, print, say, typed};
use crate::init::{
    Facts, Heard, Interview, Key, Question, Script, ScriptError, Step, Tongue, WriteError, Wrong,
    said, write,
};
use crate::operate::ports::ports;
use crate::web::Password;

/// Where a packaged service keeps its journal.
const STATE: &str = "/var/lib/posbridge";
/// What stands before the name of a file that a secret is read from.
const FROM_FILE: &str = "file:";

/// Where it goes, and who answers.
#[derive(Args)]
#[command(
    after_help = "Every question has a key; `docs/OPERATIONS.md` lists them. With --answers \
    nothing is asked: a key that is not there gets its default. Exit code 3: the test message was refused."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// Answers in TOML, instead of a person at a terminal
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The language of the questions
    #[arg(long, value_enum)]
    language: Option<Spoken>,
    /// How long to listen for a receipt
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// Say what was written as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Spoken {
    /// English
    #[value(name = "en")]
    English,
    /// 繁體中文
    #[value(name = "zh-HK")]
    Chinese,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = &arguments.configured.config;
    let clock = arguments.configured.clock()?;
    let mut script = arguments
        .answers
        .as_deref()
        .map(Script::read)
        .transpose()
        .map_err(|error| refused(&error))?;
    let mut interview = Interview::new(facts(path, script.is_some()), path);
    if let (Some(language), Step::Ask(_)) = (arguments.language, interview.next()) {
        let word = if language == Spoken::English { "en" } else { "zh-HK" };
        interview.answer(word).map_err(|wrong| Failure::said(Exit::Usage, wrong.to_string()))?;
    }
    let mut why = "it was asked before";
    let mut greeted = false;
    loop {
        let tongue = interview.tongue();
        if !greeted && interview.given(Key::Language).is_some() {
            say(said::WELCOME.of(tongue));
            greeted = true;
            if interview.given(Key::Kind).is_none() && no_ports() {
                say(said::NO_PORTS.of(tongue));
            }
        }
        match interview.next() {
            Step::Ask(question) => match &mut script {
                Some(script) => by_script(&mut interview, &question, script, why)?,
                None => by_person(&mut interview, &question)?,
            },
            Step::Hear(ports) => {
                let heard = hear(&ports, arguments.seconds, tongue);
                if heard == Heard::Nothing {
                    why = "nothing was heard that reads well";
                }
                interview.heard(heard);
            }
            Step::Test => {
                let delivered = send(&interview, clock)?;
                why = "the test message was refused";
                interview.tested(delivered);
            }
            Step::Stop => {
                return Err(Failure::said(Exit::Failed, said::STOPPED.of(tongue)));
            }
            Step::Refused => {
                return Err(Failure::said(Exit::Refused, said::STOPPED.of(tongue)));
            }
            Step::Write => break,
        }
    }
    for key in script.iter().flat_map(Script::unused) {
        say(&format!("`{key}` was answered and not asked: it has no place with the other answers"));
    }
    finish(&interview, path, arguments.json)
}

fn facts(path: &Path, scripted: bool) -> Facts {
    let free = ports(None).into_iter().filter(|port| port.present && port.in_use_by.is_empty());
    let ports = free.map(|port| {
        let usb = port.usb.as_ref().and_then(|usb| usb.product.clone());
        let says = usb.or_else(|| port.driver.clone()).unwrap_or_default();
        (port.by_id.unwrap_or(port.path), says)
    });
    let state = Path::new(STATE);
    let journal = if state.is_dir() { state.join("posbridge.db") } else { "posbridge.db".into() };
    Facts {
        exists: path.exists(),
        ports: ports.collect(),
        journal: journal.display().to_string(),
        scripted,
    }
}

fn no_ports() -> bool {
    ports(None).iter().all(|port| !port.present || !port.in_use_by.is_empty())
}

fn refused(error: &ScriptError) -> Failure {
    Failure::said(Exit::Usage, error.to_string())
}

fn by_script(
    interview: &mut Interview,
    question: &Question,
    script: &mut Script,
    why: &'static str,
) -> Result<(), Failure> {
    let answer = script.answer(question, why).map_err(|error| refused(&error))?;
    let answer = unfiled(question.key, answer)?;
    interview.answer(&answer).map_err(|wrong| refused(&script.wrong(&wrong)))
}

/// Asks until there is an answer that can be.
fn by_person(interview: &mut Interview, question: &Question) -> Result<(), Failure> {
    let tongue = interview.tongue();
    say("");
    if question.key == Key::Sales {
        forecast(interview, tongue);
    }
    if question.key == Key::Write {
        summary(interview, tongue);
    }
    for (at, choice) in question.choices.iter().enumerate() {
        say(&format!("  {}) {}  {}", at + 1, choice.word, choice.says));
    }
    loop {
        prompt(question, tongue);
        let secret = question.key.is_secret();
        let typed = if secret { typed::unseen() } else { typed::line() };
        let typed = typed.map_err(|error| Failure::new(Exit::Failed, &error))?;
        let Some(typed) = typed else {
            let message =
                format!("expected an answer to `{}`, found the end", question.key.as_str());
            return Err(Failure::said(
                Exit::Failed,
                format!("{message}\n{}", said::STOPPED.of(tongue)),
            )
            .hint("--answers FILE answers without a terminal"));
        };
        if typed.trim() == "?" {
            say(&format!("  {}", question.help(tongue)));
            continue;
        }
        // One that will not be taken is not asked for twice.
        let chosen = question.key == Key::PagePassword && Password::is_strong(&typed).is_ok();
        if chosen && !repeats(&typed, tongue)? {
            say(&format!("  {}", said::DIFFER.of(tongue)));
            continue;
        }
        let unseen = secret && !typed.trim().is_empty();
        let told = match unfiled(question.key, typed) {
            Err(failure) => failure.message,
            Ok(answer) => match interview.answer(&answer) {
                Ok(()) => {
                    if unseen {
                        say(&format!("  {}", said::TAKEN.of(tongue)));
                    }
                    return Ok(());
                }
                Err(Wrong { expected, found, hint, .. }) => {
                    format!("expected {expected}, found {found}\n  hint: {hint}")
                }
            },
        };
        say(&format!("  {told}"));
    }
}

fn prompt(question: &Question, tongue: Tongue) {
    let default = question.default.as_ref().map(|default| format!(" [{default}]"));
    let default = default.unwrap_or_default();
    let secret = question.key.is_secret();
    let unseen = if secret { format!(" {}", said::UNSEEN.of(tongue)) } else { String::new() };
    let mut out = std::io::stderr().lock();
    // A closed stderr is no reason to fail.
    let _ = write!(out, "{}{unseen}{default}: ", question.asks(tongue));
    let _ = out.flush();
}

/// Whether a password that somebody chooses is typed the same a second time.
fn repeats(typed: &str, tongue: Tongue) -> Result<bool, Failure> {
    // A closed stderr is no reason to fail.
    let _ = write!(std::io::stderr(), "{}: ", said::ONCE_MORE.of(tongue));
    let again = typed::unseen().map_err(|error| Failure::new(Exit::Failed, &error))?;
    Ok(again.as_deref() == Some(typed))
}

/// What a secret's file holds, where one is named.
fn unfiled(key: Key, answer: String) -> Result<String, Failure> {
    let Some(file) = answer.trim().strip_prefix(FROM_FILE).filter(|_| key.is_secret()) else {
        return Ok(answer);
    };
    std::fs::read_to_string(file).map(|text| text.trim().to_owned()).map_err(|error| {
        let message = format!("{}: expected a secret in {file}, found: {error}", key.as_str());
        Failure::said(Exit::Usage, message)
    })
}

fn forecast(interview: &Interview, tongue: Tongue) {
    let quota = interview.quota();
    say(&said::FORECAST.of(tongue).replace("{quota}", &quota.to_string()));
    for (word, found) in interview.forecasts() {
        let line = said::FORECAST_LINE.of(tongue).replace("{word}", word);
        let line = line.replace("{day}", &found.day.to_string());
        let line = line.replace("{month}", &found.month.to_string());
        let line = line.replace("{minute}", &found.minute.to_string());
        let fits = if found.fits { "" } else { said::TOO_MANY.of(tongue) };
        say(&format!("{line}{fits}"));
    }
}

fn summary(interview: &Interview, tongue: Tongue) {
    say(said::SUMMARY.of(tongue));
    for &key in Key::ALL {
        let Some(given) = interview.given(key).filter(|given| !given.is_empty()) else { continue };
        let shown = if key.is_secret() { "***" } else { given };
        if !matches!(key, Key::Overwrite | Key::Language | Key::Hear | Key::Test | Key::IfRefused) {
            say(&format!("  {:<12} {shown}", key.as_str()));
        }
    }
}

fn finish(interview: &Interview, path: &Path, as_json: bool) -> Result<(), Failure> {
    let tongue = interview.tongue();
    let written = unbroken(|| write(interview, path)).map_err(|error| {
        let exit = if matches!(error, WriteError::Config(_)) { Exit::Usage } else { Exit::Failed };
        Failure::said(exit, error.to_string())
    })?;
    say("");
    say(said::WRITTEN.of(tongue));
    let secrets = written.secret.iter().chain(&written.password);
    for file in [&written.config, &written.url].into_iter().chain(secrets) {
        say(&format!("  {}", file.display()));
    }
    if let Some(old) = &written.old {
        say(&format!("{} {}", said::KEPT.of(tongue), old.display()));
    }
    let next = if installed::is_machines(path) { said::NEXT_INSTALLED } else { said::NEXT };
    say(&next.of(tongue).replace("{file}", &path.display().to_string()));
    if let Some(page) = interview.page(tongue) {
        say(&said::PAGE.of(tongue).replace("{where}", &page));
    }
    if !as_json {
        return Ok(());
    }
    print(|out| {
        let line = json!({
            "config": written.config, "url_file": written.url, "secret_file": written.secret,
            "password_file": written.password,
            "old": written.old, "port": interview.given(Key::Port), "line": interview.given(Key::Line),
            "encoding": interview.given(Key::Encoding), "delivered": interview.was_delivered(),
        });
        writeln!(out, "{line}")
    })
}

/// Does it while Ctrl-C waits, so that nothing is left half done.
fn unbroken<T>(body: impl FnOnce() -> T) -> T {
    let mut held = SigSet::empty();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        held.add(signal);
    }
    let was = held.thread_swap_mask(nix::sys::signal::SigmaskHow::SIG_BLOCK);
    let done = body();
    if let Ok(was) = was {
        // What came meanwhile ends the process now, with all of it written.
        let _as_before = was.thread_set_mask();
    }
    done
}

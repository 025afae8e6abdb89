//! `posbridge robot`: which robots there are, and a new address, secret or keyword for one of them.

use std::io::Write;
use std::path::PathBuf;

use clap::builder::{StringValueParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::{Configured, Exit, Failure, asking, print, say};
use crate::config::{Config, Format, Hears, Privacy, Robot, Sales};
use crate::control::{ControlError, Done, Request};
use crate::operate::robot::{Change, ChangeError, change};
use crate::secret::Secret;

/// Longest text read from standard input, in bytes: a webhook URL is about 120.
const MAX_TYPED_BYTES: u64 = 4096;
/// Most sources of a robot that are named in its list; `--json` names them all.
const MAX_SHOWN_SOURCES: usize = 8;

/// What to do.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Change a robot in the configuration; a running bridge takes it up at once
    Set(Set),
    /// List the robots, without their secrets
    List(List),
}

#[derive(Args)]
#[group(id = "what", required = true, multiple = true)]
struct What {
    /// The webhook; `-` reads it from standard input, which keeps it out of the shell's history
    #[arg(long, value_name = "URL", conflicts_with = "url_file", value_parser = StringValueParser::new().map(Secret::new))]
    url: Option<Secret>,
    /// The file of mode 600 that holds the webhook
    #[arg(long, value_name = "FILE")]
    url_file: Option<PathBuf>,
    /// The file of mode 600 that holds the signing secret
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// A keyword, in place of those there are; more than once for more
    #[arg(long = "keyword", value_name = "WORD")]
    keywords: Vec<String>,
}

#[derive(Args)]
struct Set {
    #[command(flatten)]
    configured: Configured,
    /// The robot
    name: String,
    #[command(flatten)]
    what: What,
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    configured: Configured,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.verb {
        Verb::Set(arguments) => set(arguments),
        Verb::List(arguments) => list(arguments),
    }
}

fn set(arguments: &Set) -> Result<(), Failure> {
    let What { url, url_file, secret_file, keywords } = &arguments.what;
    let url = match url {
        Some(dash) if dash.expose() == "-" => Some(typed()?),
        other => other.clone(),
    };
    let wanted = Change {
        robot: arguments.name.clone(),
        url,
        url_file: url_file.clone(),
        secret_file: secret_file.clone(),
        keywords: (!keywords.is_empty()).then(|| keywords.clone()),
        ..Change::default()
    };
    let changed = change(&arguments.configured.config, &wanted).map_err(|error| {
        let exit = match error {
            ChangeError::Write { .. } => Exit::Failed,
            _ => Exit::Usage,
        };
        Failure::said(exit, error.to_string())
    })?;
    if let Some(written) = &changed.url_file {
        say(&format!("the webhook stands in {} (mode 600)", written.display()));
    }
    say(&format!("{} has the new settings", changed.config.display()));
    let request = Request::Reload { file: Some(changed.config) };
    match asking(&request) {
        Ok(Done::Reload { restart, .. }) => {
            say("the running bridge uses them from now on");
            if !restart.is_empty() {
                let waits = restart.join(", ");
                say(&format!("changed in the file too, but waiting for a restart: {waits}"));
            }
            say(&format!("try it: posbridge send-test --robot {}", arguments.name));
            Ok(())
        }
        Ok(_) => Err(Failure::new(Exit::Failed, &ControlError::Beside("reload"))),
        Err(ControlError::NotRunning { .. }) => {
            say("no bridge runs here; it will use them when it is started");
            Ok(())
        }
        Err(error) => Err(Failure::said(
            Exit::Failed,
            format!("the file is changed, but the running bridge did not take it up: {error}"),
        )),
    }
}

fn typed() -> Result<Secret, Failure> {
    let mut text = String::new();
    let input = std::io::Read::take(std::io::stdin().lock(), MAX_TYPED_BYTES);
    std::io::Read::read_to_string(&mut { input }, &mut text)
        .map_err(|error| Failure::new(Exit::Usage, &error))?;
    Ok(Secret::new(text.trim()))
}

fn list(arguments: &List) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    print(|out| {
        for robot in &config.robots {
            if arguments.json {
                writeln!(out, "{}", json(robot, &config))?;
            } else {
                tell(robot, &config, out)?;
            }
        }
        Ok(())
    })
}

/// One robot without its secrets: of the address only the host is shown.
fn json(robot: &Robot, config: &Config) -> serde_json::Value {
    let notices: Vec<&str> = robot.notices.iter().map(|kind| kind.as_str()).collect();
    serde_json::json!({
        "name": robot.name,
        "host": host(robot),
        "signs": robot.secret.is_some(),
        "keywords": robot.keywords,
        "pool": robot.pool,
        "proxy": robot.proxy.is_some(),
        "notices": notices,
        "sources": match &robot.sources {
            Hears::All => None,
            Hears::Only(names) => Some(names),
        },
        "sales": sales(robot.sales),
        "format": format(robot.format),
        "privacy": privacy(robot.privacy),
        "admin": is_admin(robot, config),
    })
}

fn tell(robot: &Robot, config: &Config, out: &mut dyn Write) -> std::io::Result<()> {
    let signs = if robot.secret.is_some() { "signs" } else { "does not sign" };
    let proxy = if robot.proxy.is_some() { ", by a proxy" } else { "" };
    writeln!(out, "{}: {}{proxy}, {signs}", robot.name, host(robot))?;
    if !robot.keywords.is_empty() {
        writeln!(out, "  keywords  {}", robot.keywords.join(", "))?;
    }
    if let Some(head) = &robot.pool {
        return writeln!(out, "  carries   what {head} is told");
    }
    let notices: Vec<&str> = robot.notices.iter().map(|kind| kind.as_str()).collect();
    writeln!(out, "  told      {}", notices.join(", "))?;
    if let Hears::Only(names) = &robot.sources {
        let more = names.len().saturating_sub(MAX_SHOWN_SOURCES);
        let names: Vec<&str> = names.iter().take(MAX_SHOWN_SOURCES).map(String::as_str).collect();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        writeln!(out, "  of        {}{more}", names.join(", "))?;
    }
    let how = (sales(robot.sales), format(robot.format), privacy(robot.privacy));
    writeln!(out, "  how       sales {}, {}, privacy {}", how.0, how.1, how.2)?;
    if is_admin(robot, config) {
        writeln!(out, "  admin     tells what needs a person")?;
    }
    Ok(())
}

fn host(robot: &Robot) -> String {
    let url = reqwest::Url::parse(robot.url.expose()).ok();
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

fn is_admin(robot: &Robot, config: &Config) -> bool {
    config.admin.as_ref().is_some_and(|admin| admin.robot == robot.name)
}

fn sales(sales: Sales) -> &'static str {
    match sales {
        Sales::Each => "each",
        Sales::Digest => "digest",
        Sales::Auto => "auto",
    }
}

fn format(format: Format) -> &'static str {
    match format {
        Format::Text => "text",
        Format::Markdown => "markdown",
        Format::Card => "card",
    }
}

fn privacy(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Totals => "totals",
        Privacy::Categories => "categories",
        Privacy::Items => "items",
        Privacy::Full => "full",
    }
}

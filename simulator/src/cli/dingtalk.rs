//! `possim dingtalk`: a mock robot that runs until it is stopped.

use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::command::Outcome;
use crate::clock::Clock;
use crate::dingtalk::{AppConfig, MockConfig, MockRobot, Profile, RobotConfig, Wording};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Access token; several tokens are several robots with the same secret and keywords
    #[arg(long = "token", required_unless_present = "app")]
    tokens: Vec<String>,
    /// Signing secret; without it no signature is demanded
    #[arg(long)]
    secret: Option<String>,
    /// Word of which a message must contain one; may be given up to ten times
    #[arg(long = "keyword")]
    keywords: Vec<String>,
    /// Play an application too, with this client id and secret: `OpenAPI`, Stream, people who ask
    #[arg(long, value_name = "ID:SECRET")]
    app: Option<AppConfig>,
    /// How this DingTalk behaves, in TOML; docs/SIMULATOR.md lists the keys
    #[arg(long, value_name = "FILE", value_parser = profile)]
    profile: Option<Box<Profile>>,
    /// Generation of error codes and texts, in place of the profile's
    #[arg(long, value_enum)]
    wording: Option<Wording>,
    /// Keep no limits: neither of the minute, nor of the month, nor of the address
    #[arg(long)]
    no_limits: bool,
    /// Append every call and its answer to this file, a line of JSON each
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Virtual time: origin=RFC3339,rate=N[,anchor=NANOSECONDS]
    #[cfg(feature = "test-clock")]
    #[arg(long, hide = true, value_parser = Clock::parse)]
    clock: Option<Clock>,
}

/// Reads a profile; a mistake in it is a mistake in the command.
fn profile(path: &str) -> Result<Box<Profile>, String> {
    Profile::read(Path::new(path)).map(Box::new).map_err(|error| {
        let cause = error.source().map(|cause| format!("\n{cause}")).unwrap_or_default();
        format!("{error}{cause}")
    })
}

impl Arguments {
    #[cfg(feature = "test-clock")]
    fn clock(&self) -> Clock {
        self.clock.unwrap_or_else(Clock::real)
    }

    #[cfg(not(feature = "test-clock"))]
    #[expect(clippy::unused_self, reason = "the same call in both builds")]
    fn clock(&self) -> Clock {
        Clock::real()
    }
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    let mut profile = arguments.profile.as_deref().cloned().unwrap_or_default();
    profile.wording = arguments.wording.unwrap_or(profile.wording);
    let robots = arguments.tokens.iter().map(|token| RobotConfig {
        token: token.clone(),
        secret: arguments.secret.clone(),
        keywords: arguments.keywords.clone(),
    });
    let mock = MockRobot::start(MockConfig {
        listen: arguments.listen,
        robots: robots.collect(),
        profile,
        limited: !arguments.no_limits,
        clock: arguments.clock(),
        app: arguments.app.clone(),
        log: arguments.log.clone(),
    })
    .await?;
    let line = json!({"listening": format!("http://{}", mock.address())});
    writeln!(std::io::stdout(), "{line}")?;
    tokio::select! {
        () = mock.serve() => Ok(false),
        stopped = tokio::signal::ctrl_c() => Ok(stopped.is_ok()),
    }
}

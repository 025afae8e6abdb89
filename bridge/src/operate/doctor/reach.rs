//! The robots: what they are told, and whether DingTalk can be reached, without a message.

use super::Finding;
use crate::clock::Clock;
use crate::config::{Language, Robot};
use crate::dingtalk::{RobotClient, WARN_SKEW_S};

pub(super) fn told(robot: &Robot) -> Finding {
    let events = robot.notices.iter().map(|kind| kind.as_str());
    let kinds: Vec<&str> = events.chain(robot.findings.iter().map(|kind| kind.as_str())).collect();
    let signed = if robot.secret.is_some() { "signed" } else { "not signed" };
    let name = &robot.name;
    let of = robot.sources.count().map_or_else(String::new, |count| match count {
        1 => " of one source".to_owned(),
        _ => format!(" of {count} sources"),
    });
    Finding::ok(format!(
        "{name}: {signed}, told of {}{of}; try posbridge send-test --robot {name}",
        kinds.join(", ")
    ))
}

pub(super) async fn reach(robot: &Robot, clock: Clock) -> Finding {
    let name = &robot.name;
    let answered = match RobotClient::new(robot, clock) {
        Ok(client) => client.reach().await,
        Err(error) => return Finding::bad(format!("{name}: {error}"), "see [[robot]] in the docs"),
    };
    match answered {
        Err(why) => {
            Finding::bad(format!("{name}: its host cannot be reached"), why.explain(Language::En))
        }
        Ok(Some(ahead_s)) if ahead_s.abs() > WARN_SKEW_S => Finding::bad(
            format!("{name}: this machine's clock is {ahead_s} s off its host's"),
            "timedatectl set-ntp true: signatures are refused after an hour",
        ),
        Ok(_) => Finding::ok(format!("{name}: its host can be reached")),
    }
}

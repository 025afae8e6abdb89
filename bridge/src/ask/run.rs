//! One message to the robot, from its arrival to the answer.
//!
//! Whoever asks hears something within seconds: the answer, or that it comes later. The books are
//! read on a connection of their own, so a journal that is busy writing delays changes alone.

use std::sync::Arc;
use std::time::Duration;

use super::answer::Answer;
use super::change::change;
use super::look::look;
use super::question::{Asked, Question, understand};
use super::scope::{NoScope, Scope};
use crate::app::{Desk, Hall, Reply};
use crate::config::{Config, Privacy, Robot, Shop};
use crate::dingtalk::stream::BotMessage;
use crate::journal::{JournalError, JournalReader};
use crate::notice::{self, Context};
use crate::shop::Clerk;

/// How long somebody waits before they are told that the answer comes later.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long an answer may take at all: by then it was asked again.
const LONGEST: Duration = Duration::from_mins(10);

/// Answers `message`, by the desk where that is meant.
pub(crate) async fn take(message: &BotMessage, hall: &Hall, desk: &dyn Desk) {
    let config = hall.live.config();
    let asked = asked(message, &config);
    let worked = work(message, &asked, hall, &config, desk);
    tokio::pin!(worked);
    let said = |answer: &Answer| say(answer, &asked, message, &config);
    let reply = if let Ok(reply) = tokio::time::timeout(PATIENCE, &mut worked).await {
        reply
    } else {
        speak(message, &said(&Answer::Late), hall, &config).await;
        let later = tokio::time::timeout(LONGEST, worked).await;
        later.unwrap_or_else(|_| said(&Answer::Trouble))
    };
    speak(message, &reply, hall, &config).await;
}

pub(super) async fn work(
    message: &BotMessage,
    asked: &Asked,
    hall: &Hall,
    config: &Arc<Config>,
    desk: &dyn Desk,
) -> Reply {
    if let Some(reply) = desk.asked(message).await {
        return reply;
    }
    let answer = answer(message, asked, hall, config).await.unwrap_or_else(|error| {
        tracing::warn!("a question could not be looked up: {error}");
        Answer::Trouble
    });
    say(&answer, asked, message, config)
}

pub(super) fn asked(message: &BotMessage, config: &Config) -> Asked {
    let shops = config.shops();
    understand(&message.text, shops.iter().map(String::as_str), config.shop.language)
}

async fn answer(
    message: &BotMessage,
    asked: &Asked,
    hall: &Hall,
    config: &Arc<Config>,
) -> Result<Answer, JournalError> {
    if message.over_quota {
        return Ok(Answer::OverQuota);
    }
    // What can be asked is no secret.
    match asked.question {
        Question::Help => return Ok(Answer::Help),
        Question::Unknown => return Ok(Answer::Unknown),
        _ => {}
    }
    let scope = match Scope::of(config, message) {
        Ok(scope) => scope,
        Err(NoScope::Alone) => return Ok(Answer::Alone),
        Err(NoScope::NoRobot) => {
            return Ok(Answer::NoRobot { conversation: message.conversation_id.clone() });
        }
    };
    let shop = asked.shop.as_deref();
    if let Some(done) = change(&asked.question, shop, &scope, message, hall, config).await? {
        return Ok(done);
    }
    let (asked, message, config) = (asked.clone(), message.clone(), Arc::clone(config));
    let (path, now_ms) = (hall.journal.path().to_owned(), hall.clock.wall_ms());
    let read = tokio::task::spawn_blocking(move || {
        let Ok(scope) = Scope::of(&config, &message) else { return Ok(Answer::Trouble) };
        let clerk = Clerk::new(Arc::clone(&config));
        let Some(now) = clerk.moment_of(now_ms) else { return Ok(Answer::Trouble) };
        let reader = JournalReader::open(&path)?;
        reader.look_at_books(|rows| look(&asked, &scope, rows, now, now_ms))
    });
    read.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// `answer` to `message` in words.
pub(crate) fn worded(answer: &Answer, message: &BotMessage, config: &Config) -> Reply {
    say(answer, &asked(message, config), message, config)
}

/// `answer` in words, in the language of the question.
fn say(answer: &Answer, asked: &Asked, message: &BotMessage, config: &Config) -> Reply {
    let privacy = Scope::of(config, message).map_or(Privacy::Totals, |scope| scope.privacy);
    let shop = Shop { language: asked.language, ..config.shop.clone() };
    // Every configuration has a robot; how it speaks is the group's.
    let Some(robot) = config.robots.first() else { return Reply::default() };
    let robot = Robot { privacy, ..robot.clone() };
    let context = Context { shop: &shop, ..Context::new(config, &robot) };
    let (title, text) = notice::answer(answer, &context);
    Reply { title, text }
}

/// Says it where it was asked; what is late and has a robot of its own there goes by its queue.
async fn speak(message: &BotMessage, reply: &Reply, hall: &Hall, config: &Config) {
    let scope = Scope::of(config, message).ok();
    let named = scope.filter(|scope| scope.named && message.is_group);
    let robot = named.as_ref().and_then(|scope| scope.robots.first());
    let robot = robot.map(|robot| robot.name.as_str());
    if let Err(error) = hall.say(message, reply, robot).await {
        tracing::warn!("a question was not answered: {error}");
    }
}

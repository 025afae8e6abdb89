//! Says something where a question came from: by the address that came with it, and once that has
//! ended by the group's own robot or, where the configuration names none, the application's.
//!
//! What may have arrived is never said again. A robot's own queue keeps what it is to say over a
//! restart; the application's calls are made once.

use super::{Hall, Reply};
use crate::alarm::LateAnswer;
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::openapi::{ApiError, RobotMessage};
use crate::dingtalk::stream::{BotMessage, ReplyError, SessionWebhookClient};
use crate::dingtalk::{Message, RobotError};
use crate::journal::{JournalError, NewAlarm};

/// The way back by the address that came with a question.
#[derive(Clone, Debug)]
pub(crate) struct Voice {
    replies: SessionWebhookClient,
}

/// Why nobody heard an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsaid {
    /// By the address of the question.
    #[error(transparent)]
    Reply(#[from] ReplyError),
    /// By the robot.
    #[error("{0} (hint: {hint})", hint = .0.hint())]
    Robot(#[from] ApiError),
    /// By the queue of the group's robot.
    #[error(transparent)]
    Queue(#[from] JournalError),
    /// There is no way back to somebody from outside the organisation.
    #[error("expected a way back to the person who asked, found none")]
    NoWay,
}

impl Voice {
    /// The ways of `app`; nothing is sent.
    pub(crate) fn new(app: &App, clock: Clock) -> Result<Self, RobotError> {
        Ok(Self { replies: SessionWebhookClient::new(app, clock)? })
    }

    /// By the address that came with `question`; whether that is still open.
    async fn by_session(&self, question: &BotMessage, reply: &Reply) -> Result<bool, ReplyError> {
        let Some(to) = &question.reply else { return Ok(false) };
        let message = Message::markdown(&reply.title, &reply.text);
        match self.replies.reply(to, &message).await {
            Ok(()) => Ok(true),
            Err(error) if error.may_have_arrived() => Err(error),
            Err(error) => {
                tracing::debug!("answering by a robot instead: {error}");
                Ok(false)
            }
        }
    }
}

impl Hall {
    /// Answers `question`. `robot` is the one that the configuration names for the group: what comes
    /// late is put into its queue.
    pub(crate) async fn say(
        &self,
        question: &BotMessage,
        reply: &Reply,
        robot: Option<&str>,
    ) -> Result<(), Unsaid> {
        if self.voice.by_session(question, reply).await? {
            return Ok(());
        }
        match robot {
            Some(robot) => self.by_queue(question, reply, robot).await,
            None => self.by_robot(question, reply).await,
        }
    }

    /// By the application's robot, once.
    async fn by_robot(&self, question: &BotMessage, reply: &Reply) -> Result<(), Unsaid> {
        let Reply { title, text } = reply.clone();
        let message = RobotMessage::Markdown { title, text };
        if question.is_group {
            self.api.send_to_group(&question.conversation_id, &message).await?;
        } else {
            let person = question.staff_id.clone().ok_or(Unsaid::NoWay)?;
            self.api.send_to_people(&[person], &message).await?;
        }
        Ok(())
    }

    async fn by_queue(&self, to: &BotMessage, reply: &Reply, robot: &str) -> Result<(), Unsaid> {
        let Reply { title, text } = reply.clone();
        let answer = LateAnswer::Answer { title, text };
        let alarm = NewAlarm {
            robot: robot.to_owned(),
            key: answer.key(&to.id),
            body: serde_json::to_string(&answer).expect("plain data always serialises"),
            created_ms: self.clock.wall_ms(),
        };
        self.journal.raise(alarm).await?;
        self.told.queued(robot);
        Ok(())
    }
}

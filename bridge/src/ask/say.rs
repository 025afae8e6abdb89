//! Says something where a question came from: by the address that came with it, and by the
//! application's robot once that has ended.
//!
//! What may have arrived is never said again.

use std::sync::Arc;

use super::recall::Recall;
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::openapi::{ApiError, OpenApi, RobotMessage};
use crate::dingtalk::stream::{BotMessage, ReplyError, SessionWebhookClient};
use crate::dingtalk::{Message, RobotError};

/// The ways back to people.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    replies: SessionWebhookClient,
    api: OpenApi,
}

/// Why nobody heard an answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsaid {
    /// By the address of the question.
    #[error(transparent)]
    Reply(#[from] ReplyError),
    /// By the robot.
    #[error("{0} (hint: {hint})", hint = .0.hint())]
    Robot(#[from] ApiError),
    /// There is no way back to somebody from outside the organisation.
    #[error("expected a way back to the person who asked, found none")]
    NoWay,
}

impl Voice {
    /// The ways of `app`; nothing is sent.
    pub(super) fn new(app: &App, clock: Clock, recall: Arc<Recall>) -> Result<Self, RobotError> {
        let replies = SessionWebhookClient::new(app, clock)?;
        Ok(Self { replies, api: OpenApi::new(app, clock, recall)? })
    }

    /// Answers `question` with Markdown.
    pub(super) async fn answer(
        &self,
        question: &BotMessage,
        title: &str,
        text: &str,
    ) -> Result<(), Unsaid> {
        if let Some(to) = &question.reply {
            match self.replies.reply(to, &Message::markdown(title, text)).await {
                Ok(()) => return Ok(()),
                Err(error) if error.may_have_arrived() => return Err(error.into()),
                Err(error) => tracing::debug!("answering by the robot instead: {error}"),
            }
        }
        let message = RobotMessage::Markdown { title: title.to_owned(), text: text.to_owned() };
        if question.is_group {
            self.api.send_to_group(&question.conversation_id, &message).await?;
        } else {
            let person = question.staff_id.clone().ok_or(Unsaid::NoWay)?;
            self.api.send_to_people(&[person], &message).await?;
        }
        Ok(())
    }
}

//! The address at which a question is answered: `/robot/sendBySession?session=…`, for an hour and a
//! half.
//!
//! It takes a robot's messages without a token and without limits; after its time it is answered HTTP
//! 500, as was reported.

use serde_json::Value;

use super::speech::{Speech, Spoken, Via};
use super::state::App;
use crate::dingtalk::answer::Refusal;
use crate::dingtalk::judge::{MAX_BODY_BYTES, is_json};
use crate::dingtalk::profile::GroupRules;
use crate::dingtalk::{mention, message};

/// A question that can be answered.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) expires_ms: i64,
    /// `seq` of the question.
    pub(super) question: u64,
    /// The group it was asked in.
    pub(super) conversation: Option<String>,
    /// The person who asked, where nobody else sees it.
    pub(super) to: Vec<String>,
}

/// An answer as it came in.
#[derive(Clone, Debug)]
pub(in crate::dingtalk) struct Answering {
    pub(in crate::dingtalk) session: String,
    pub(in crate::dingtalk) content_type: Option<String>,
    pub(in crate::dingtalk) body: Vec<u8>,
}

/// Why an answer was not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dingtalk) enum Unanswered {
    /// The address is unknown or its time is over.
    Expired,
    /// The message is refused as a robot's would be.
    Refused(Refusal),
}

impl App {
    /// Shows an answer at the address of its question.
    pub(in crate::dingtalk) fn answer_session(
        &mut self,
        answering: &Answering,
        group: &GroupRules,
        now_ms: i64,
    ) -> Result<(), Unanswered> {
        let session =
            self.sessions.find(&answering.session).filter(|open| now_ms < open.expires_ms);
        let session = session.ok_or(Unanswered::Expired)?;
        let (content, mentions) = read(answering, group).map_err(Unanswered::Refused)?;
        let speech = Speech {
            via: Some(Via::Session),
            conversation: session.conversation.clone(),
            to: session.to.clone(),
            answers: Some(session.question),
            ..Speech::default()
        };
        self.said.push(Spoken { content, mentions, speech, bytes: answering.body.len() });
        Ok(())
    }
}

fn read(
    answering: &Answering,
    group: &GroupRules,
) -> Result<(message::Content, Vec<mention::Mention>), Refusal> {
    if !answering.content_type.as_deref().is_none_or(is_json) {
        return Err(Refusal::ContentType);
    }
    if answering.body.len() > MAX_BODY_BYTES {
        return Err(Refusal::TooLong);
    }
    let body: Option<Value> = serde_json::from_slice(&answering.body).ok();
    let body = body.filter(Value::is_object).ok_or(Refusal::NoJson)?;
    let mut content = message::read(&body)?;
    let mentions = mention::read(&body["at"], &content, group);
    content.text = mention::masked(&content.text, &mentions);
    Ok((content, mentions))
}

//! What tests of messages start from.

use pos_protocol::event::Event;

use super::{Context, Templates, render};
use crate::config::{Format, Language, Mode, Privacy, Robot, Shop};
use crate::dingtalk::{Content, Message};

pub(super) fn robot(format: Format, privacy: Privacy) -> Robot {
    let url = "https://oapi.dingtalk.com/robot/send?access_token=t";
    Robot { format, privacy, ..Robot::for_tests("owner", url) }
}

/// Calls `see` with the context of a shop that speaks `language`.
pub(super) fn within<T>(
    language: Language,
    robot: &Robot,
    mode: Mode,
    see: impl FnOnce(&Context<'_>) -> T,
) -> T {
    within_shop(&Shop::for_tests(language), robot, mode, see)
}

/// As [`within`], of a shop.
pub(super) fn within_shop<T>(
    shop: &Shop,
    robot: &Robot,
    mode: Mode,
    see: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let templates = Templates::built_in();
    see(&Context { shop, robot, mode, admin: None, link: None, form: None, templates, left: &[] })
}

pub(super) fn words(message: &Message) -> String {
    match &message.content {
        Content::Text { content } => content.clone(),
        Content::Markdown { title, text } | Content::ActionCard { title, text, .. } => {
            format!("{title}\n{text}")
        }
        other => panic!("nothing that notices are said with: {other:?}"),
    }
}

pub(super) fn text(event: &Event, language: Language, privacy: Privacy) -> String {
    let robot = robot(Format::Text, privacy);
    within(language, &robot, Mode::Live, |context| words(&render(event, context)))
}

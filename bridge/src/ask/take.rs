//! What is done about one callback.

use super::say::Voice;
use crate::config::{Config, Language};
use crate::dingtalk::stream::{BotMessage, Callback};

/// Takes `callback`, whatever it is.
pub(super) async fn take(callback: Callback, config: &Config, voice: &Voice) {
    match callback {
        Callback::BotMessage(question) => answer(&question, config, voice).await,
        // Let go, it answers that nothing changes.
        Callback::CardAction(_, answer) => drop(answer),
        Callback::Event(event, ack) => {
            tracing::debug!(name = %event.name, "an event that nothing waits for");
            ack.done().await;
        }
    }
}

async fn answer(question: &BotMessage, config: &Config, voice: &Voice) {
    let (title, text) = help(config.shop.language);
    let text = format!("**{}**\n\n{text}", config.shop.name);
    if let Err(error) = voice.answer(question, title, &text).await {
        tracing::warn!("a question was not answered: {error}");
    }
}

/// The line in the conversation list, and what is said to every question.
fn help(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::ZhHk => ("收銀", "我只通報收銀機的消息，暫時未能回答問題。"),
        Language::ZhCn => ("收银", "我只通报收银机的消息，暂时不能回答问题。"),
        Language::En => ("Till", "I tell what the till says. I cannot answer questions yet."),
        Language::Id => {
            ("Kasir", "Saya menyampaikan kabar dari kasir. Saya belum bisa menjawab pertanyaan.")
        }
    }
}

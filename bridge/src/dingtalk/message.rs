//! What a robot is asked to show: text or DingTalk's Markdown subset, checked before it is sent.

use serde::Serialize;

/// Largest request body DingTalk takes, in bytes; beyond it answers 460101.
pub const MAX_BODY_BYTES: usize = 20_000;

/// A message that has not been given an idempotency key yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Plain text.
    Text {
        /// All of it.
        content: String,
    },
    /// DingTalk's Markdown subset.
    Markdown {
        /// The line in the conversation list; not shown in the body.
        title: String,
        /// The body.
        text: String,
    },
}

/// Why a message cannot be sent as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A required field holds nothing to read.
    #[error("expected words in the field {field}, found none")]
    Empty {
        /// Its wire name.
        field: &'static str,
    },
    /// The body is larger than DingTalk takes.
    #[error("expected a body of at most {MAX_BODY_BYTES} bytes, found {found}")]
    TooLong {
        /// Its size.
        found: usize,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    msgtype: &'static str,
    msg_uuid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<TextBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<MarkdownBody<'a>>,
}

#[derive(Serialize)]
struct TextBody<'a> {
    content: &'a str,
}

#[derive(Serialize)]
struct MarkdownBody<'a> {
    title: &'a str,
    text: &'a str,
}

impl Message {
    /// The message with one of `keywords` in every field that is searched; the first keyword is
    /// added where none is there. Which fields DingTalk searches, and whether case counts, is not
    /// documented: so each field, and exact case.
    #[must_use]
    pub fn with_keyword(self, keywords: &[String]) -> Self {
        let Some(first) = keywords.first() else { return self };
        let missing = |field: &str| !keywords.iter().any(|word| field.contains(word.as_str()));
        let add = |field: String, between: &str| {
            if missing(&field) { format!("{field}{between}{first}") } else { field }
        };
        match self {
            Self::Text { content } => Self::Text { content: add(content, "\n") },
            Self::Markdown { title, text } => {
                Self::Markdown { title: add(title, " "), text: add(text, "  \n") }
            }
        }
    }

    /// The JSON body, with `msg_uuid` as its idempotency key.
    pub fn body(&self, msg_uuid: &str) -> Result<String, MessageError> {
        let filled = |field, value: &str| {
            if value.trim().is_empty() { Err(MessageError::Empty { field }) } else { Ok(()) }
        };
        let body = match self {
            Self::Text { content } => {
                filled("text.content", content)?;
                let text = Some(TextBody { content });
                Body { msgtype: "text", msg_uuid, text, markdown: None }
            }
            Self::Markdown { title, text } => {
                filled("markdown.title", title)?;
                filled("markdown.text", text)?;
                let markdown = Some(MarkdownBody { title, text });
                Body { msgtype: "markdown", msg_uuid, text: None, markdown }
            }
        };
        let json = serde_json::to_string(&body).expect("strings always serialise");
        if json.len() > MAX_BODY_BYTES {
            return Err(MessageError::TooLong { found: json.len() });
        }
        Ok(json)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BODY_BYTES, Message, MessageError};

    fn text(content: &str) -> Message {
        Message::Text { content: content.into() }
    }

    fn markdown(title: &str, text: &str) -> Message {
        Message::Markdown { title: title.into(), text: text.into() }
    }

    #[test]
    fn bodies_are_exactly_what_the_robot_reads() {
        assert_eq!(
            text("飲茶\n\"先\"").body("u-1").as_deref(),
            Ok(r#"{"msgtype":"text","msgUuid":"u-1","text":{"content":"飲茶\n\"先\""}}"#)
        );
        assert_eq!(
            markdown("T", "# x").body("u-2").as_deref(),
            Ok(r##"{"msgtype":"markdown","msgUuid":"u-2","markdown":{"title":"T","text":"# x"}}"##)
        );
    }

    #[test]
    fn an_empty_required_field_is_refused_by_name() {
        assert_eq!(text(" \n").body("u"), Err(MessageError::Empty { field: "text.content" }));
        assert_eq!(
            markdown("", "x").body("u"),
            Err(MessageError::Empty { field: "markdown.title" })
        );
        assert_eq!(
            markdown("x", "").body("u"),
            Err(MessageError::Empty { field: "markdown.text" })
        );
    }

    #[test]
    fn the_size_counts_bytes_of_the_whole_body() {
        let frame = text("x").body("u").expect("short").len() - 1;
        let fits = "茶".repeat((MAX_BODY_BYTES - frame) / 3);
        assert!(text(&fits).body("u").is_ok());
        let over = text(&format!("{fits}茶")).body("u");
        assert!(matches!(over, Err(MessageError::TooLong { found }) if found > MAX_BODY_BYTES));
    }

    #[test]
    fn a_keyword_stands_in_every_field_and_is_added_once() {
        let words = ["收銀".to_owned(), "till".to_owned()];
        assert_eq!(text("the till").with_keyword(&words), text("the till"));
        assert_eq!(text("sold").with_keyword(&words), text("sold\n收銀"));
        let both = markdown("sold", "the till").with_keyword(&words);
        assert_eq!(both, markdown("sold 收銀", "the till"));
        assert_eq!(both.clone().with_keyword(&words), both);
        assert_eq!(text("sold").with_keyword(&[]), text("sold"));
    }
}

//! What a robot is asked to show: DingTalk's five types of message and the people mentioned.
//!
//! It does not choose words or formats (`notice` does). How a message is written as JSON is in
//! `body`, what makes one unfit to be sent in `check`.

use super::body::Body;
use super::check;

/// Largest request body DingTalk takes, in bytes; beyond it answers 460101.
pub const MAX_BODY_BYTES: usize = 20_000;

/// Most people one message can mention, by number and by id together.
pub const MAX_MENTIONED: usize = 50;

/// A message that has not been given an idempotency key yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it says.
    pub content: Content,
    /// Who is called.
    pub at: At,
}

/// What a message says, one variant per type a custom robot takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
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
    /// A card that opens one page.
    Link {
        /// Its first line.
        title: String,
        /// What stands below.
        text: String,
        /// The page.
        message_url: String,
        /// A picture beside it: a URL or the id of an uploaded one.
        picture_url: Option<String>,
    },
    /// Markdown with buttons below it.
    ActionCard {
        /// The line in the conversation list; not shown in the body.
        title: String,
        /// The body.
        text: String,
        /// At least one.
        buttons: Vec<Button>,
        /// Side by side instead of one below the other.
        horizontal: bool,
    },
    /// A list of pages with pictures.
    FeedCard {
        /// At least one.
        links: Vec<FeedLink>,
    },
}

/// A button that opens a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub title: String,
    /// The page.
    pub url: String,
}

/// One entry of a feed card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLink {
    /// Its line.
    pub title: String,
    /// The page.
    pub message_url: String,
    /// Its picture: a URL or the id of an uploaded one.
    pub picture_url: String,
}

/// Who is called. Everybody named here must also be written as `@...` in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// Mobile numbers, as they stand in the text.
    pub mobiles: Vec<String>,
    /// DingTalk user ids, as they stand in the text.
    pub user_ids: Vec<String>,
    /// The whole group.
    pub all: bool,
}

/// Why a message cannot be sent as it is. Never shows a person's number or a whole URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A required field holds nothing to read.
    #[error("expected words in the field {field}, found none")]
    Empty {
        /// Its wire name.
        field: &'static str,
    },
    /// A link that DingTalk's client cannot open.
    #[error("expected an http, https or dingtalk URL in the field {field}, found {found}")]
    Url {
        /// Its wire name.
        field: &'static str,
        /// What kind of address it is.
        found: String,
    },
    /// Mentions in a type of message that shows none.
    #[error("expected no {what} in a message of type {msgtype}, found some (hint: {hint})")]
    NoMentions {
        /// The type.
        msgtype: &'static str,
        /// Which sort of mention.
        what: &'static str,
        /// What works.
        hint: &'static str,
    },
    /// Somebody is mentioned but not written in the text, so nobody would be called.
    #[error(
        "expected @ and the {what} of everybody mentioned in the text, found {missing} missing"
    )]
    NotWritten {
        /// "mobile number" or "user id".
        what: &'static str,
        /// How many.
        missing: usize,
    },
    /// More people than one message can mention.
    #[error("expected at most {MAX_MENTIONED} people mentioned, found {found}")]
    TooManyMentioned {
        /// How many.
        found: usize,
    },
    /// The body is larger than DingTalk takes.
    #[error("expected a body of at most {MAX_BODY_BYTES} bytes, found {found}")]
    TooLong {
        /// Its size.
        found: usize,
    },
}

impl From<Content> for Message {
    fn from(content: Content) -> Self {
        Self { content, at: At::default() }
    }
}

impl Content {
    /// Its type's wire name.
    pub fn msgtype(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Markdown { .. } => "markdown",
            Self::Link { .. } => "link",
            Self::ActionCard { .. } => "actionCard",
            Self::FeedCard { .. } => "feedCard",
        }
    }
}

impl Message {
    /// Plain text that mentions nobody.
    pub fn text(content: impl Into<String>) -> Self {
        Content::Text { content: content.into() }.into()
    }

    /// Markdown that mentions nobody.
    pub fn markdown(title: impl Into<String>, text: impl Into<String>) -> Self {
        Content::Markdown { title: title.into(), text: text.into() }.into()
    }

    /// The message with one of `keywords` in every field that is searched; the first keyword is
    /// added where none is there. Which fields DingTalk searches, and whether case counts, is not
    /// documented: so title and text each, and exact case.
    #[must_use]
    pub fn with_keyword(mut self, keywords: &[String]) -> Self {
        let Some(first) = keywords.first() else { return self };
        let has = |field: &str| keywords.iter().any(|word| field.contains(word.as_str()));
        let add = |field: &mut String, between: &str| {
            if !has(field) {
                field.push_str(between);
                field.push_str(first);
            }
        };
        match &mut self.content {
            Content::Text { content } => add(content, "\n"),
            Content::Link { title, text, .. } => {
                add(title, " ");
                add(text, "\n");
            }
            Content::Markdown { title, text } | Content::ActionCard { title, text, .. } => {
                add(title, " ");
                add(text, "  \n");
            }
            // Titles are all it has; in every one of them the word would drown the list.
            Content::FeedCard { links } => {
                if !links.iter().any(|link| has(&link.title)) {
                    links.iter_mut().take(1).for_each(|link| add(&mut link.title, " "));
                }
            }
        }
        self
    }

    /// The JSON body with `msg_uuid` as its idempotency key, or why DingTalk would not take it or
    /// would not do what it says.
    pub fn body(&self, msg_uuid: &str) -> Result<String, MessageError> {
        check::content(&self.content)?;
        check::mentions(self)?;
        let json = Body::new(self, msg_uuid).json();
        if json.len() > MAX_BODY_BYTES {
            return Err(MessageError::TooLong { found: json.len() });
        }
        Ok(json)
    }
}

#[cfg(test)]
mod tests {
    use super::{Button, Content, FeedLink, MAX_BODY_BYTES, Message, MessageError};

    fn feed(titles: &[&str]) -> Message {
        let link = |title: &&str| FeedLink {
            title: (*title).into(),
            message_url: "https://h/1".into(),
            picture_url: "https://h/1.png".into(),
        };
        Content::FeedCard { links: titles.iter().map(link).collect() }.into()
    }

    #[test]
    fn the_size_counts_bytes_of_the_whole_body() {
        let frame = Message::text("x").body("u").expect("short").len() - 1;
        let fits = "茶".repeat((MAX_BODY_BYTES - frame) / 3);
        assert!(Message::text(&fits).body("u").is_ok());
        let over = Message::text(format!("{fits}茶")).body("u");
        assert!(matches!(over, Err(MessageError::TooLong { found }) if found > MAX_BODY_BYTES));

        let exact = "x".repeat(MAX_BODY_BYTES - frame);
        assert_eq!(Message::text(&exact).body("u").expect("just fits").len(), MAX_BODY_BYTES);
        let quoted = "\"".repeat(exact.len());
        let escaped = Message::text(quoted).body("u");
        assert!(matches!(escaped, Err(MessageError::TooLong { .. })), "as it is sent");
    }

    #[test]
    fn a_keyword_stands_in_every_field_and_is_added_once() {
        let words = ["收銀".to_owned(), "till".to_owned()];
        let says = |message: Message| message.with_keyword(&words);
        assert_eq!(says(Message::text("the till")), Message::text("the till"));
        assert_eq!(says(Message::text("sold")), Message::text("sold\n收銀"));
        let both = says(Message::markdown("sold", "the till"));
        assert_eq!(both, Message::markdown("sold 收銀", "the till"));
        assert_eq!(says(both.clone()), both);
        assert_eq!(Message::text("sold").with_keyword(&[]), Message::text("sold"));
    }

    #[test]
    fn cards_and_links_carry_the_keyword_in_title_and_text() {
        let words = ["收銀".to_owned()];
        let buttons = vec![Button { title: "Open".into(), url: "https://h/".into() }];
        let card = |title: &str, text: &str| Message {
            content: Content::ActionCard {
                title: title.into(),
                text: text.into(),
                buttons: buttons.clone(),
                horizontal: true,
            },
            at: super::At::default(),
        };
        assert_eq!(card("a", "b").with_keyword(&words), card("a 收銀", "b  \n收銀"));
        let link = |title: &str, text: &str| {
            Message::from(Content::Link {
                title: title.into(),
                text: text.into(),
                message_url: "https://h/".into(),
                picture_url: None,
            })
        };
        assert_eq!(link("a", "b").with_keyword(&words), link("a 收銀", "b\n收銀"));
        assert_eq!(feed(&["a", "b"]).with_keyword(&words), feed(&["a 收銀", "b"]));
        assert_eq!(feed(&["a", "收銀"]).with_keyword(&words), feed(&["a", "收銀"]));
    }
}

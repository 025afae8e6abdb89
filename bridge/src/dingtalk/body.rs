//! A message as the JSON that DingTalk reads. The case of its field names is not consistent: a link
//! has `messageUrl`, a feed card `messageURL`, a card `actionURL`.
//!
//! It checks nothing: that is `check`.

use serde::Serialize;

use super::message::{At, Button, Content, FeedLink, Message};

/// The whole body.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    msgtype: &'static str,
    #[serde(rename = "msgUuid")]
    msg_uuid: &'a str,
    #[serde(flatten)]
    payload: Payload<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<AtBody<'a>>,
}

/// The one field that is named like the type.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Payload<'a> {
    Text {
        content: &'a str,
    },
    Markdown {
        title: &'a str,
        text: &'a str,
    },
    Link {
        title: &'a str,
        text: &'a str,
        #[serde(rename = "messageUrl")]
        message_url: &'a str,
        #[serde(rename = "picUrl", skip_serializing_if = "Option::is_none")]
        picture_url: Option<&'a str>,
    },
    ActionCard(Card<'a>),
    FeedCard {
        links: Vec<Feed<'a>>,
    },
}

#[derive(Serialize)]
struct Card<'a> {
    title: &'a str,
    text: &'a str,
    #[serde(rename = "btnOrientation")]
    orientation: &'static str,
    #[serde(flatten)]
    buttons: Buttons<'a>,
}

/// A card with `singleTitle` ignores its `btns`: so it has the one or the other.
#[derive(Serialize)]
#[serde(untagged)]
enum Buttons<'a> {
    Single {
        #[serde(rename = "singleTitle")]
        title: &'a str,
        #[serde(rename = "singleURL")]
        url: &'a str,
    },
    Several {
        btns: Vec<ButtonBody<'a>>,
    },
}

#[derive(Serialize)]
struct ButtonBody<'a> {
    title: &'a str,
    #[serde(rename = "actionURL")]
    url: &'a str,
}

#[derive(Serialize)]
struct Feed<'a> {
    title: &'a str,
    #[serde(rename = "messageURL")]
    message_url: &'a str,
    #[serde(rename = "picURL")]
    picture_url: &'a str,
}

#[derive(Serialize)]
struct AtBody<'a> {
    #[serde(rename = "atMobiles", skip_serializing_if = "<[_]>::is_empty")]
    mobiles: &'a [String],
    #[serde(rename = "atUserIds", skip_serializing_if = "<[_]>::is_empty")]
    user_ids: &'a [String],
    #[serde(rename = "isAtAll")]
    all: bool,
}

impl<'a> Body<'a> {
    /// The body of `message`.
    pub(super) fn new(message: &'a Message, msg_uuid: &'a str) -> Self {
        let At { mobiles, user_ids, all } = &message.at;
        let somebody = *all || !mobiles.is_empty() || !user_ids.is_empty();
        Self {
            msgtype: message.content.msgtype(),
            msg_uuid,
            payload: payload(&message.content),
            at: somebody.then_some(AtBody { mobiles, user_ids, all: *all }),
        }
    }

    /// As it is sent.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).expect("strings always serialise")
    }
}

fn payload(content: &Content) -> Payload<'_> {
    match content {
        Content::Text { content } => Payload::Text { content },
        Content::Markdown { title, text } => Payload::Markdown { title, text },
        Content::Link { title, text, message_url, picture_url } => {
            Payload::Link { title, text, message_url, picture_url: picture_url.as_deref() }
        }
        Content::ActionCard { title, text, buttons, horizontal } => Payload::ActionCard(Card {
            title,
            text,
            orientation: if *horizontal { "1" } else { "0" },
            buttons: several(buttons),
        }),
        Content::FeedCard { links } => {
            Payload::FeedCard { links: links.iter().map(feed).collect() }
        }
    }
}

fn several(buttons: &[Button]) -> Buttons<'_> {
    if let [Button { title, url }] = buttons {
        return Buttons::Single { title, url };
    }
    let btns = buttons.iter().map(|Button { title, url }| ButtonBody { title, url }).collect();
    Buttons::Several { btns }
}

fn feed(link: &FeedLink) -> Feed<'_> {
    Feed { title: &link.title, message_url: &link.message_url, picture_url: &link.picture_url }
}

#[cfg(test)]
mod tests {
    use super::{At, Button, Content, FeedLink, Message};

    fn body(message: impl Into<Message>) -> String {
        message.into().body("u").expect("fit to be sent")
    }

    fn button(title: &str) -> Button {
        Button { title: title.into(), url: format!("https://h/{title}") }
    }

    fn card(buttons: Vec<Button>, horizontal: bool) -> Content {
        Content::ActionCard { title: "T".into(), text: "# x @u-7".into(), buttons, horizontal }
    }

    #[test]
    fn text_and_markdown_are_exactly_what_the_robot_reads() {
        assert_eq!(
            body(Message::text("飲茶\n\"先\"")),
            r#"{"msgtype":"text","msgUuid":"u","text":{"content":"飲茶\n\"先\""}}"#
        );
        assert_eq!(
            body(Message::markdown("T", "# x")),
            r##"{"msgtype":"markdown","msgUuid":"u","markdown":{"title":"T","text":"# x"}}"##
        );
    }

    #[test]
    fn a_link_spells_its_addresses_with_small_letters() {
        let link = |picture_url: Option<&str>| Content::Link {
            title: "T".into(),
            text: "x".into(),
            message_url: "https://h/p".into(),
            picture_url: picture_url.map(Into::into),
        };
        assert_eq!(
            body(link(Some("https://h/p.png"))),
            r#"{"msgtype":"link","msgUuid":"u","link":{"title":"T","text":"x","messageUrl":"https://h/p","picUrl":"https://h/p.png"}}"#
        );
        assert_eq!(
            body(link(None)),
            r#"{"msgtype":"link","msgUuid":"u","link":{"title":"T","text":"x","messageUrl":"https://h/p"}}"#
        );
    }

    #[test]
    fn a_card_has_one_single_button_or_several() {
        assert_eq!(
            body(card(vec![button("a")], false)),
            r##"{"msgtype":"actionCard","msgUuid":"u","actionCard":{"title":"T","text":"# x @u-7","btnOrientation":"0","singleTitle":"a","singleURL":"https://h/a"}}"##
        );
        assert_eq!(
            body(card(vec![button("a"), button("b")], true)),
            r##"{"msgtype":"actionCard","msgUuid":"u","actionCard":{"title":"T","text":"# x @u-7","btnOrientation":"1","btns":[{"title":"a","actionURL":"https://h/a"},{"title":"b","actionURL":"https://h/b"}]}}"##
        );
    }

    #[test]
    fn a_feed_spells_its_addresses_with_capitals() {
        let link = FeedLink {
            title: "T".into(),
            message_url: "dingtalk://dingtalkclient/page/link?url=x".into(),
            picture_url: "https://h/p.png".into(),
        };
        assert_eq!(
            body(Content::FeedCard { links: vec![link] }),
            r#"{"msgtype":"feedCard","msgUuid":"u","feedCard":{"links":[{"title":"T","messageURL":"dingtalk://dingtalkclient/page/link?url=x","picURL":"https://h/p.png"}]}}"#
        );
    }

    #[test]
    fn whoever_is_called_stands_beside_the_content() {
        let at = At { mobiles: vec!["+852-91234567".into()], user_ids: Vec::new(), all: false };
        let content = Content::Text { content: "@+852-91234567 look".into() };
        assert_eq!(
            body(Message { content, at }),
            r#"{"msgtype":"text","msgUuid":"u","text":{"content":"@+852-91234567 look"},"at":{"atMobiles":["+852-91234567"],"isAtAll":false}}"#
        );
        let at = At { mobiles: Vec::new(), user_ids: vec!["u-7".into()], all: false };
        let called = body(Message { content: card(vec![button("a")], false), at });
        assert!(called.ends_with(r#","at":{"atUserIds":["u-7"],"isAtAll":false}}"#), "{called}");
        let at = At { all: true, ..At::default() };
        let all = body(Message { content: Content::Text { content: "x".into() }, at });
        assert!(all.ends_with(r#","at":{"isAtAll":true}}"#), "{all}");
    }
}

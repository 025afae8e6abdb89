//! What makes a message unfit to be sent: DingTalk would refuse it, or take it and call nobody.
//!
//! It changes nothing and knows no sizes: the whole body is measured where it is made.

use reqwest::Url;

use super::message::{At, Content, MAX_MENTIONED, Message, MessageError};

/// Whether every required field of `content` holds what it must.
pub(super) fn content(content: &Content) -> Result<(), MessageError> {
    match content {
        Content::Text { content } => filled("text.content", content),
        Content::Markdown { title, text } => {
            filled("markdown.title", title)?;
            filled("markdown.text", text)
        }
        Content::Link { title, text, message_url, picture_url } => {
            filled("link.title", title)?;
            filled("link.text", text)?;
            page("link.messageUrl", message_url)?;
            picture_url.as_deref().map_or(Ok(()), |url| picture("link.picUrl", url))
        }
        Content::ActionCard { title, text, buttons, .. } => {
            filled("actionCard.title", title)?;
            filled("actionCard.text", text)?;
            if buttons.is_empty() {
                return Err(MessageError::Empty { field: "actionCard.btns" });
            }
            buttons.iter().try_for_each(|button| {
                filled("actionCard.btns[].title", &button.title)?;
                page("actionCard.btns[].actionURL", &button.url)
            })
        }
        Content::FeedCard { links } => {
            if links.is_empty() {
                return Err(MessageError::Empty { field: "feedCard.links" });
            }
            links.iter().try_for_each(|link| {
                filled("feedCard.links[].title", &link.title)?;
                page("feedCard.links[].messageURL", &link.message_url)?;
                picture("feedCard.links[].picURL", &link.picture_url)
            })
        }
    }
}

/// Whether everybody mentioned would be called.
pub(super) fn mentions(message: &Message) -> Result<(), MessageError> {
    let At { mobiles, user_ids, all } = &message.at;
    let none = |what, hint| {
        Err(MessageError::NoMentions { msgtype: message.content.msgtype(), what, hint })
    };
    let text = match &message.content {
        Content::Text { content } => content,
        Content::Markdown { text, .. } => text,
        Content::ActionCard { .. } if *all || !mobiles.is_empty() => {
            return none("mobile numbers and no @all", "a card calls people by user id");
        }
        Content::ActionCard { text, .. } => text,
        Content::Link { .. } | Content::FeedCard { .. } => {
            if *all || !mobiles.is_empty() || !user_ids.is_empty() {
                return none("mentions", "text and markdown call people");
            }
            return Ok(());
        }
    };
    let found = mobiles.len() + user_ids.len();
    if found > MAX_MENTIONED {
        return Err(MessageError::TooManyMentioned { found });
    }
    written("mobile number", mobiles, text)?;
    written("user id", user_ids, text)
}

fn written(what: &'static str, people: &[String], text: &str) -> Result<(), MessageError> {
    let missing = people.iter().filter(|person| !is_written(person, text)).count();
    if missing > 0 { Err(MessageError::NotWritten { what, missing }) } else { Ok(()) }
}

/// Whether `@person` stands in the text, and not as the beginning of somebody else.
fn is_written(person: &str, text: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
    !person.is_empty()
        && text
            .match_indices('@')
            .any(|(at, _)| text[at + 1..].strip_prefix(person).is_some_and(ends))
}

fn filled(field: &'static str, value: &str) -> Result<(), MessageError> {
    if value.trim().is_empty() { Err(MessageError::Empty { field }) } else { Ok(()) }
}

/// An address that a client opens: a web page, or one of DingTalk's own.
fn page(field: &'static str, value: &str) -> Result<(), MessageError> {
    filled(field, value)?;
    match Url::parse(value) {
        Ok(url) if matches!(url.scheme(), "http" | "https" | "dingtalk") => Ok(()),
        // Only the scheme is shown: the rest may be a secret.
        Ok(url) => Err(MessageError::Url { field, found: format!("{}:", url.scheme()) }),
        Err(error) => Err(MessageError::Url { field, found: format!("none ({error})") }),
    }
}

/// A picture may also be the id that DingTalk gave to an uploaded one.
fn picture(field: &'static str, value: &str) -> Result<(), MessageError> {
    if value.len() > 1 && value.starts_with('@') { Ok(()) } else { page(field, value) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{At, Content, MAX_MENTIONED, Message, MessageError};
    use crate::dingtalk::{Button, FeedLink};

    fn refused(message: impl Into<Message>) -> MessageError {
        message.into().body("u").expect_err("unfit")
    }

    fn link(title: &str, text: &str, url: &str, picture: &str) -> Content {
        let picture_url = Some(picture.to_owned());
        Content::Link {
            title: title.into(),
            text: text.into(),
            message_url: url.into(),
            picture_url,
        }
    }

    fn card(title: &str, text: &str, buttons: &[(&str, &str)]) -> Content {
        let button = |(title, url): &(&str, &str)| Button {
            title: (*title).to_owned(),
            url: (*url).to_owned(),
        };
        Content::ActionCard {
            title: title.into(),
            text: text.into(),
            buttons: buttons.iter().map(button).collect(),
            horizontal: false,
        }
    }

    fn feed(title: &str, url: &str, picture: &str) -> Content {
        let link =
            FeedLink { title: title.into(), message_url: url.into(), picture_url: picture.into() };
        Content::FeedCard { links: vec![link] }
    }

    #[test]
    fn an_empty_required_field_is_refused_by_name() {
        let (page, image) = ("https://h/", "https://h/p.png");
        let cases: Vec<(&str, Message)> = vec![
            ("text.content", Message::text(" \n")),
            ("markdown.title", Message::markdown("", "x")),
            ("markdown.text", Message::markdown("x", "")),
            ("link.title", link("", "x", page, image).into()),
            ("link.text", link("x", " ", page, image).into()),
            ("link.messageUrl", link("x", "x", "", image).into()),
            ("link.picUrl", link("x", "x", page, "").into()),
            ("actionCard.title", card("", "x", &[("a", page)]).into()),
            ("actionCard.text", card("x", "", &[("a", page)]).into()),
            ("actionCard.btns", card("x", "x", &[]).into()),
            ("actionCard.btns[].title", card("x", "x", &[("a", page), ("", page)]).into()),
            ("actionCard.btns[].actionURL", card("x", "x", &[("a", "")]).into()),
            ("feedCard.links", Content::FeedCard { links: Vec::new() }.into()),
            ("feedCard.links[].title", feed("", page, image).into()),
            ("feedCard.links[].messageURL", feed("x", "", image).into()),
            ("feedCard.links[].picURL", feed("x", page, "").into()),
        ];
        for (field, message) in cases {
            assert_eq!(refused(message), MessageError::Empty { field });
        }
    }

    #[test]
    fn an_address_that_no_client_opens_is_refused_without_showing_it() {
        for bad in
            ["javascript:alert(1)", "/orders/1001", "file:///etc/secret-1", "ftp://h/secret-1"]
        {
            for message in [
                card("x", "x", &[("a", bad)]),
                link("x", "x", bad, "https://h/p.png"),
                link("x", "x", "https://h/", bad),
                feed("x", bad, "https://h/p.png"),
            ] {
                let error = refused(message);
                assert!(matches!(error, MessageError::Url { .. }), "{bad}: {error}");
                assert!(!error.to_string().contains("secret-1"), "{error}");
            }
        }
        for good in ["http://10.0.0.7:8787/e/1", "https://h/", "dingtalk://dingtalkclient/page/x"] {
            assert!(Message::from(card("x", "x", &[("a", good)])).body("u").is_ok(), "{good}");
        }
        let uploaded = feed("x", "https://h/", "@lADPDe7s2");
        assert!(Message::from(uploaded).body("u").is_ok(), "an uploaded picture has an id");
    }

    fn calling(content: Content, mobiles: &[&str], user_ids: &[&str], all: bool) -> Message {
        let own = |people: &[&str]| people.iter().map(|&person| person.to_owned()).collect();
        Message { content, at: At { mobiles: own(mobiles), user_ids: own(user_ids), all } }
    }

    fn says(text: &str) -> Content {
        Content::Markdown { title: "T".into(), text: text.into() }
    }

    #[test]
    fn whoever_is_mentioned_must_be_written_in_the_text() {
        let said = "look @+852-91234567, @13800000000 and @u7";
        let all_three = calling(says(said), &["+852-91234567", "13800000000"], &["u7"], true);
        assert!(all_three.body("u").is_ok());
        for (mobiles, user_ids, what, missing) in [
            (&["13811111111"][..], &[][..], "mobile number", 1),
            (&["1380000000"][..], &[][..], "mobile number", 1),
            (&["", "91234567"][..], &[][..], "mobile number", 2),
            (&[][..], &["u"][..], "user id", 1),
        ] {
            let error = refused(calling(says(said), mobiles, user_ids, false));
            assert_eq!(error, MessageError::NotWritten { what, missing });
            assert!(!error.to_string().contains("138"), "{error}");
        }
        let title = Content::Markdown { title: "@u7".into(), text: "x".into() };
        assert!(matches!(
            refused(calling(title, &[], &["u7"], false)),
            MessageError::NotWritten { .. }
        ));
    }

    #[test]
    fn mentions_stand_only_where_they_work() {
        let buttons = [("a", "https://h/")];
        let to_card =
            |mobiles: &[&str], all| calling(card("x", "@1 @u7", &buttons), mobiles, &["u7"], all);
        assert!(to_card(&[], false).body("u").is_ok());
        let to_link = |all| calling(link("x", "@u7", "https://h/", "@l1"), &[], &["u7"], all);
        let to_feed = calling(feed("@u7", "https://h/", "@l1"), &[], &[], true);
        for message in [to_card(&["1"], false), to_card(&[], true), to_link(false), to_feed] {
            let error = refused(message);
            assert!(matches!(error, MessageError::NoMentions { .. }), "{error}");
        }
    }

    #[test]
    fn one_message_calls_fifty_people_and_no_more() {
        let people: Vec<String> =
            (0..=MAX_MENTIONED).map(|n| format!("{}", 13_800_000_000_u64 + n as u64)).collect();
        let text = format!("@{}", people.join(" @"));
        let calling = |count: usize| {
            let at = At { mobiles: people[..count].to_vec(), ..At::default() };
            Message { content: says(&text), at }
        };
        assert!(calling(MAX_MENTIONED).body("u").is_ok());
        assert_eq!(refused(calling(51)), MessageError::TooManyMentioned { found: 51 });
    }

    fn any_content() -> impl Strategy<Value = Content> {
        let words = || prop_oneof!["\\PC{0,12}", Just(String::new()), Just(" \n".to_owned())];
        let url = || prop_oneof![Just("https://h/p".to_owned()), words()];
        let pair = (words(), url());
        let triple = (words(), url(), url());
        prop_oneof![
            words().prop_map(|content| Content::Text { content }),
            (words(), words()).prop_map(|(title, text)| Content::Markdown { title, text }),
            (words(), words(), url(), prop::option::of(url())).prop_map(
                |(title, text, message_url, picture_url)| {
                    Content::Link { title, text, message_url, picture_url }
                }
            ),
            (words(), words(), prop::collection::vec(pair, 0..4), any::<bool>()).prop_map(
                |(title, text, buttons, horizontal)| {
                    let button = |(title, url)| Button { title, url };
                    let buttons = buttons.into_iter().map(button).collect();
                    Content::ActionCard { title, text, buttons, horizontal }
                }
            ),
            prop::collection::vec(triple, 0..4).prop_map(|links| {
                let link = |(title, message_url, picture_url)| FeedLink {
                    title,
                    message_url,
                    picture_url,
                };
                Content::FeedCard { links: links.into_iter().map(link).collect() }
            }),
        ]
    }

    /// Whether a value holds null, or nothing to read, anywhere.
    fn has_hole(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(all) => all.is_empty() || all.iter().any(has_hole),
            Value::Object(fields) => fields.is_empty() || fields.values().any(has_hole),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }

    proptest! {
        #[test]
        fn no_body_ever_holds_null_or_an_empty_field(
            content in any_content(), mobiles in prop::collection::vec("[0-9]{0,4}", 0..3), all: bool,
        ) {
            let message = Message { content, at: At { mobiles, user_ids: Vec::new(), all } };
            if let Ok(body) = message.with_keyword(&["till".to_owned()]).body("u-1") {
                let value: Value = serde_json::from_str(&body).expect("JSON");
                prop_assert!(!has_hole(&value), "{body}");
                prop_assert!(body.contains("till") && body.len() <= super::super::MAX_BODY_BYTES);
            }
        }
    }
}

//! Message bodies: which types there are, what they require, and what a person reads of them.
//!
//! Field names are taken as documented, letter by letter: `messageUrl` of a link is not
//! `messageURL` of a feed card.

use serde::Serialize;
use serde_json::Value;

use super::answer::Refusal;

/// What a person in the group sees of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    /// Message type.
    pub(super) msgtype: String,
    /// Title, where the type has one.
    pub(super) title: Option<String>,
    /// Text.
    pub(super) text: String,
    /// What there is to press and to look at.
    pub(super) card: Card,
}

/// What there is to press and to look at in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Where a link leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A link's picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The buttons of an action card.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Target>,
    /// Whether they lie side by side.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub horizontal: bool,
    /// The entries of a feed card.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Target>,
}

/// A button, or an entry of a feed card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Target {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Its picture, in a feed card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// Reads a message of any type.
pub(super) fn read(body: &Value) -> Result<Content, Refusal> {
    let msgtype = required(body, "msgtype", "msgtype")?;
    let (title, text, card) = match msgtype.as_str() {
        "text" => (None, required(&body["text"], "content", "text.content")?, Card::default()),
        "link" => link(&body["link"])?,
        "markdown" => {
            let markdown = &body["markdown"];
            let title = required(markdown, "title", "markdown.title")?;
            (Some(title), required(markdown, "text", "markdown.text")?, Card::default())
        }
        "actionCard" => action_card(&body["actionCard"])?,
        "feedCard" => feed_card(&body["feedCard"])?,
        _ => return Err(Refusal::MessageType(msgtype)),
    };
    Ok(Content { msgtype, title, text, card })
}

/// Whether one of `keywords` stands where people read: every string below the message's own field,
/// links left out. Also works on messages that lack fields, because keywords are judged earlier.
pub(super) fn has_keyword(body: &Value, keywords: &[String]) -> bool {
    let message = body["msgtype"].as_str().map_or(&Value::Null, |msgtype| &body[msgtype]);
    keywords.is_empty() || mentions(message, keywords)
}

fn mentions(value: &Value, keywords: &[String]) -> bool {
    match value {
        Value::String(text) => keywords.iter().any(|word| text.contains(word.as_str())),
        Value::Array(list) => list.iter().any(|value| mentions(value, keywords)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !name.to_ascii_lowercase().ends_with("url"))
            .any(|(_, value)| mentions(value, keywords)),
        _ => false,
    }
}

type Parts = (Option<String>, String, Card);

fn link(link: &Value) -> Result<Parts, Refusal> {
    let title = required(link, "title", "link.title")?;
    let text = required(link, "text", "link.text")?;
    let url = Some(required(link, "messageUrl", "link.messageUrl")?);
    let picture = link["picUrl"].as_str().filter(|url| !url.is_empty()).map(ToOwned::to_owned);
    Ok((Some(title), text, Card { url, picture, ..Card::default() }))
}

fn action_card(card: &Value) -> Result<Parts, Refusal> {
    let title = required(card, "title", "actionCard.title")?;
    let text = required(card, "text", "actionCard.text")?;
    let mut buttons = Vec::new();
    if card["singleTitle"].is_string() || card["singleURL"].is_string() {
        let title = required(card, "singleTitle", "actionCard.singleTitle")?;
        let url = required(card, "singleURL", "actionCard.singleURL")?;
        buttons.push(Target { title, url, picture: None });
    } else {
        let given = card["btns"].as_array().filter(|list| !list.is_empty());
        for button in given.ok_or(Refusal::NoField("actionCard.btns"))? {
            let title = required(button, "title", "actionCard.btns.title")?;
            let url = required(button, "actionURL", "actionCard.btns.actionURL")?;
            buttons.push(Target { title, url, picture: None });
        }
    }
    let horizontal = card["btnOrientation"] == "1";
    Ok((Some(title), text, Card { buttons, horizontal, ..Card::default() }))
}

fn feed_card(card: &Value) -> Result<Parts, Refusal> {
    let given = card["links"].as_array().filter(|list| !list.is_empty());
    let mut links = Vec::new();
    for link in given.ok_or(Refusal::NoField("feedCard.links"))? {
        let title = required(link, "title", "feedCard.links.title")?;
        let url = required(link, "messageURL", "feedCard.links.messageURL")?;
        let picture = Some(required(link, "picURL", "feedCard.links.picURL")?);
        links.push(Target { title, url, picture });
    }
    let titles: Vec<&str> = links.iter().map(|link| link.title.as_str()).collect();
    Ok((None, titles.join("\n"), Card { links, ..Card::default() }))
}

fn required(of: &Value, field: &str, path: &'static str) -> Result<String, Refusal> {
    match of[field].as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(Refusal::NoField(path)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Refusal, has_keyword, read};

    #[test]
    fn every_documented_type_is_read() {
        let text = read(&json!({"msgtype": "text", "text": {"content": "hello"}}));
        assert_eq!(text.map(|c| (c.title, c.text)), Ok((None, "hello".to_owned())));
        let card =
            json!({"title": "t", "text": "x", "singleTitle": "go", "singleURL": "https://a"});
        let buttons = json!({"title": "t", "text": "x",
            "btns": [{"title": "a", "actionURL": "https://a"}]});
        let feed = json!({"links": [
            {"title": "1", "messageURL": "https://a", "picURL": "https://b"}]});
        let link = json!({"title": "t", "text": "x", "messageUrl": "https://a"});
        for (msgtype, body) in [
            ("markdown", json!({"title": "t", "text": "x"})),
            ("link", link),
            ("actionCard", card),
            ("actionCard", buttons),
            ("feedCard", feed),
        ] {
            let read = read(&json!({"msgtype": msgtype, msgtype: body}));
            assert_eq!(read.map(|c| c.msgtype).as_deref(), Ok(msgtype));
        }
    }

    #[test]
    fn the_case_of_field_names_matters() {
        let link = json!({"msgtype": "link",
            "link": {"title": "t", "text": "x", "messageURL": "https://a"}});
        assert_eq!(read(&link), Err(Refusal::NoField("link.messageUrl")));
    }

    #[test]
    fn the_buttons_are_ignored_where_there_is_a_single_one() {
        let card = json!({"msgtype": "actionCard", "actionCard": {
            "title": "t", "text": "x", "singleTitle": "go", "singleURL": "https://a",
            "btnOrientation": "1", "btns": [{"title": "other", "actionURL": "https://b"}]}});
        let card = read(&card).expect("a documented card").card;
        let titles: Vec<&str> = card.buttons.iter().map(|button| &*button.title).collect();
        assert_eq!((titles, card.horizontal), (vec!["go"], true));
    }

    #[test]
    fn a_type_of_the_other_api_is_not_supported() {
        let image = json!({"msgtype": "image", "image": {"picURL": "x"}});
        assert_eq!(read(&image), Err(Refusal::MessageType("image".to_owned())));
    }

    #[test]
    fn required_fields_may_not_be_missing_or_empty() {
        let empty = json!({"msgtype": "text", "text": {"content": ""}});
        assert_eq!(read(&empty), Err(Refusal::NoField("text.content")));
        let missing = json!({"msgtype": "markdown", "markdown": {"text": "x"}});
        assert_eq!(read(&missing), Err(Refusal::NoField("markdown.title")));
        assert_eq!(read(&json!({})), Err(Refusal::NoField("msgtype")));
    }

    #[test]
    fn keywords_count_in_title_and_text_and_not_in_links() {
        let words = ["收銀".to_owned()];
        let message = |title: &str, text: &str, url: &str| json!({"msgtype": "link", "link": {"title": title, "text": text, "messageUrl": url}});
        assert!(has_keyword(&message("收銀", "x", "https://a"), &words));
        assert!(has_keyword(&message("t", "今日收銀", "https://a"), &words));
        assert!(!has_keyword(&message("t", "x", "https://a/收銀"), &words));
        assert!(has_keyword(&message("t", "x", "https://a"), &[]));
    }
}

//! Mentions: who was to be called by name, and whether that would have worked.
//!
//! DingTalk answers `ok` either way and a sender cannot tell; here a test can.

use serde::Serialize;
use serde_json::Value;

use super::message::Content;
use super::profile::GroupRules;

/// Most people one message can mention.
pub const MAX_MENTIONS: usize = 50;
/// Most mentions that are recorded at all; the rest would fail like the last of these.
const MAX_RECORDED: usize = 200;

/// One person who was to be mentioned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// Mobile number or user id; `all` for everybody.
    pub who: String,
    /// Which of the three lists it stood in.
    pub by: MentionedBy,
    /// Whether the phone of that person would have rung.
    pub works: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<MentionFailure>,
}

/// How a person is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MentionedBy {
    /// In `atMobiles`.
    Mobile,
    /// In `atUserIds`.
    UserId,
    /// By `isAtAll`.
    All,
}

/// Why a mention does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionFailure {
    /// Links and feed cards mention nobody.
    MessageType,
    /// Nobody can be mentioned in an external group.
    ExternalGroup,
    /// More than 50 people.
    BeyondFifty,
    /// An overseas number that is not of the form `+852-12345678`.
    NumberForm,
    /// `@` and the number do not stand in the text.
    NotInText,
    /// Not a member of the group.
    NotAMember,
}

/// The mentions of a message whose `at` is `at`.
pub(super) fn read(at: &Value, content: &Content, group: &GroupRules) -> Vec<Mention> {
    let listed = |field: &str| at[field].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mobiles = listed("atMobiles").map(|who| (who, MentionedBy::Mobile));
    let users = listed("atUserIds").map(|who| (who, MentionedBy::UserId));
    let all = (at["isAtAll"] == true).then_some(("all", MentionedBy::All));
    let people = all.into_iter().chain(mobiles).chain(users).take(MAX_RECORDED);
    let mut named = 0;
    let judged = people.map(|(who, by)| {
        named += usize::from(by != MentionedBy::All);
        let why = failure(who, by, named, content, group);
        Mention { who: who.to_owned(), by, works: why.is_none(), why }
    });
    judged.collect()
}

fn failure(
    who: &str,
    by: MentionedBy,
    nth: usize,
    content: &Content,
    group: &GroupRules,
) -> Option<MentionFailure> {
    if matches!(content.msgtype.as_str(), "link" | "feedCard") {
        return Some(MentionFailure::MessageType);
    }
    if group.external {
        return Some(MentionFailure::ExternalGroup);
    }
    if by == MentionedBy::All {
        return None;
    }
    if nth > MAX_MENTIONS {
        return Some(MentionFailure::BeyondFifty);
    }
    if by == MentionedBy::Mobile && !has_number_form(who) {
        return Some(MentionFailure::NumberForm);
    }
    if !stands_in(&content.text, who) {
        return Some(MentionFailure::NotInText);
    }
    let members = group.members.as_ref();
    members
        .is_some_and(|members| !members.iter().any(|member| member == who))
        .then_some(MentionFailure::NotAMember)
}

/// A number of the mainland in digits, or one from overseas as `+852-12345678`.
fn has_number_form(number: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match number.strip_prefix('+') {
        None => digits(number),
        Some(rest) => rest.split_once('-').is_some_and(|(c, n)| digits(c) && digits(n)),
    }
}

/// Whether `@who` stands in `text`, and not as the beginning of a longer number or name.
fn stands_in(text: &str, who: &str) -> bool {
    let sign = format!("@{who}");
    text.match_indices(&sign)
        .any(|(at, _)| !text[at + sign.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// `text` as the group reads it: the number of a person who is no member shows its ends only.
pub(super) fn masked(text: &str, mentions: &[Mention]) -> String {
    let strangers = mentions.iter().filter(|mention| {
        mention.by == MentionedBy::Mobile && mention.why == Some(MentionFailure::NotAMember)
    });
    strangers.fold(text.to_owned(), |text, mention| {
        let stars = mask(&mention.who);
        text.replace(&format!("@{}", mention.who), &format!("@{stars}"))
    })
}

/// The first three and the last two characters, stars between.
fn mask(number: &str) -> String {
    let last = number.chars().count().saturating_sub(2);
    let star = |(at, c): (usize, char)| if (3..last).contains(&at) { '*' } else { c };
    number.chars().enumerate().map(star).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Content, GroupRules, MAX_MENTIONS, MentionFailure, masked, read};

    fn content(msgtype: &str, text: &str) -> Content {
        Content { msgtype: msgtype.to_owned(), text: text.to_owned(), ..Content::default() }
    }

    fn why(
        at: &serde_json::Value,
        content: &Content,
        group: &GroupRules,
    ) -> Vec<Option<MentionFailure>> {
        read(at, content, group).into_iter().map(|mention| mention.why).collect()
    }

    #[test]
    fn a_mention_works_only_if_the_number_stands_in_the_text_too() {
        let at = json!({"atMobiles": ["13800000000"]});
        let group = GroupRules::default();
        assert_eq!(why(&at, &content("text", "@13800000000 look"), &group), [None]);
        for text in ["look", "13800000000", "@138000000001"] {
            let failed = why(&at, &content("markdown", text), &group);
            assert_eq!(failed, [Some(MentionFailure::NotInText)], "{text}");
        }
    }

    #[test]
    fn an_overseas_number_needs_its_dash() {
        let text = content("text", "@+852-12345678 @+11234567890");
        let at = json!({"atMobiles": ["+852-12345678", "+11234567890"]});
        let failed = why(&at, &text, &GroupRules::default());
        assert_eq!(failed, [None, Some(MentionFailure::NumberForm)]);
    }

    #[test]
    fn everybody_needs_no_word_in_the_text() {
        let at = json!({"isAtAll": true});
        assert_eq!(why(&at, &content("text", "fire"), &GroupRules::default()), [None]);
        let string = json!({"isAtAll": "true"});
        assert!(read(&string, &content("text", "fire"), &GroupRules::default()).is_empty());
    }

    #[test]
    fn the_fifty_first_person_is_not_mentioned() {
        let people: Vec<String> = (0..=MAX_MENTIONS).map(|n| format!("user{n}")).collect();
        let text = format!("@{}", people.join(" @"));
        let at = json!({"atUserIds": people});
        let mut failed = why(&at, &content("text", &text), &GroupRules::default());
        assert_eq!(failed.pop(), Some(Some(MentionFailure::BeyondFifty)));
        assert!(failed.iter().all(Option::is_none));
    }

    #[test]
    fn who_is_no_member_is_not_mentioned_and_his_number_is_masked() {
        let group = GroupRules { members: Some(vec!["u".to_owned()]), external: false };
        let text = content("text", "@13812345678 @u");
        let mentions =
            read(&json!({"atMobiles": ["13812345678"], "atUserIds": ["u"]}), &text, &group);
        let works: Vec<bool> = mentions.iter().map(|mention| mention.works).collect();
        assert_eq!(works, [false, true]);
        assert_eq!(masked(&text.text, &mentions), "@138******78 @u");
    }
}

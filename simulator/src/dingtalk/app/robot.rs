//! Messages of the application's robot: to a group, and to people one to one.
//!
//! Whatever else the documentation lists as a refusal (`group.disbanded`, `bot.stopped`,
//! `send.too.fast`...) a fault of the script answers.

use serde_json::{Value, json};

use super::api::Asked;
use super::fields::{self, texts};
use super::refusal::ApiRefusal;
use super::speech::{Speech, Spoken, Via};
use super::state::App;
use crate::dingtalk::message::{Card, Content, Target};

/// Most bytes of `msgParam`.
pub(super) const MAX_PARAM_BYTES: usize = 15_000;

/// `POST /v1.0/robot/groupMessages/send`.
pub(super) fn group_send(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let content = message(app, &asked.body)?;
    let group = fields::text(&asked.body, "openConversationId")?;
    if !app.knows_group(group) {
        return Err(ApiRefusal::plain("invalid.openConversationId"));
    }
    let speech =
        Speech { via: Some(Via::Group), conversation: Some(group.to_owned()), ..Speech::default() };
    app.said.push(Spoken { content, mentions: Vec::new(), speech, bytes: asked.bytes });
    Ok(json!({"processQueryKey": app.ids.hex()}))
}

/// `POST /v1.0/robot/oToMessages/batchSend`.
pub(super) fn one_to_one(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let content = message(app, &asked.body)?;
    let users = texts(&asked.body, "userIds")?;
    if users.len() > app.rules.receivers as usize {
        return Err(ApiRefusal::plain("invalidParameter.userIds.overMax"));
    }
    let (known, invalid): (Vec<String>, Vec<String>) =
        users.into_iter().partition(|user| app.rules.knows_user(user));
    let (held, to): (Vec<String>, Vec<String>) =
        known.into_iter().partition(|user| app.throttled.contains(user));
    if !to.is_empty() {
        let speech = Speech { via: Some(Via::OneToOne), to, ..Speech::default() };
        app.said.push(Spoken { content, mentions: Vec::new(), speech, bytes: asked.bytes });
    }
    Ok(json!({
        "processQueryKey": app.ids.hex(),
        "invalidStaffIdList": invalid,
        "flowControlledStaffIdList": held,
    }))
}

/// The message of a body, which must name this robot.
fn message(app: &App, body: &Value) -> Result<Content, ApiRefusal> {
    let robot = fields::text(body, "robotCode")?;
    let key = fields::text(body, "msgKey")?;
    let param = fields::text(body, "msgParam")?;
    if robot != app.robot_code() {
        return Err(ApiRefusal::plain("invalidParameter.robotCode.auth"));
    }
    if param.len() > MAX_PARAM_BYTES {
        return Err(ApiRefusal::plain("invalidParameter.msgParam.tooLong"));
    }
    let param: Value = serde_json::from_str(param)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| ApiRefusal::plain("invalidParameter.msgParam.invalid"))?;
    read(key, &param)
}

/// What a person sees of a message of this key.
fn read(key: &str, param: &Value) -> Result<Content, ApiRefusal> {
    let need = |field: &str| {
        let found = param[field].as_str().filter(|text| !text.is_empty());
        found
            .map(ToOwned::to_owned)
            .ok_or_else(|| ApiRefusal::plain(&format!("miss.param.{field}")))
    };
    let content = |msgtype: &str, title: Option<String>, text: String, card: Card| {
        Ok(Content { msgtype: msgtype.to_owned(), title, text, card })
    };
    match key {
        "sampleText" => content("text", None, need("content")?, Card::default()),
        "sampleMarkdown" => {
            content("markdown", Some(need("title")?), need("text")?, Card::default())
        }
        "sampleImageMsg" => {
            let card = Card { picture: Some(need("photoURL")?), ..Card::default() };
            content("image", None, String::new(), card)
        }
        "sampleLink" => {
            let (url, picture) = (Some(need("messageUrl")?), fields::optional(param, "picUrl"));
            let card = Card { url, picture, ..Card::default() };
            content("link", Some(need("title")?), need("text")?, card)
        }
        "sampleActionCard" => {
            let (title, url) = (need("singleTitle")?, need("singleURL")?);
            let card = Card { buttons: vec![target(title, url)], ..Card::default() };
            content("actionCard", Some(need("title")?), need("text")?, card)
        }
        "sampleActionCard6" => {
            let buttons = (1..=2).map(|n| {
                Ok(target(need(&format!("buttonTitle{n}"))?, need(&format!("buttonUrl{n}"))?))
            });
            let buttons = buttons.collect::<Result<_, ApiRefusal>>()?;
            let card = Card { buttons, horizontal: true, ..Card::default() };
            content("actionCard", Some(need("title")?), need("text")?, card)
        }
        "sampleAudio" | "sampleFile" | "sampleVideo" => {
            content(key, None, need("mediaId")?, Card::default())
        }
        _ => {
            let count = key.strip_prefix("sampleActionCard").and_then(|n| n.parse::<u8>().ok());
            let count = count.filter(|n| (2..=5).contains(n)).ok_or_else(|| unknown_key(key))?;
            let buttons = (1..=count).map(|n| {
                Ok(target(need(&format!("actionTitle{n}"))?, need(&format!("actionURL{n}"))?))
            });
            let buttons = buttons.collect::<Result<_, ApiRefusal>>()?;
            let card = Card { buttons, ..Card::default() };
            content("actionCard", Some(need("title")?), need("text")?, card)
        }
    }
}

fn target(title: String, url: String) -> Target {
    Target { title, url, picture: None }
}

fn unknown_key(key: &str) -> ApiRefusal {
    let message = format!(
        "错误描述: 不支持类型 {key} ;解决方案:请使用支持的类型;\
         参考链接:请参考本接口对应文档查看支持的消息类型，\
         或者在https://open.dingtalk.com/document/ 搜索对应文档;"
    );
    ApiRefusal::bad("invalidParameter.msgKey.invalid", &message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn every_documented_key_is_read_and_names_the_parameter_it_lacks() {
        let rest = json!({"title": "t", "text": "x", "content": "c", "photoURL": "p",
            "messageUrl": "u", "singleTitle": "s", "singleURL": "u",
            "actionTitle1": "a", "actionURL1": "u", "actionTitle2": "b", "actionURL2": "u",
            "actionTitle3": "c", "actionURL3": "u", "actionTitle4": "d", "actionURL4": "u",
            "actionTitle5": "e", "actionURL5": "u", "mediaId": "m",
            "buttonTitle1": "a", "buttonUrl1": "u", "buttonTitle2": "b", "buttonUrl2": "u"});
        for (key, buttons) in [
            ("sampleText", 0),
            ("sampleMarkdown", 0),
            ("sampleImageMsg", 0),
            ("sampleLink", 0),
            ("sampleActionCard", 1),
            ("sampleActionCard2", 2),
            ("sampleActionCard5", 5),
            ("sampleActionCard6", 2),
            ("sampleAudio", 0),
        ] {
            let content = read(key, &rest).expect(key);
            assert_eq!(content.card.buttons.len(), buttons, "{key}");
            let lacking = read(key, &json!({})).expect_err(key).code;
            assert!(lacking.starts_with("miss.param."), "{key}: {lacking}");
        }
        for odd in ["sampleCard", "sampleActionCard7", "sampleActionCard1", "text"] {
            let refusal = read(odd, &rest).expect_err(odd);
            assert_eq!(refusal.code, "invalidParameter.msgKey.invalid");
            assert!(refusal.message.contains(odd), "{}", refusal.message);
        }
    }
}

//! Interactive cards: put into a conversation once, updated in place, pressed by people.
//!
//! `outTrackId` is the card's key: a second one with the same is refused. What a card looks like is
//! its template's business; here it is its data.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::api::Asked;
use super::fields;
use super::refusal::ApiRefusal;
use super::speech::{Speech, Spoken, Via};
use super::state::App;
use crate::clock::rfc3339;
use crate::dingtalk::message::{Card, Content};

/// Most bytes of one value of a card's data.
const MAX_VALUE_BYTES: usize = 1_024;
/// Most bytes of an `outTrackId`, and most spaces of one card; both are chosen, so that what a card
/// costs is bounded.
const MAX_TRACK_BYTES: usize = 1_024;
const MAX_SPACES: usize = 100;

type Data = BTreeMap<String, String>;

/// A card in its present state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dingtalk) struct PlacedCard {
    pub(super) out_track_id: String,
    card_template_id: String,
    /// What everybody sees.
    data: Data,
    /// What one person sees in its place, by user id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    private_data: BTreeMap<String, Data>,
    /// The groups and people that have it.
    spaces: Vec<Space>,
    /// Its buttons, where its template is known: id and words.
    buttons: BTreeMap<String, String>,
    /// Whether a press goes out over the Stream.
    #[serde(skip)]
    pub(super) calls_back: bool,
    /// Whether somebody who acts on their own pressed it already.
    #[serde(skip)]
    pub(super) pressed: bool,
    #[serde(skip)]
    pub(super) created_ms: i64,
    /// How often it was updated.
    updates: u32,
    created: String,
    updated: String,
    #[serde(skip)]
    pub(super) revision: u64,
}

/// A group or a person that has a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Space {
    space_type: String,
    space_id: String,
}

/// `POST /v1.0/card/instances/createAndDeliver`.
pub(super) fn deliver(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let body = &asked.body;
    let template = fields::text(body, "cardTemplateId")?;
    let track = fields::text(body, "outTrackId")?;
    if !body["cardData"].is_object() {
        return Err(ApiRefusal::missing("cardData"));
    }
    if track.len() > MAX_TRACK_BYTES {
        return Err(ApiRefusal::plain("param.invalid"));
    }
    let spaces = spaces(fields::text(body, "openSpaceId")?)?;
    let buttons = buttons(app, template)?;
    let data = data(&body["cardData"])?;
    if app.cards.find(track).is_some() {
        return Err(ApiRefusal::plain("param.cardAlreadyExist"));
    }
    let results: Vec<Value> = spaces.iter().map(|space| placed(app, body, space)).collect();
    let reached = spaces.into_iter().zip(&results).filter(|(_, result)| result["success"] == true);
    let now = rfc3339(asked.now_ms);
    app.revision += 1;
    let card = PlacedCard {
        out_track_id: track.to_owned(),
        card_template_id: template.to_owned(),
        private_data: private(&body["privateData"])?,
        spaces: reached.map(|(space, _)| space).collect(),
        buttons,
        calls_back: body["callbackType"] == "STREAM",
        pressed: false,
        created_ms: asked.now_ms,
        updates: 0,
        created: now.clone(),
        updated: now,
        revision: app.revision,
        data,
    };
    announce(app, &card, asked.bytes);
    app.cards.put(track, card, asked.bytes);
    Ok(json!({"success": true, "result": {"outTrackId": track, "deliverResults": results}}))
}

/// `PUT /v1.0/card/instances`.
pub(super) fn update(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let track = fields::text(&asked.body, "outTrackId")?;
    let data = asked.body.get("cardData").map(data).transpose()?;
    let private = private(&asked.body["privateData"])?;
    let now = rfc3339(asked.now_ms);
    let change = Change { data, private, options: &asked.body["cardUpdateOptions"] };
    if apply(app, track, change, now) {
        Ok(json!({"success": true, "result": true}))
    } else {
        Err(ApiRefusal::plain("param.cardNotExist"))
    }
}

/// What a change of a card brings.
struct Change<'a> {
    data: Option<Data>,
    private: BTreeMap<String, Data>,
    options: &'a Value,
}

/// Changes a card; whether there is one.
fn apply(app: &mut App, track: &str, change: Change<'_>, now: String) -> bool {
    let revision = app.revision + 1;
    let Some(card) = app.cards.find_mut(track) else { return false };
    let by_key = |option: &str| change.options[option] == true;
    if let Some(data) = change.data {
        merge(&mut card.data, data, by_key("updateCardDataByKey"));
    }
    for (user, data) in change.private {
        merge(card.private_data.entry(user).or_default(), data, by_key("updatePrivateDataByKey"));
    }
    card.updates += 1;
    card.updated = now;
    card.revision = revision;
    app.revision = revision;
    true
}

/// Applies what the application answered to a press: `{"cardData":…,"userPrivateData":…}`, on its
/// own or under `response`. An answer without data changes nothing.
pub(super) fn answered(
    app: &mut App,
    track: &str,
    user: &str,
    answer: &Value,
    now_ms: i64,
) -> bool {
    let answer = answer.get("response").unwrap_or(answer);
    let own = answer.get("userPrivateData").map(data).transpose().ok().flatten();
    let all = answer.get("cardData").map(data).transpose().ok().flatten();
    if own.is_none() && all.is_none() {
        return false;
    }
    let private = own.map(|data| BTreeMap::from([(user.to_owned(), data)])).unwrap_or_default();
    let options = &answer["cardUpdateOptions"];
    apply(app, track, Change { data: all, private, options }, rfc3339(now_ms))
}

/// Without `by_key` what was there goes, as the documentation says of the default.
fn merge(into: &mut Data, from: Data, by_key: bool) {
    if !by_key {
        into.clear();
    }
    into.extend(from);
}

/// `cardParamMap`: texts of at most 1 KB each.
fn data(of: &Value) -> Result<Data, ApiRefusal> {
    let invalid = || ApiRefusal::plain("param.invalid");
    let map = match &of["cardParamMap"] {
        Value::Null => return Ok(Data::new()),
        map => map.as_object().ok_or_else(invalid)?,
    };
    let values = map.iter().map(|(key, value)| {
        let text = value.as_str().filter(|text| text.len() <= MAX_VALUE_BYTES);
        text.map(|text| (key.clone(), text.to_owned())).ok_or_else(invalid)
    });
    values.collect()
}

fn private(of: &Value) -> Result<BTreeMap<String, Data>, ApiRefusal> {
    let users = of.as_object().into_iter().flatten();
    users.map(|(user, of)| Ok((user.clone(), data(of)?))).collect()
}

/// `dtv1.card//IM_GROUP.cid…;IM_ROBOT.userId`; the samples write the types in small letters.
fn spaces(open_space: &str) -> Result<Vec<Space>, ApiRefusal> {
    let invalid = || ApiRefusal::plain("param.openSpaceIdInvalid");
    let list = open_space.strip_prefix("dtv1.card//").ok_or_else(invalid)?;
    let parts = list.split(';').filter(|part| !part.is_empty()).take(MAX_SPACES + 1);
    let spaces = parts.map(|part| {
        let (kind, id) =
            part.split_once('.').filter(|(_, id)| !id.is_empty()).ok_or_else(invalid)?;
        let kind = kind.to_ascii_uppercase();
        let known = kind == "IM_GROUP" || kind == "IM_ROBOT";
        let space = Space { space_type: kind, space_id: id.to_owned() };
        if known { Ok(space) } else { Err(invalid()) }
    });
    let spaces: Vec<Space> = spaces.collect::<Result<_, _>>()?;
    if spaces.is_empty() || spaces.len() > MAX_SPACES { Err(invalid()) } else { Ok(spaces) }
}

/// Whether a card reaches `space`: there must be a model of how to deliver it there.
fn placed(app: &mut App, body: &Value, space: &Space) -> Value {
    let (model, known) = match space.space_type.as_str() {
        "IM_GROUP" => ("imGroupOpenDeliverModel", app.knows_group(&space.space_id)),
        _ => ("imRobotOpenDeliverModel", app.rules.knows_user(&space.space_id)),
    };
    let robot = fields::optional(&body[model], "robotCode");
    let wrong_robot = robot.is_some_and(|robot| robot != app.robot_code());
    let error = match () {
        () if !body[model].is_object() => "deliver model is empty",
        () if wrong_robot => "robotCode is invalid",
        () if !known => "space not exist",
        () => "",
    };
    let carrier = if error.is_empty() { app.ids.hex() } else { String::new() };
    json!({
        "spaceType": space.space_type, "spaceId": space.space_id, "success": error.is_empty(),
        "carrierId": carrier, "errorMsg": error,
    })
}

fn buttons(app: &App, template: &str) -> Result<BTreeMap<String, String>, ApiRefusal> {
    let Some(templates) = &app.rules.templates else { return Ok(BTreeMap::new()) };
    let known =
        templates.get(template).ok_or_else(|| ApiRefusal::plain("param.templateNotExist"))?;
    if known.published {
        Ok(known.buttons.clone())
    } else {
        Err(ApiRefusal::plain("param.templateUnpublished"))
    }
}

/// Shows the card once in every group and to every person that it reached.
fn announce(app: &mut App, card: &PlacedCard, bytes: usize) {
    let lines: Vec<String> =
        card.data.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    for space in &card.spaces {
        let (conversation, to) = match space.space_type.as_str() {
            "IM_GROUP" => (Some(space.space_id.clone()), Vec::new()),
            _ => (None, vec![space.space_id.clone()]),
        };
        let speech = Speech {
            via: Some(Via::Card),
            conversation,
            to,
            out_track_id: Some(card.out_track_id.clone()),
            ..Speech::default()
        };
        let content = Content {
            msgtype: "interactiveCard".to_owned(),
            title: None,
            text: lines.join("\n"),
            card: Card::default(),
        };
        app.said.push(Spoken { content, mentions: Vec::new(), speech, bytes });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Data, data, merge, spaces};

    #[test]
    fn a_space_is_read_in_either_case_and_nothing_else_is() {
        let read = |text: &str| {
            spaces(text).map(|spaces| {
                spaces
                    .into_iter()
                    .map(|space| (space.space_type, space.space_id))
                    .collect::<Vec<_>>()
            })
        };
        let expected = vec![
            ("IM_GROUP".to_owned(), "cidA==".to_owned()),
            ("IM_ROBOT".to_owned(), "u.1".to_owned()),
        ];
        assert_eq!(read("dtv1.card//im_group.cidA==;IM_ROBOT.u.1"), Ok(expected));
        let crowd = format!("dtv1.card//{}", "IM_ROBOT.u;".repeat(101));
        assert!(read(&crowd).is_err());
        for odd in ["IM_GROUP.cid", "dtv1.card//", "dtv1.card//IM_SEA.x", "dtv1.card//IM_GROUP."] {
            assert_eq!(read(odd).expect_err(odd).code, "param.openSpaceIdInvalid");
        }
    }

    #[test]
    fn values_are_texts_of_at_most_a_kilobyte() {
        let of = |value| data(&json!({"cardParamMap": {"a": value}}));
        assert!(of(json!("x".repeat(1_024))).is_ok());
        for odd in [json!("x".repeat(1_025)), json!(1), json!(null)] {
            assert_eq!(of(odd).expect_err("odd").code, "param.invalid");
        }
    }

    #[test]
    fn an_update_replaces_everything_unless_it_goes_by_key() {
        let map = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Data>()
        };
        let mut card = map(&[("a", "1"), ("b", "2")]);
        merge(&mut card, map(&[("b", "3")]), true);
        assert_eq!(card, map(&[("a", "1"), ("b", "3")]));
        merge(&mut card, map(&[("c", "4")]), false);
        assert_eq!(card, map(&[("c", "4")]));
    }
}

//! Interactive cards: made and shown once per `outTrackId`, changed in place for everybody.
//!
//! Their buttons come back as [`Callback::CardAction`](crate::dingtalk::stream::Callback). Documents:
//! 创建并投放卡片 (POST `/v1.0/card/instances/createAndDeliver`), 更新卡片 (PUT
//! `/v1.0/card/instances`).

use std::collections::BTreeMap;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Made;
use super::client::{Call, OpenApi, at_most, filled};
use super::error::ApiError;
use super::limits::Api;

/// Largest value of a card's variable, in bytes.
const MAX_VALUE_BYTES: usize = 1_024;
/// The refusal of an `outTrackId` that was used before.
const EXISTS: &str = "cardAlreadyExist";

/// A card's variables: all strings, whatever the template makes of them.
pub type CardData = BTreeMap<String, String>;

/// Where a card is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardSpace {
    /// In a group.
    Group {
        /// Its `openConversationId`.
        conversation_id: String,
    },
    /// In the robot's chat with one person.
    Person {
        /// Their user id.
        user_id: String,
    },
}

/// A card to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCard {
    /// The template that was published for the application.
    pub template_id: String,
    /// Our own name of the card, unique for ever: its key.
    pub out_track_id: String,
    /// Its variables.
    pub data: CardData,
    /// Where it is shown.
    pub space: CardSpace,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    #[serde(default)]
    success: bool,
    #[serde(default)]
    result: CreatedResult,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CreatedResult {
    out_track_id: String,
    deliver_results: Vec<Delivered>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Delivered {
    success: bool,
    error_msg: String,
}

#[derive(Deserialize)]
struct Updated {
    #[serde(default)]
    success: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update<'a> {
    out_track_id: &'a str,
    card_data: Value,
    card_update_options: Value,
}

impl NewCard {
    /// The request's body. Callbacks come through the Stream.
    fn body(&self, robot_code: &str) -> Value {
        let mut body = json!({
            "cardTemplateId": self.template_id,
            "outTrackId": self.out_track_id,
            "callbackType": "STREAM",
            "cardData": { "cardParamMap": self.data },
            "userIdType": 1,
        });
        let space = match &self.space {
            CardSpace::Group { conversation_id } => json!({
                "openSpaceId": format!("dtv1.card//IM_GROUP.{conversation_id}"),
                "imGroupOpenSpaceModel": { "supportForward": false },
                "imGroupOpenDeliverModel": { "robotCode": robot_code },
            }),
            CardSpace::Person { user_id } => json!({
                "openSpaceId": format!("dtv1.card//IM_ROBOT.{user_id}"),
                "imRobotOpenSpaceModel": { "supportForward": false },
                "imRobotOpenDeliverModel": { "spaceType": "IM_ROBOT", "robotCode": robot_code },
            }),
        };
        if let (Value::Object(body), Value::Object(space)) = (&mut body, space) {
            body.extend(space);
        }
        body
    }
}

fn fits(data: &CardData) -> Result<(), ApiError> {
    data.values()
        .try_for_each(|value| at_most("cardParamMap", "bytes", MAX_VALUE_BYTES, value.len()))
}

impl OpenApi {
    /// Makes a card and shows it. Repeated with the same `outTrackId` it makes nothing.
    pub async fn create_card(&self, card: &NewCard) -> Result<Made, ApiError> {
        filled("outTrackId", &card.out_track_id)?;
        filled("cardTemplateId", &card.template_id)?;
        fits(&card.data)?;
        let body = card.body(self.robot_code());
        let path = "/v1.0/card/instances/createAndDeliver";
        let created: Created = match self.call(&Call::post(Api::CardCreate, path, &body)).await {
            Err(ApiError::Refused { code, .. }) if code.ends_with(EXISTS) => {
                return Ok(Made::Already);
            }
            other => other?,
        };
        // It may be made and shown nowhere: HTTP 200 says only that it was asked for.
        let not_shown = created.result.deliver_results.iter().find(|shown| !shown.success);
        if !created.success || not_shown.is_some() {
            let text = not_shown.map_or(String::new(), |shown| shown.error_msg.clone());
            return Err(ApiError::Refused { code: "deliverResults".to_owned(), text });
        }
        Ok(Made::Now(created.result.out_track_id))
    }

    /// Changes the named variables of a card, for everybody who sees it. Never within the callback
    /// of the same card: its answer does that.
    pub async fn update_card(&self, out_track_id: &str, data: &CardData) -> Result<(), ApiError> {
        filled("outTrackId", out_track_id)?;
        fits(data)?;
        let body = Update {
            out_track_id,
            card_data: json!({ "cardParamMap": data }),
            card_update_options: json!({ "updateCardDataByKey": true }),
        };
        let call = Call {
            method: Method::PUT,
            ..Call::post(Api::CardUpdate, "/v1.0/card/instances", &body)
        };
        let updated: Updated = self.call(&call).await?;
        if updated.success {
            return Ok(());
        }
        Err(ApiError::Refused { code: "success".to_owned(), text: "false".to_owned() })
    }
}

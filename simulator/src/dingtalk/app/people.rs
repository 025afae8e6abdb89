//! The people of the organisation: they ask, press, decide and tick off, as a test orders.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::approval::{NotTaken, Verdict};
use super::cards;
use super::session::Session;
use super::speech::{Speech, Spoken, Via};
use super::state::App;
use super::telling::CORP;
use super::workflow::{self, Product};
use crate::dingtalk::message::{Card, Content};
use crate::dingtalk::stream::{Answer, BOT, CARD, Sending};

/// What a question is answered with in its place when the month's messages are used up.
const OVER_QUOTA: &str = "受调用量超量影响，当前我的消息服务已经暂停";

/// A person speaks to the robot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::dingtalk) struct Saying {
    user: String,
    text: String,
    /// Name beside the words; the user id unless given.
    nick: Option<String>,
    /// Title of the group.
    group: Option<String>,
    /// Whether it is said to the robot alone.
    #[serde(default)]
    direct: bool,
    /// Whether the person is an administrator.
    #[serde(default)]
    admin: bool,
    /// How long the answer's address is valid, in place of the profile's.
    session_seconds: Option<u32>,
    /// Fields of the callback in place of the ordinary ones; null takes one away.
    #[serde(default)]
    with: Map<String, Value>,
}

impl Saying {
    /// `user` says `text` in the group that is there from the beginning.
    pub(super) fn plain(user: String, text: String) -> Self {
        Self {
            user,
            text,
            nick: None,
            group: None,
            direct: false,
            admin: false,
            session_seconds: None,
            with: Map::new(),
        }
    }
}

/// Why nothing was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dingtalk) enum Unsaid {
    /// There is no application to speak to.
    NoApp,
    /// There are groups enough.
    Groups,
}

/// A person presses a button of a card.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::dingtalk) struct Pressing {
    pub(super) out_track_id: String,
    pub(super) user: String,
    /// The button's id.
    action: String,
    /// Its parameters; `{"action":…}` unless given.
    params: Option<Value>,
}

impl Pressing {
    /// `user` presses this button.
    pub(super) fn plain(out_track_id: String, user: String, action: String) -> Self {
        Self { out_track_id, user, action, params: None }
    }
}

/// What a press begins.
pub(in crate::dingtalk) enum Pressed {
    /// There is no such card.
    NoCard,
    /// The card's presses do not come over the Stream, or nobody listens.
    Unheard(&'static str),
    /// The answer is awaited.
    Awaited(oneshot::Receiver<Answer>),
}

/// A person decides an approval.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::dingtalk) struct Deciding {
    instance: String,
    verdict: Verdict,
    /// Who; absent, whoever's turn it is.
    user: Option<String>,
    #[serde(default)]
    remark: String,
}

impl Deciding {
    /// Whoever's turn it is decides so.
    pub(super) fn plain(instance: String, verdict: Verdict) -> Self {
        Self { instance, verdict, user: None, remark: String::new() }
    }
}

/// A person opens a Yida form and submits it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::dingtalk) struct Submitting {
    user: String,
    process_code: String,
    #[serde(default)]
    form: BTreeMap<String, String>,
}

/// Why a decision is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dingtalk) enum Undecided {
    NoInstance,
    NotTaken(&'static str),
}

/// A person ticks a todo off.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::dingtalk) struct Ticking {
    pub(super) id: String,
    pub(super) done: bool,
}

impl App {
    /// Somebody speaks; `paid` is whether the month has a message left. The message that shows it is
    /// the next one.
    pub(in crate::dingtalk) fn say(
        &mut self,
        saying: &Saying,
        paid: bool,
        now_ms: i64,
        next_seq: u64,
    ) -> Result<Value, Unsaid> {
        let title = saying.group.as_deref().unwrap_or(super::state::DEFAULT_GROUP);
        let group = self.group(title).ok_or(Unsaid::Groups)?;
        let conversation = if saying.direct { None } else { Some(group.clone()) };
        let to = if saying.direct { vec![saying.user.clone()] } else { Vec::new() };
        self.said.push(spoken(saying, conversation.clone(), to.clone()));
        let seconds = saying.session_seconds.unwrap_or(self.rules.session_seconds);
        let expires_ms = now_ms + i64::from(seconds) * 1_000;
        let session = self.ids.hex();
        let open = Session { expires_ms, question: next_seq, conversation, to };
        self.sessions.put(&session, open, session.len());
        let webhook = format!("http://{}/robot/sendBySession?session={session}", self.host);
        let message = format!("msg{}", self.ids.hex());
        let mut data = self.question(saying, title, &group, now_ms);
        data["msgId"] = json!(message);
        data["sessionWebhook"] = json!(webhook);
        data["sessionWebhookExpiredTime"] = json!(expires_ms);
        if paid {
            data["text"] = json!({"content": format!(" {}", saying.text)});
            data["msgtype"] = json!("text");
        } else {
            data["errorMessage"] = json!(OVER_QUOTA);
            data["code"] = json!("20001");
        }
        for (field, value) in &saying.with {
            match value {
                Value::Null => data.as_object_mut().and_then(|data| data.remove(field)),
                value => {
                    data.as_object_mut().and_then(|data| data.insert(field.clone(), value.clone()))
                }
            };
        }
        let sending = Sending { kind: "bot", topic: BOT, id: &message, data: &data, answer: None };
        let delivered = self.stream.send(sending, now_ms);
        Ok(json!({
            "msgId": message, "seq": next_seq, "delivered": delivered, "sessionWebhook": webhook,
            "openConversationId": group,
        }))
    }

    /// What the callback says whatever was said.
    fn question(&mut self, saying: &Saying, title: &str, group: &str, now_ms: i64) -> Value {
        let robot = self.robot_code().to_owned();
        let dingtalk_id = |user: &str| format!("$:LWCP_v1:${user}");
        let mut data = json!({
            "senderPlatform": "Mac",
            "conversationId": group,
            "atUsers": [{"dingtalkId": dingtalk_id(&robot)}],
            "chatbotCorpId": CORP,
            "chatbotUserId": dingtalk_id(&robot),
            "senderNick": saying.nick.as_deref().unwrap_or(&saying.user),
            "isAdmin": saying.admin,
            "senderStaffId": saying.user,
            "createAt": now_ms,
            "senderCorpId": CORP,
            "conversationType": if saying.direct { "1" } else { "2" },
            "senderId": dingtalk_id(&saying.user),
            "isInAtList": true,
            "robotCode": robot,
        });
        if saying.direct {
            data["conversationId"] = json!(format!("cid{}", self.ids.hex()));
        } else {
            data["conversationTitle"] = json!(title);
        }
        data
    }

    /// Somebody presses a button; the answer is awaited elsewhere.
    pub(in crate::dingtalk) fn press(&mut self, pressing: &Pressing, now_ms: i64) -> Pressed {
        let Some(card) = self.cards.find(&pressing.out_track_id) else { return Pressed::NoCard };
        if !card.calls_back {
            return Pressed::Unheard("callbackType is not STREAM");
        }
        let params = pressing.params.clone().unwrap_or_else(|| json!({"action": pressing.action}));
        let content =
            json!({"cardPrivateData": {"actionIds": [pressing.action], "params": params}});
        let data = json!({
            "type": "actionCallback",
            "outTrackId": pressing.out_track_id,
            "corpId": CORP,
            "userId": pressing.user,
            "userIdType": 1,
            "content": content.to_string(),
            "extension": "",
        });
        let (answer, awaited) = oneshot::channel();
        let id = &pressing.out_track_id;
        let sending = Sending { kind: "card", topic: CARD, id, data: &data, answer: Some(answer) };
        if self.stream.send(sending, now_ms) {
            Pressed::Awaited(awaited)
        } else {
            Pressed::Unheard("no connection heard it")
        }
    }

    /// Applies the answer to a press in time; whether it changed the card.
    pub(in crate::dingtalk) fn pressed(
        &mut self,
        pressing: &Pressing,
        answer: &Answer,
        now_ms: i64,
    ) -> bool {
        let (code, data) = answer;
        *code == 200 && cards::answered(self, &pressing.out_track_id, &pressing.user, data, now_ms)
    }

    /// Somebody submits a form: a process begins that the application did not start.
    pub(in crate::dingtalk) fn submit(&mut self, submitting: &Submitting, now_ms: i64) -> Value {
        let Submitting { user, process_code, form } = submitting;
        json!({"instance": workflow::submit(self, user, process_code, form.clone(), now_ms)})
    }

    /// Somebody decides; where the approval stands then.
    pub(in crate::dingtalk) fn decide(
        &mut self,
        deciding: &Deciding,
        now_ms: i64,
    ) -> Result<Value, Undecided> {
        let found = self.instances.find_mut(&deciding.instance);
        let instance = found.filter(|instance| instance.product != Product::YidaForm);
        let instance = instance.ok_or(Undecided::NoInstance)?;
        let decided = instance.approval.decide(deciding.user.as_deref(), deciding.verdict);
        let steps = decided.map_err(|why| match why {
            NotTaken::Over => Undecided::NotTaken("it is over"),
            NotTaken::NotTheirs => Undecided::NotTaken("that person has nothing to decide"),
        })?;
        let (status, result) = (instance.approval.status(), instance.approval.result());
        if status != "RUNNING" {
            instance.finished_ms = Some(now_ms);
        }
        self.tell(&deciding.instance, &steps, &deciding.remark, now_ms);
        Ok(json!({"status": status, "result": result}))
    }
}

fn spoken(saying: &Saying, conversation: Option<String>, to: Vec<String>) -> Spoken {
    let content = Content {
        msgtype: "text".to_owned(),
        title: None,
        text: saying.text.clone(),
        card: Card::default(),
    };
    let speech = Speech {
        via: Some(Via::Person),
        from: Some(saying.user.clone()),
        conversation,
        to,
        ..Speech::default()
    };
    Spoken { content, mentions: Vec::new(), speech, bytes: saying.text.len() + saying.user.len() }
}

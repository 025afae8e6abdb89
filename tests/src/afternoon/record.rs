//! What there is in the end, besides the conversation: lists, calendar, processes, events, stock.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pos_protocol::event::Kind;
use serde_json::Value;

use super::diary::{Diary, plain};
use super::names::Names;
use super::shops::{CENTRAL, MONGKOK};
use super::stage::{Stage, text_of};

/// Priorities of tasks by DingTalk's numbers.
const PRIORITIES: [(i64, &str); 4] = [(10, "低"), (20, "普通"), (30, "緊急"), (40, "非常緊急")];

fn hong_kong(at: Timestamp) -> String {
    let zone = TimeZone::get("Asia/Hong_Kong").expect("a zone");
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

fn listed(value: &Value) -> String {
    let all = value.as_array().into_iter().flatten();
    all.map(plain).collect::<Vec<_>>().join(", ")
}

/// Everything that was named by chance.
pub(super) fn names(stage: &Stage) -> Names {
    let mut names = Names::default();
    for event in stage.bridge.events() {
        names.meet("event", &event.id.to_string());
        if let Some(ending) = event.approval {
            names.meet("matter", &ending.matter);
        }
    }
    for (list, id, kind) in
        [("cards", "outTrackId", "card"), ("instances", "instanceId", "process")]
    {
        for one in stage.look(list).as_array().into_iter().flatten() {
            names.meet(kind, &text_of(one, id));
        }
    }
    names
}

/// What is left in both shops.
pub(super) fn stock(stage: &Stage, diary: &mut Diary) {
    for shop in [CENTRAL.shop, MONGKOK.shop] {
        diary.line(&format!("{shop}:"));
        let listed = stage.verb("stock list", &["--shop", shop]);
        for line in listed.lines() {
            diary.line(&format!("    {line}"));
        }
    }
}

/// What is on whose list.
pub(super) fn todos(stage: &Stage, diary: &mut Diary) {
    let todos = stage.look("todos");
    let entries: Vec<String> = todos.as_array().into_iter().flatten().map(todo).collect();
    diary.list(&entries);
}

fn todo(task: &Value) -> String {
    let due = task["dueTime"].as_i64().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let due = due.map(hong_kong).unwrap_or_default();
    let priority = task["priority"].as_i64().unwrap_or_default();
    let priority = PRIORITIES.iter().find(|(number, _)| *number == priority).map_or("?", |p| p.1);
    let (people, page) = (listed(&task["executorIds"]), text_of(&task["detailUrl"], "appUrl"));
    let subject = text_of(task, "subject");
    format!("{subject}\n到期 {due}，{priority}，執行：{people}\n{page}")
}

/// What stands in the calendar.
pub(super) fn calendar(stage: &Stage, diary: &mut Diary) {
    let calendar = stage.look("calendar");
    let entries: Vec<String> = calendar.as_array().into_iter().flatten().map(date).collect();
    diary.list(&entries);
}

fn date(entry: &Value) -> String {
    let moment = |of: &Value| {
        let at = of["dateTime"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
        at.map_or_else(|| text_of(of, "date"), hong_kong)
    };
    let (from, to) = (moment(&entry["start"]), moment(&entry["end"]));
    let whole = if entry["isAllDay"] == true {
        "（全日，到該日為止但不包括該日）"
    } else {
        ""
    };
    let reminders = entry["reminders"].as_array().into_iter().flatten();
    let minutes: Vec<String> = reminders.map(|one| plain(&one["minutes"])).collect();
    let people = entry["attendees"].as_array().into_iter().flatten();
    let people: Vec<String> = people.map(|one| text_of(one, "id")).collect();
    let (summary, more) = (text_of(entry, "summary"), text_of(entry, "description"));
    format!(
        "{summary}\n{from} 至 {to}{whole}\n{more}\n日曆：{}，參加：{}，提前提醒（分鐘）：{}",
        text_of(entry, "owner"),
        people.join(", "),
        minutes.join(", ")
    )
}

/// The processes of OA and Yida.
pub(super) fn processes(stage: &Stage, diary: &mut Diary) {
    let instances = stage.look("instances");
    let all = instances.as_array().into_iter().flatten();
    let entries: Vec<String> = all.map(process).collect();
    diary.list(&entries);
}

fn process(instance: &Value) -> String {
    let value = |field: &str| text_of(instance, field);
    let form = instance["form"].as_object().into_iter().flatten();
    let form: Vec<String> = form.map(|(name, text)| format!("{name}：{}", plain(text))).collect();
    let tasks = instance["tasks"].as_array().into_iter().flatten();
    let tasks = tasks.map(|task| format!("{} {}", text_of(task, "userId"), plain(&task["result"])));
    format!(
        "{} {} {}\n發起：{}，決定：{}，狀態：{}\n{}",
        value("instanceId"),
        value("product"),
        value("processCode"),
        value("originator"),
        tasks.collect::<Vec<_>>().join(", "),
        value("status"),
        form.join("\n")
    )
}

/// How matters ended, as the journal's events say.
pub(super) fn endings(stage: &Stage, diary: &mut Diary) {
    let events = stage.bridge.events();
    let mut entries = Vec::new();
    for event in &events {
        if event.kind != Kind::Approval {
            continue;
        }
        let whole = serde_json::to_value(event).expect("an event is JSON");
        let at: Timestamp = event.observed_at.parse().expect("a time");
        let related = whole["related"].as_str().and_then(|id| {
            let found = events.iter().find(|one| one.id.to_string() == id)?;
            let number = found.receipt.as_ref()?.number.clone()?;
            Some(format!("，關於 {} #{number}", found.kind))
        });
        let ending = &whole["approval"];
        let fields = ending.as_object().into_iter().flatten();
        let fields: Vec<String> =
            fields.map(|(name, value)| format!("{name} {}", plain(value))).collect();
        entries.push(format!(
            "{} {}{}\n{}",
            hong_kong(at),
            whole["kind"].as_str().unwrap_or_default(),
            related.unwrap_or_default(),
            fields.join(", ")
        ));
    }
    diary.list(&entries);
}

//! What DingTalk tells of processes: who said what to ours, how ours ended, and that others did.
//!
//! Documents: 审批任务开始、结束、转交 (`bpms_task_change`), 审批实例开始、结束 (`bpms_instance_change`).
//! Processes that the configuration does not
//! name are nobody's business here.

use std::sync::Arc;

use pos_protocol::event::Ruling;
use serde_json::Value;

use super::advance::{Circumstances, advance, told};
use super::form;
use crate::app::Hall;
use crate::approve::{Input, Matter, State, Told, returned};
use crate::config::{Approve, AskBy, Config};
use crate::dingtalk::stream::Event;
use crate::journal::{Change, JournalError, MatterKind, Which};
use crate::shop::Foreign;

/// The event of a process that began or ended.
const CHANGED: &str = "bpms_instance_change";
/// The event of a person's part in it.
const TASK_CHANGED: &str = "bpms_task_change";

/// How a process ended.
#[derive(Debug, PartialEq, Eq)]
struct Ended {
    instance: String,
    process_code: String,
    ruling: Ruling,
}

impl Ended {
    fn of(data: &Value) -> Option<Self> {
        let text = |key: &str| data[key].as_str().map(str::to_owned);
        let ruling = match (data["type"].as_str()?, data["result"].as_str()) {
            ("finish", Some("agree")) => Ruling::Approved,
            ("finish", Some("refuse")) => Ruling::Rejected,
            ("terminate", _) => Ruling::Withdrawn,
            _ => return None,
        };
        let instance = text("processInstanceId").filter(|id| !id.is_empty())?;
        Some(Self { instance, process_code: text("processCode").unwrap_or_default(), ruling })
    }
}

/// Keeps what `event` says; false: it is to come again, since it may be of a process whose id is not
/// known yet.
pub(super) async fn heard(hall: &Hall, event: &Event) -> Result<bool, JournalError> {
    if let Some(instance) = of_a_form(event, &hall.live.config()) {
        // Before anybody decides: whoever does is named, and `status` counts what waits.
        hall.journal.add_matters(vec![returned(&instance, hall.clock.wall_ms())]).await?;
    }
    if let Some((instance, person)) = said_by(event) {
        return remember(hall, instance, person).await.map(|()| true);
    }
    let Some(ended) = Ended::of(&event.data).filter(|_| event.name == CHANGED) else {
        return Ok(true);
    };
    let which = Which::Instance(ended.instance.clone());
    if hall.journal.matter(which.clone()).await?.is_none() {
        let config = hall.live.config();
        if named(&ended.process_code, &config).is_none() {
            return Ok(true);
        }
        if is_asking(hall, &ended, &config).await? {
            return Ok(false);
        }
        return foreign(hall, ended, &config).await.map(|()| true);
    }
    form::find_receipt(hall, &hall.live.config(), &ended.process_code, &ended.instance).await?;
    let circumstances = Circumstances::now(hall.live.config(), hall.clock.now());
    let input = Input::Ruled(ended.ruling, None);
    let step = advance(&hall.journal, which, input, circumstances).await?;
    if step.is_some_and(|step| matches!(step.told, Told::Closed | Told::Late(_))) {
        hall.told.changed();
    }
    Ok(true)
}

/// Who said yes or no to which process.
fn said_by(event: &Event) -> Option<(String, String)> {
    let text = |key: &str| event.data[key].as_str();
    let said = event.name == TASK_CHANGED
        && text("type") == Some("finish")
        && matches!(text("result"), Some("agree" | "refuse"));
    let person = text("staffId").filter(|person| !person.is_empty() && said)?;
    Some((text("processInstanceId")?.to_owned(), person.to_owned()))
}

/// Keeps it with the matter, for when the process ends. It changes nothing, so of a process that is
/// not known, or over, nothing is kept.
async fn remember(hall: &Hall, instance: String, person: String) -> Result<(), JournalError> {
    let kept = hall.journal.change_matter(Which::Instance(instance), move |row, _| {
        let matter = Matter::read(&row.body).filter(|_| row.open);
        let Some(matter) = matter else { return Ok(((), None)) };
        let body = Matter { said_by: Some(person), ..matter }.body();
        let (instance, due_ms) = (row.instance.clone(), row.due_ms);
        Ok(((), Some(Change { open: true, instance, body, due_ms, ..Change::default() })))
    });
    kept.await.map(|_| ())
}

/// What the configuration says of the processes with this code.
fn named<'c>(process_code: &str, config: &'c Config) -> Option<&'c Approve> {
    let code = Some(process_code).filter(|code| !code.is_empty())?;
    config.approvals.iter().find(|asked| asked.by.process_code() == Some(code))
}

/// The process that `event` is about, where it is one of the form that staff open by themselves.
fn of_a_form(event: &Event, config: &Config) -> Option<String> {
    let told = event.name == CHANGED || event.name == TASK_CHANGED;
    let code = event.data["processCode"].as_str().filter(|_| told)?;
    let form = named(code, config).is_some_and(|asked| matches!(asked.by, AskBy::Form { .. }));
    let instance = event.data["processInstanceId"].as_str().filter(|id| form && !id.is_empty());
    instance.map(str::to_owned)
}

/// Whether a matter of that process is being asked just now: the result was quicker than our answer.
async fn is_asking(hall: &Hall, ended: &Ended, config: &Config) -> Result<bool, JournalError> {
    let open = hall.journal.open_matters(MatterKind::Approval).await?;
    let asking = |matter: &Matter| {
        let code = config.approval(matter.about).and_then(|asked| asked.by.process_code());
        matches!(matter.state, State::Asking { .. }) && code == Some(ended.process_code.as_str())
    };
    Ok(open.iter().filter_map(|row| Matter::read(&row.body)).any(|matter| asking(&matter)))
}

/// A process of a kind that is ours, which was not started here.
async fn foreign(hall: &Hall, ended: Ended, config: &Arc<Config>) -> Result<(), JournalError> {
    let Some(about) = named(&ended.process_code, config).map(|asked| asked.about) else {
        return Ok(());
    };
    let Ended { instance, ruling, .. } = ended;
    let found = Foreign { about, ruling, before: None, matter: None, instance };
    let now_ms = hall.clock.wall_ms();
    let findings = told(found, config, now_ms);
    hall.journal.look_for(now_ms, move |_| Ok(findings)).await?;
    hall.told.changed();
    Ok(())
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Ruling;
    use serde_json::json;

    use super::Ended;

    #[test]
    fn only_an_end_decides_and_an_unknown_word_does_not() {
        let ended = |kind: &str, result: &str| {
            let data = json!({"processInstanceId": "P1", "processCode": "PROC-1", "type": kind,
                "result": result});
            Ended::of(&data).map(|ended| ended.ruling)
        };
        assert_eq!(ended("finish", "agree"), Some(Ruling::Approved));
        assert_eq!(ended("finish", "refuse"), Some(Ruling::Rejected));
        assert_eq!(ended("terminate", ""), Some(Ruling::Withdrawn));
        for (kind, result) in [("start", ""), ("finish", "redirect"), ("finish", ""), ("", "agree")]
        {
            assert_eq!(ended(kind, result), None, "{kind} {result}");
        }
        assert_eq!(Ended::of(&json!({"type": "terminate"})), None);
        assert_eq!(Ended::of(&json!("text")), None);
    }
}

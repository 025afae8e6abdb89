//! What DingTalk tells of processes: how ours ended, and that others did.
//!
//! Document: 审批实例开始、结束 (`bpms_instance_change`). Processes that the configuration does not
//! name are nobody's business here.

use std::sync::Arc;

use pos_protocol::event::Ruling;
use serde_json::Value;

use super::advance::{Circumstances, advance, told};
use crate::app::Hall;
use crate::approve::{Input, Matter, State, Told, returned};
use crate::config::{AskBy, Config};
use crate::dingtalk::stream::Event;
use crate::journal::{JournalError, MatterKind, Which};
use crate::shop::Foreign;

/// The event of a process that began or ended.
const CHANGED: &str = "bpms_instance_change";

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
    let Some(ended) = Ended::of(&event.data).filter(|_| event.name == CHANGED) else {
        return Ok(true);
    };
    let which = Which::Instance(ended.instance.clone());
    if hall.journal.matter(which.clone()).await?.is_none() {
        let config = hall.live.config();
        let Some(form) = of_ours(&ended, &config) else { return Ok(true) };
        if !form {
            if is_asking(hall, &ended, &config).await? {
                return Ok(false);
            }
            return foreign(hall, ended, &config).await.map(|()| true);
        }
        let matter = returned(&ended.instance, hall.clock.wall_ms());
        hall.journal.add_matters(vec![matter]).await?;
    }
    let circumstances = Circumstances::now(hall.live.config(), hall.clock.now());
    let input = Input::Ruled(ended.ruling, None);
    let step = advance(&hall.journal, which, input, circumstances).await?;
    if step.is_some_and(|step| matches!(step.told, Told::Closed | Told::Late(_))) {
        hall.told.changed();
    }
    Ok(true)
}

/// Whether the process is one that the configuration names, and of a form that staff open.
fn of_ours(ended: &Ended, config: &Config) -> Option<bool> {
    let code = Some(ended.process_code.as_str()).filter(|code| !code.is_empty())?;
    let named = config.approvals.iter().find(|asked| asked.by.process_code() == Some(code))?;
    Some(matches!(named.by, AskBy::Form { .. }))
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
    let named = |asked: &&crate::config::Approve| {
        asked.by.process_code() == Some(ended.process_code.as_str())
    };
    let Some(about) = config.approvals.iter().find(named).map(|asked| asked.about) else {
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

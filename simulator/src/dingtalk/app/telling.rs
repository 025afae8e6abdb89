//! The events of an approval, as the Stream carries them.

use serde_json::{Value, json};

use super::approval::Step;
use super::state::App;
use super::workflow::Instance;

/// The organisation of the application.
pub(in crate::dingtalk) const CORP: &str = "dingmockcorp0000";

impl App {
    /// Tells what happened to an instance, one event for each step.
    pub(super) fn tell(&mut self, id: &str, steps: &[Step], remark: &str, now_ms: i64) {
        let Some(instance) = self.instances.find(id) else { return };
        let events: Vec<(&str, Value)> =
            steps.iter().map(|step| event(instance, step, remark, now_ms)).collect();
        for (kind, data) in events {
            let event = self.ids.hex();
            self.stream.happened(&event, kind, &data, now_ms);
        }
        self.pump(now_ms);
    }
}

fn event(instance: &Instance, step: &Step, remark: &str, now_ms: i64) -> (&'static str, Value) {
    let mut data = json!({
        "processInstanceId": instance.id,
        "processCode": instance.process_code,
        "businessId": instance.business_id,
        "bizCategoryId": "",
        "title": instance.title,
        "createTime": instance.created_ms,
    });
    match step {
        Step::Started => whole(&mut data, instance, "start"),
        Step::Finished(result) => {
            whole(&mut data, instance, "finish");
            data["result"] = json!(result);
            data["finishTime"] = json!(now_ms);
        }
        Step::Terminated => {
            whole(&mut data, instance, "terminate");
            data["finishTime"] = json!(now_ms);
        }
        Step::TaskStarted { task, user } => part(&mut data, *task, user, "start"),
        Step::TaskCancelled { task, user } => {
            part(&mut data, *task, user, "cancel");
            data["finishTime"] = json!(now_ms);
        }
        Step::TaskEnded { task, user, result } => {
            part(&mut data, *task, user, "finish");
            data["result"] = json!(result);
            data["finishTime"] = json!(now_ms);
            if !remark.is_empty() {
                data["remark"] = json!(remark);
            }
        }
    }
    let of_task = data.get("taskId").is_some();
    (if of_task { "bpms_task_change" } else { "bpms_instance_change" }, data)
}

fn whole(data: &mut Value, instance: &Instance, kind: &str) {
    data["type"] = json!(kind);
    data["staffId"] = json!(instance.originator);
    data["businessType"] = json!("");
    data["url"] = json!(format!(
        "https://aflow.dingtalk.com/dingtalk/mobile/homepage.htm?corpid={CORP}&procInstId={}",
        instance.id
    ));
}

fn part(data: &mut Value, task: u64, user: &str, kind: &str) {
    data["type"] = json!(kind);
    data["taskId"] = json!(task);
    data["staffId"] = json!(user);
}

//! Approvals: instances of OA and of Yida, from their start to what the people decide.
//!
//! Each change is told as the documented events `bpms_instance_change` and `bpms_task_change`. What a
//! template would do on its own (conditions, copies) is not played: where a call names no approvers,
//! one person decides.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::api::Asked;
use super::approval::{Approval, Node};
use super::fields;
use super::refusal::ApiRefusal;
use super::state::App;

/// Most nodes of approvers, and most people of one.
const MAX_NODES: usize = 20;
const MAX_NODE_USERS: usize = 100;
/// Most bytes of a code or a user id; events carry both, and thousands of events may wait.
const MAX_ID_BYTES: usize = 256;

/// Which product an instance belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Product {
    Oa,
    Yida,
    /// A form that was saved and that nobody decides.
    YidaForm,
}

/// An instance in its present state.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::dingtalk) struct Instance {
    #[serde(rename = "instanceId")]
    pub(super) id: String,
    pub(super) product: Product,
    pub(super) process_code: String,
    pub(super) title: String,
    pub(super) business_id: String,
    pub(super) originator: String,
    /// The form: names and values as they were given.
    pub(super) form: BTreeMap<String, String>,
    #[serde(flatten)]
    pub(super) approval: Approval,
    pub(super) created_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finished_ms: Option<i64>,
}

/// `POST /v1.0/workflow/processInstances`.
pub(super) fn start(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let body = &asked.body;
    let code = fields::text(body, "processCode")?;
    let originator = fields::text(body, "originatorUserId")?;
    if !body["formComponentValues"].is_array() {
        return Err(ApiRefusal::missing("formComponentValues"));
    }
    if !app.rules.knows_process(code) {
        return Err(ApiRefusal::plain("processCodeError"));
    }
    let form = form(&body["formComponentValues"])?;
    let nodes = nodes(&body["approvers"])?;
    if nodes.is_empty() && !body["deptId"].is_number() {
        return Err(ApiRefusal::missing("deptId"));
    }
    let strangers =
        nodes.iter().flat_map(|node| &node.users).any(|user| !app.rules.knows_user(user));
    if strangers || !app.rules.knows_user(originator) {
        let message = "用户不存在";
        return Err(ApiRefusal::bad("processInstanceInvalidParameter", message));
    }
    let users = nodes.iter().flat_map(|node| &node.users).map(String::as_str);
    if users.chain([code, originator]).any(|id| id.len() > MAX_ID_BYTES) {
        return Err(ApiRefusal::bad("processInstanceInvalidParameter", "参数过长"));
    }
    let begun = Begun { product: Product::Oa, code, originator, form, nodes };
    let id = begin(app, begun, asked.now_ms, asked.bytes);
    Ok(json!({"instanceId": id}))
}

/// `GET /v1.0/workflow/processInstances?processInstanceId=`.
pub(super) fn read(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let id = asked.parameter("processInstanceId")?;
    let found = app.instances.find(id).filter(|instance| instance.product == Product::Oa);
    let instance = found.ok_or_else(|| ApiRefusal::plain("processInstanceNotExist"))?;
    let form = instance.form.iter().map(|(name, value)| json!({"name": name, "value": value}));
    Ok(json!({"success": "true", "result": {
        "processInstanceId": instance.id,
        "title": instance.title,
        "businessId": instance.business_id,
        "originatorUserId": instance.originator,
        "status": instance.approval.status(),
        "result": instance.approval.result().unwrap_or(""),
        "formComponentValues": form.collect::<Vec<Value>>(),
        "tasks": instance.approval.tasks(),
        "createTime": instance.created_ms,
        "finishTime": instance.finished_ms,
    }}))
}

/// `POST /v2.0/yida/processes/instances/start`.
pub(super) fn start_yida(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let (code, form) = yida(&asked.body)?;
    let originator = fields::text(&asked.body, "userId")?;
    let nodes = Vec::new();
    let begun = Begun { product: Product::Yida, code: &code, originator, form, nodes };
    Ok(json!({"result": begin(app, begun, asked.now_ms, asked.bytes)}))
}

/// `POST /v2.0/yida/forms/instances`.
pub(super) fn save_yida(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    let (code, form) = yida(&asked.body)?;
    let originator = fields::text(&asked.body, "userId")?;
    let nodes = Vec::new();
    let begun = Begun { product: Product::YidaForm, code: &code, originator, form, nodes };
    Ok(json!({"result": begin(app, begun, asked.now_ms, asked.bytes)}))
}

/// Somebody opens a Yida form on their own and submits it; its process's id.
pub(super) fn submit(
    app: &mut App,
    user: &str,
    code: &str,
    form: BTreeMap<String, String>,
    now_ms: i64,
) -> String {
    let bytes = form.iter().map(|(name, value)| name.len() + value.len()).sum();
    let nodes = Vec::new();
    let begun = Begun { product: Product::Yida, code, originator: user, form, nodes };
    begin(app, begun, now_ms, bytes)
}

/// `GET /v1.0/yida/processes/instancesInfos/{id}`.
pub(super) fn read_yida(app: &mut App, asked: &Asked<'_>) -> Result<Value, ApiRefusal> {
    for parameter in ["appType", "systemToken", "userId"] {
        asked.parameter(parameter)?;
    }
    let found = app.instances.find(asked.part(0)).filter(|found| found.product == Product::Yida);
    let instance = found.ok_or_else(|| ApiRefusal::plain("processInstanceNotExist"))?;
    // Yida says `disagree` where OA says `refuse`.
    let result = instance.approval.result();
    Ok(json!({
        "processInstanceId": instance.id,
        "processCode": instance.process_code,
        "title": instance.title,
        "instanceStatus": instance.approval.status(),
        "approvedResult": result.map(|word| if word == "refuse" { "disagree" } else { word }),
        "data": instance.form,
        "originator": {"userId": instance.originator},
    }))
}

/// What every Yida call names: the process, and the form.
fn yida(body: &Value) -> Result<(String, BTreeMap<String, String>), ApiRefusal> {
    for field in ["appType", "systemToken", "userId"] {
        fields::text(body, field)?;
    }
    let form_uuid = fields::text(body, "formUuid")?;
    let data = fields::text(body, "formDataJson")?;
    let data: Value = serde_json::from_str(data)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| ApiRefusal::bad("invalidParameter", "formDataJson is not a JSON object"))?;
    let code = fields::optional(body, "processCode").unwrap_or_else(|| form_uuid.to_owned());
    if [code.as_str(), fields::text(body, "userId")?].iter().any(|id| id.len() > MAX_ID_BYTES) {
        return Err(ApiRefusal::bad("invalidParameter", "id is oversize"));
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let fields = data.as_object().into_iter().flatten();
    Ok((code, fields.map(|(name, value)| (name.clone(), text(value))).collect()))
}

/// The form of an OA call: names and texts, and nothing but texts.
fn form(values: &Value) -> Result<BTreeMap<String, String>, ApiRefusal> {
    let values = values.as_array().into_iter().flatten().map(|entry| {
        let name = entry["name"].as_str().filter(|name| !name.is_empty());
        let pair = name.zip(entry["value"].as_str());
        pair.map(|(name, value)| (name.to_owned(), value.to_owned()))
            .ok_or_else(|| ApiRefusal::plain("formConverterError"))
    });
    values.collect()
}

fn nodes(approvers: &Value) -> Result<Vec<Node>, ApiRefusal> {
    let list = approvers.as_array().map_or(&[][..], Vec::as_slice);
    let nodes = list.iter().map(|node| {
        let users = fields::listed(node, "userIds");
        let all = match node["actionType"].as_str() {
            Some("AND") => true,
            Some("OR") => false,
            Some("NONE") if users.len() == 1 => true,
            _ => return Err(ApiRefusal::plain("approverParamError")),
        };
        if users.is_empty() || users.len() > MAX_NODE_USERS {
            return Err(ApiRefusal::plain("approverParamError"));
        }
        Ok(Node { users, all })
    });
    let nodes: Vec<Node> = nodes.collect::<Result<_, _>>()?;
    if nodes.len() > MAX_NODES { Err(ApiRefusal::plain("approverParamError")) } else { Ok(nodes) }
}

/// What an instance begins with.
struct Begun<'a> {
    product: Product,
    code: &'a str,
    originator: &'a str,
    form: BTreeMap<String, String>,
    nodes: Vec<Node>,
}

/// Begins an instance and tells of it; its id.
fn begin(app: &mut App, begun: Begun<'_>, now_ms: i64, bytes: usize) -> String {
    let id = match begun.product {
        Product::YidaForm => format!("FORM-{}", app.ids.uuid().to_uppercase()),
        Product::Oa | Product::Yida => app.ids.uuid(),
    };
    let mut nodes = begun.nodes;
    if nodes.is_empty() && begun.product != Product::YidaForm {
        nodes.push(Node { users: vec![app.rules.approver.clone()], all: true });
    }
    let (approval, steps) = Approval::begin(nodes);
    let instance = Instance {
        id: id.clone(),
        product: begun.product,
        process_code: begun.code.to_owned(),
        title: format!("{}提交的审批", begun.originator),
        business_id: format!("{}{:04}", now_ms, app.ids.below(10_000)),
        originator: begun.originator.to_owned(),
        form: begun.form,
        finished_ms: approval.result().map(|_| now_ms),
        approval,
        created_ms: now_ms,
    };
    app.instances.put(&id, instance, bytes);
    if begun.product != Product::YidaForm {
        app.tell(&id, &steps, "", now_ms);
    }
    id
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{form, nodes, yida};

    #[test]
    fn a_form_holds_texts_and_nothing_else() {
        assert!(form(&json!([{"name": "金額", "value": "30.00"}])).is_ok());
        for odd in [json!([{"name": "金額", "value": 30}]), json!([{"value": "x"}])] {
            assert_eq!(form(&odd).expect_err("odd").code, "formConverterError");
        }
    }

    #[test]
    fn approvers_say_whether_one_is_enough() {
        let read = |kind: &str, users: &[&str]| {
            nodes(&json!([{"actionType": kind, "userIds": users}])).map(|nodes| nodes[0].all)
        };
        assert_eq!(read("AND", &["a", "b"]), Ok(true));
        assert_eq!(read("OR", &["a", "b"]), Ok(false));
        assert_eq!(read("NONE", &["a"]), Ok(true));
        assert!(read("NONE", &["a", "b"]).is_err() && read("OR", &[]).is_err());
    }

    #[test]
    fn a_yida_form_is_json_in_a_text() {
        let call = |data: &str| {
            yida(&json!({"appType": "APP_X", "systemToken": "t", "userId": "u",
                "formUuid": "FORM-X", "formDataJson": data}))
        };
        let (code, form) = call(r#"{"textField_x":"a","numberField_y":3}"#).expect("a form");
        assert_eq!((code.as_str(), form["numberField_y"].as_str()), ("FORM-X", "3"));
        assert!(call("[1]").is_err() && call("{").is_err());
    }
}

//! Which interfaces of the `OpenAPI` there are, by method and path, and the permission each needs.
//!
//! One table; a path that is not in it is answered as the real host does.

/// An interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Endpoint {
    GroupSend,
    OneToOne,
    CardDeliver,
    CardUpdate,
    EventCreate,
    TaskCreate,
    TaskUpdate,
    InstanceStart,
    InstanceRead,
    YidaStart,
    YidaSave,
    YidaRead,
}

struct Row(&'static str, &'static str, Endpoint, &'static str);

/// `{}` stands for one part of a path. The permissions of cards, calendar, todo and approval are the
/// platform's names; that of Yida is chosen.
const TABLE: [Row; 13] = [
    Row("POST", "/v1.0/robot/groupMessages/send", Endpoint::GroupSend, "qyapi_robot_sendmsg"),
    Row("POST", "/v1.0/robot/oToMessages/batchSend", Endpoint::OneToOne, "qyapi_robot_sendmsg"),
    Row(
        "POST",
        "/v1.0/card/instances/createAndDeliver",
        Endpoint::CardDeliver,
        "Card.Instance.Write",
    ),
    Row("PUT", "/v1.0/card/instances", Endpoint::CardUpdate, "Card.Instance.Write"),
    Row(
        "POST",
        "/v1.0/calendar/users/{}/calendars/primary/events",
        Endpoint::EventCreate,
        "Calendar.Event.Write",
    ),
    Row("POST", "/v1.0/todo/users/{}/tasks", Endpoint::TaskCreate, "Todo.Todo.Write"),
    Row("PUT", "/v1.0/todo/users/{}/tasks/{}", Endpoint::TaskUpdate, "Todo.Todo.Write"),
    Row(
        "POST",
        "/v1.0/workflow/processInstances",
        Endpoint::InstanceStart,
        "Workflow.Instance.Write",
    ),
    Row("GET", "/v1.0/workflow/processInstances", Endpoint::InstanceRead, "Workflow.Instance.Read"),
    Row("POST", "/v2.0/yida/processes/instances/start", Endpoint::YidaStart, "qyapi_yida_form"),
    Row("POST", "/v1.0/yida/processes/instances/start", Endpoint::YidaStart, "qyapi_yida_form"),
    Row("POST", "/v2.0/yida/forms/instances", Endpoint::YidaSave, "qyapi_yida_form"),
    Row("GET", "/v1.0/yida/processes/instancesInfos/{}", Endpoint::YidaRead, "qyapi_yida_form"),
];

impl Endpoint {
    /// The interface at `method` and `path`, with the parts that stand for `{}`.
    pub(super) fn of(method: &str, path: &str) -> Option<(Self, &'static str, Vec<String>)> {
        TABLE.iter().filter(|row| row.0 == method).find_map(|Row(_, pattern, endpoint, scope)| {
            Some((*endpoint, *scope, parts(pattern, path)?))
        })
    }
}

/// The parts of `path` that stand for `{}` in `pattern`, if it fits.
fn parts(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (wanted, found) = (pattern.split('/'), path.split('/'));
    if wanted.clone().count() != found.clone().count() {
        return None;
    }
    let mut parts = Vec::new();
    for (wanted, found) in wanted.zip(found) {
        match wanted {
            "{}" if !found.is_empty() => parts.push(decoded(found)?),
            fixed if fixed == found => {}
            _ => return None,
        }
    }
    Some(parts)
}

/// A part of a path with its percent-encoding undone, if it is text then.
fn decoded(part: &str) -> Option<String> {
    let mut pieces = part.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn an_interface_is_found_by_method_and_path_letter_by_letter() {
        let of =
            |method, path| Endpoint::of(method, path).map(|(endpoint, _, parts)| (endpoint, parts));
        let task = of("PUT", "/v1.0/todo/users/u/tasks/7");
        assert_eq!(task, Some((Endpoint::TaskUpdate, vec!["u".to_owned(), "7".to_owned()])));
        let slashed = of("POST", "/v1.0/todo/users/un%2Fi%E9%98%BF/tasks");
        assert_eq!(slashed, Some((Endpoint::TaskCreate, vec!["un/i阿".to_owned()])));
        let yida = of("POST", "/v2.0/yida/processes/instances/start");
        assert_eq!(yida, Some((Endpoint::YidaStart, vec![])));
        for (method, path) in [
            ("GET", "/v1.0/robot/groupMessages/send"),
            ("POST", "/v1.0/robot/groupmessages/send"),
            ("POST", "/v1.0/todo/users//tasks"),
            ("POST", "/v1.0/card/instances"),
            ("POST", "/v1.0/todo/users/%2/tasks"),
            ("POST", "/v1.0/todo/users/%FF/tasks"),
        ] {
            assert_eq!(of(method, path), None, "{method} {path}");
        }
    }
}

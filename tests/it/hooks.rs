//! Tills that push, seen from outside: sales that are printed too, and the examples of docs/examples.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use pos_protocol::event::{Event, Kind};
use pos_tests::hooks::{HookShop, Plan, post, run};
use pos_tests::shared::skipped;
use serde_json::Value;

/// Sales of the gate; `hooks` of pos-tests makes 10,000.
const SALES: usize = 150;
/// The shortest that a provider waits.
const DEADLINE: Duration = Duration::from_secs(5);

#[test]
fn sales_that_are_printed_and_pushed_in_any_order_count_once() {
    let shop = HookShop::open();
    let outcome = run(&shop, Plan { sales: SALES, seed: 7 });
    assert_eq!(outcome.counted, outcome.sold);
    assert_eq!((outcome.sale_events, outcome.notices), (SALES, SALES));
    assert!(outcome.calls > 2 * SALES && outcome.given_up > 0, "{outcome:?}");
    assert!(outcome.answered.last().is_some_and(|slowest| *slowest < DEADLINE), "{outcome:?}");
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples")
}

/// Runs a tool on an example; nothing where the tool is missing.
fn play(shop: &HookShop, tool: &str, file: &str) -> Option<Output> {
    let mut command = Command::new(tool);
    command.arg(examples().join(file)).current_dir(shop.bridge.path(""));
    command.env("POSBRIDGE_URL", format!("http://{}", shop.hooks));
    command.env("POSBRIDGE_SECRET_FILE", shop.bridge.path("push.secret"));
    command.env("POSBRIDGE_TOKEN_FILE", shop.bridge.path("push.token"));
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            skipped(&format!("{file} is not run, since {tool} is missing: {error}"));
            None
        }
    }
}

/// The pushed sale of this number.
fn pushed(shop: &HookShop, number: &str) -> Event {
    let numbered = |event: &Event| {
        event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref()) == Some(number)
    };
    let mut found: Vec<Event> = shop.bridge.events().into_iter().filter(numbered).collect();
    assert_eq!(found.len(), 1, "{number}: {found:?}");
    found.remove(0)
}

#[test]
fn the_example_in_curl_pushes_a_sale_once_and_is_told_its_mistake() {
    let shop = HookShop::open();
    if Command::new("curl").arg("--version").output().is_err() {
        return skipped("push.sh is not run, since curl is missing");
    }
    let Some(output) = play(&shop, "sh", "push.sh") else { return };
    let (codes, answers) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(codes.trim(), "202 202 422", "{answers}");
    assert!(
        answers.contains("\"duplicate\":true") && answers.contains("$.receipt.total"),
        "{answers}"
    );
    assert_eq!(pushed(&shop, "C-1001").kind, Kind::Sale);
}

#[test]
fn the_example_in_python_signs_and_pushes() {
    let shop = HookShop::open();
    let Some(output) = play(&shop, "python3", "push.py") else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    assert_eq!((&answer["kept"], &answer["ignored"]), (&true.into(), &Value::Null), "{answer}");
    let sale = pushed(&shop, "P-1001");
    assert_eq!(answer["id"], sale.id.to_string());
    assert_eq!(sale.receipt.expect("a receipt").items[0].name, "凍檸茶");
}

#[test]
fn the_example_in_java_listens_signs_and_pushes() {
    let shop = HookShop::open();
    let Some(output) = play(&shop, "java", "TransactionListener.java") else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("202 "), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let sale = pushed(&shop, "J-1001");
    assert_eq!(sale.receipt.expect("a receipt").items[0].name, "Lemon tea \"large\"");
}

/// The collection's requests with a token are played here; what a script signs needs Postman's own
/// runner.
#[test]
fn the_postman_collection_is_played() {
    const COLLECTION: &str = "posbridge.postman_collection.json";
    let shop = HookShop::open();
    let text = std::fs::read_to_string(examples().join(COLLECTION)).expect("an example");
    let collection: Value = serde_json::from_str(&text).expect("JSON");
    let token = std::fs::read_to_string(shop.bridge.path("push.token")).expect("a token");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let mut codes = Vec::new();
    for item in collection["item"].as_array().expect("requests") {
        let request = &item["request"];
        let scripted = item["event"]
            .as_array()
            .is_some_and(|events| events.iter().any(|event| event["listen"] == "prerequest"));
        if scripted {
            continue;
        }
        let word =
            |value: &Value| value.as_str().expect("words").replace("{{token}}", token.trim());
        let headers = request["header"].as_array().expect("headers");
        let headers: Vec<(String, String)> =
            headers.iter().map(|header| (word(&header["key"]), word(&header["value"]))).collect();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let path = word(&request["url"]).replace("{{url}}", "");
        let body = word(&request["body"]["raw"]);
        let answer = post(shop.hooks, &path, &headers, &body);
        codes.push(runtime.block_on(answer).expect("an answer").0);
    }
    assert_eq!(codes, [202, 422]);
    assert_eq!(pushed(&shop, "M-1001").kind, Kind::Sale);
    let secret = std::fs::read_to_string(shop.bridge.path("push.secret")).expect("a secret");
    let url = format!("url=http://{}", shop.hooks);
    let newman = Command::new("newman")
        .arg("run")
        .arg(examples().join(COLLECTION))
        .args(["--env-var", &url, "--env-var", &format!("token={}", token.trim())])
        .args(["--env-var", &format!("secret={}", secret.trim())])
        .output();
    match newman {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        Err(error) => {
            skipped(&format!("the collection's script is not run, newman is missing: {error}"));
        }
    }
}

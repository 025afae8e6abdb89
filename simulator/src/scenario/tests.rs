//! Scenarios that are sound, and mistakes by the words in which they are told.

use std::path::Path;
use std::time::Duration;

use super::{BridgeSetup, Limit, LineKind, Scenario, ScenarioError, Shape};

const SMALL: &str = "name = \"x\"\nduration = \"1m\"\n[[shop]]\nname = \"tea\"\nshop = \"bubble-tea\"\ntills = 2\nrate = \"2/s\"\n";

fn read(text: &str) -> Scenario {
    Scenario::parse(text, Path::new("s.toml")).unwrap_or_else(|bad| panic!("{bad}"))
}

/// The problems of `text`, each as `line: expected, found; hint`.
fn problems(text: &str) -> Vec<String> {
    match Scenario::parse(text, Path::new("s.toml")) {
        Err(ScenarioError::Invalid(problems)) => problems
            .iter()
            .map(|p| format!("{}: {}, {}; {}", p.line, p.expected, p.found, p.hint))
            .collect(),
        other => panic!("expected problems, found {other:?}"),
    }
}

#[test]
fn defaults_fill_what_was_not_typed() {
    let scenario = read(SMALL);
    assert_eq!((scenario.seed, scenario.tills()), (1, 2));
    assert_eq!(scenario.robots.len(), 1);
    assert_eq!(scenario.dingtalk.monthly_quota, 3_000);
    assert!(matches!(scenario.bridge, BridgeSetup::Started(_)));
    assert_eq!(scenario.shops[0].line, LineKind::Tcp);
    assert!(scenario.settle > scenario.bounds.ordinary, "what is late is still seen");
    assert_eq!((scenario.place(1), scenario.place(2)), (Some((0, 1)), None));
}

#[test]
fn common_phases_are_shared_by_tills_and_a_shops_own_are_its_own() {
    let shop = |name: &str, more: &str| {
        format!("[[shop]]\nname = \"{name}\"\nshop = \"bubble-tea\"\n{more}\n")
    };
    let text = format!(
        "name = \"x\"\nduration = \"2m\"\n[[phase]]\nrate = \"40/s\"\nlasts = \"1m\"\n\
         [[phase]]\nshape = \"ramp\"\nfrom = \"4/s\"\nto = \"8/s\"\n{}{}{}",
        shop("a", "tills = 3"),
        shop("b", "tills = 1"),
        shop("c", "rate = \"6/min\"")
    );
    let scenario = read(&text);
    let shapes = |at: usize| scenario.shops[at].phases.iter().map(|p| p.shape).collect::<Vec<_>>();
    assert_eq!(shapes(0), [Shape::Constant(30.0), Shape::Ramp(3.0, 6.0)]);
    assert_eq!(shapes(1), [Shape::Constant(10.0), Shape::Ramp(1.0, 2.0)]);
    assert_eq!(shapes(2), [Shape::Constant(0.1)]);
    assert_eq!(scenario.shops[0].phases[1].lasts, Duration::from_mins(1), "what is left");
}

#[test]
fn thresholds_are_times_or_numbers_and_know_their_line() {
    let text = format!(
        "{SMALL}[[threshold]]\nwhat = \"lost\"\nmax = 0\n[[threshold]]\n\
         what = \"latency.print_to_journal.p99\"\nmax = \"100ms\"\n"
    );
    let scenario = read(&text);
    assert_eq!(scenario.thresholds[0].max, Some(Limit::Number(0.0)));
    let time = Some(Limit::Time(Duration::from_millis(100)));
    assert_eq!((scenario.thresholds[1].max, scenario.thresholds[1].line), (time, 12));
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_key_that_was_meant() {
    assert_eq!(
        problems(&SMALL.replace("tills", "tils")),
        ["6: a known key, `tils`; did you mean `tills`?"]
    );
}

#[test]
fn every_mistake_is_told_at_once() {
    let text =
        SMALL.replace("1m", "1 minute").replace("bubble-tea", "buble-tea").replace("2/s", "2");
    let text = text + "[late]\nurgent = \"now\"\n[[threshold]]\nwhat = \"lost\"\n";
    let found = problems(&text);
    let lines: Vec<&str> = found.iter().filter_map(|told| told.split(':').next()).collect();
    assert_eq!(lines, ["2", "5", "7", "9", "10"], "{found:#?}");
    assert!(found[1].ends_with("did you mean `bubble-tea`?"), "{found:#?}");
}

#[test]
fn phases_longer_than_the_run_and_shops_without_customers_are_mistakes() {
    let text = SMALL.replace("rate = \"2/s\"\n", "phase = [{ rate = \"1/s\", lasts = \"2m\" }]\n");
    assert!(problems(&text)[0].contains("phases of 60s together"), "{:?}", problems(&text));
    let text = SMALL.replace("rate = \"2/s\"\n", "");
    assert!(problems(&text)[0].contains("customers for the shop \"tea\""), "{:?}", problems(&text));
}

#[test]
fn a_robot_of_a_shop_that_is_not_there_is_a_mistake() {
    let text = format!("{SMALL}[[robot]]\nname = \"r\"\nshops = [\"te\"]\n");
    let told = problems(&text);
    assert!(told[0].contains("one robot that tells of the shop \"tea\", 0"), "{told:?}");
    assert_eq!(told[1], "10: the name of a [[shop]], \"te\"; did you mean `tea`?");
    let robot = |name: &str| format!("[[robot]]\nname = \"{name}\"\n");
    let twice = format!("{SMALL}{}{}", robot("a"), robot("b"));
    assert!(problems(&twice)[0].contains("tells of the shop \"tea\", 2"), "told twice is doubled");
}

#[test]
fn another_bridge_has_an_address_and_a_name_for_every_till() {
    let attach = |tills: &str| {
        format!(
            "[bridge]\nattach = {{ tills = [{tills}], names = [\"a\", \"b\"], \
             mock = \"127.0.0.1:8080\", journal = \"e.jsonl\" }}\n"
        )
    };
    let two = "\"tcp:192.0.2.7:9100\", \"192.0.2.7:9101\"";
    let scenario = read(&SMALL.replace("[[shop]]", &format!("{}[[shop]]", attach(two))));
    let BridgeSetup::Attached(attached) = scenario.bridge else { panic!("attached") };
    assert_eq!(attached.tills[0].to_string(), "192.0.2.7:9100");
    let one = SMALL.replace("[[shop]]", &format!("{}[[shop]]", attach("\"192.0.2.7:9100\"")));
    assert!(problems(&one)[0].contains("2 tills, 1"), "{:?}", problems(&one));
}

#[test]
fn the_same_tills_at_another_rate_keep_their_shares() {
    let scenario = read(SMALL).at_rate(100.0, Duration::from_secs(30));
    assert_eq!(scenario.shops[0].phases[0].shape, Shape::Constant(100.0));
    assert_eq!(scenario.duration, Duration::from_secs(30));
}

#[test]
fn every_scenario_that_comes_with_possim_is_sound() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = 0;
    for entry in std::fs::read_dir(directory).expect("the scenarios") {
        let path = entry.expect("an entry").path();
        let scenario = Scenario::read(&path).unwrap_or_else(|bad| panic!("{bad}"));
        assert_eq!(Some(scenario.name.as_str()), path.file_stem().and_then(|name| name.to_str()));
        found += 1;
    }
    assert!(found >= 8, "{found}");
}

//! The robot's signature against values that other projects published.

use pos_tests::shared;
use posbridge::dingtalk::sign;
use serde_json::Value;

#[test]
fn signatures_equal_the_published_ones() {
    let Some(path) = shared::folder("facts/dingtalk-vectors.json") else { return };
    let text = std::fs::read_to_string(path).expect("a readable file");
    let facts: Value = serde_json::from_str(&text).expect("JSON");
    let vectors = facts["dingtalk_robot_sign"].as_array().expect("a list");
    assert!(!vectors.is_empty());
    for vector in vectors {
        let word = |key: &str| vector[key].as_str().unwrap_or_else(|| panic!("{key}: {vector}"));
        let at = word("timestamp").parse().expect("milliseconds");
        let signature = sign(at, word("secret"));
        assert_eq!(signature.base64, word("base64"), "{vector}");
        assert_eq!(signature.urlencoded, word("urlencoded"), "{vector}");
    }
}

//! Fields of a call's body, read as strictly as the platform reads them.

use serde_json::Value;

use super::refusal::ApiRefusal;

/// A required text.
pub(super) fn text<'a>(of: &'a Value, field: &str) -> Result<&'a str, ApiRefusal> {
    of[field].as_str().filter(|text| !text.is_empty()).ok_or_else(|| ApiRefusal::missing(field))
}

/// A text that may be absent.
pub(super) fn optional(of: &Value, field: &str) -> Option<String> {
    of[field].as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

/// A required list of texts that is not empty.
pub(super) fn texts(of: &Value, field: &str) -> Result<Vec<String>, ApiRefusal> {
    let found = listed(of, field);
    if found.is_empty() { Err(ApiRefusal::missing(field)) } else { Ok(found) }
}

/// A list of texts, empty where it is absent.
pub(super) fn listed(of: &Value, field: &str) -> Vec<String> {
    let list = of[field].as_array().into_iter().flatten().filter_map(Value::as_str);
    list.map(ToOwned::to_owned).collect()
}

/// Characters of a text, which is how the platform counts lengths.
pub(super) fn length(of: &Value, field: &str) -> usize {
    of[field].as_str().map_or(0, |text| text.chars().count())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{length, text, texts};

    #[test]
    fn a_field_that_is_empty_or_of_another_type_is_missing() {
        let body = json!({"a": "", "b": 1, "c": [], "d": "x", "e": "八達通"});
        for field in ["a", "b", "absent"] {
            assert_eq!(text(&body, field).expect_err(field).code, format!("Missing{field}"));
        }
        assert_eq!(text(&body, "d"), Ok("x"));
        assert_eq!(texts(&body, "c").expect_err("empty").code, "Missingc");
        assert_eq!(length(&body, "e"), 3);
    }
}

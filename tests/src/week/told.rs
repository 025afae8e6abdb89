//! What is told, in words that can be laid beside what was put in.

use posbridge::shop::Finding;
use posbridge::shop::stock::StockAlert;

use super::inject::Injected;

/// What was put in.
pub(super) fn wanted(injected: &Injected) -> String {
    let Injected { what, till, about } = injected;
    format!("{what} {till} {about}")
}

/// A thing that runs out.
pub(super) fn runs_out(shop: &str, article: &str, word: &str, at_ms: i64) -> String {
    format!("low_stock {shop} {article} {word} at {at_ms}")
}

/// What is told of, where it is not a summary.
pub(super) fn told(finding: &Finding) -> Option<String> {
    Some(match finding {
        Finding::Summary(_) => return None,
        Finding::Stock(StockAlert { shop, article, severity, at_ms, .. }) => {
            runs_out(shop, article, severity.as_str(), *at_ms)
        }
        Finding::Exception(exception) => {
            let facts = serde_json::to_value(exception).expect("plain data");
            let text = |name: &str| facts[name].as_str().map(str::to_owned);
            let what = text("what").expect("a name");
            let about = match &*what {
                "number_missing" if facts["from"] == facts["to"] => text("from"),
                "number_missing" => Some(format!("{} to {}", facts["from"], facts["to"])),
                "z_missing" => text("day"),
                "z_sequence" => text("found"),
                "printer" => text("trouble"),
                "kitchen_unbilled" | "bill_unpaid" => {
                    text("table").map(|table| format!("table {table}")).or_else(|| text("number"))
                }
                _ => text("number"),
            };
            format!("{what} {} {}", exception.source, about.unwrap_or_default())
        }
        Finding::Reconciliation(reckoning) => format!(
            "reconciliation {} Z {} {:?}",
            reckoning.source,
            reckoning.number.as_deref().unwrap_or("-"),
            reckoning.found.differences
        ),
        other => format!("{other:?}"),
    })
}

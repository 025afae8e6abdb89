//! The list of records.

use super::Table;

pub(super) const WORDS: Table = &[
    ("events_title", "記錄", "Records"),
    ("search", "搜尋", "Search"),
    ("search_for", "單號、金額、貨品、收銀員、枱號", "Number, amount, item, cashier, table"),
    ("any_kind", "所有種類", "Any kind"),
    ("from", "由", "From"),
    ("to", "至", "To"),
    ("clear", "清除", "Clear"),
    (
        "nothing_found",
        "找不到。試試只輸入單號或金額，或清除日期。",
        "Nothing found. Try a number or an amount alone, or no dates.",
    ),
    ("nothing_until", "查到 {until} 為止。", "Looked back to {until}."),
    ("older", "較早的記錄", "Older records"),
    ("go_on", "繼續往前找", "Look further back"),
];

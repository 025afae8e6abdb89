//! What is not delivered.

use super::Table;

pub(super) const WORDS: Table = &[
    ("outbox_title", "待送訊息", "Not delivered"),
    ("outbox_empty", "所有訊息都已送出。", "Every message has gone out."),
    ("outbox_more", "只顯示最舊的 {count} 則。", "The oldest {count} are shown."),
    ("s_queued", "排隊中", "waiting"),
    ("s_merged", "已併入匯總", "in a digest"),
    ("s_sending", "傳送中", "on its way"),
    ("s_parked", "待處理", "parked"),
    ("s_dead", "無法送出", "dead"),
    ("about_alarm", "系統提示", "An alarm"),
    ("about_finding", "店務提示", "What the shop found"),
    ("about_digest", "{count} 單匯總", "Digest of {count} sales"),
    ("col_about", "訊息", "Message"),
    ("col_state", "狀態", "State"),
    ("col_since", "時間", "Since"),
    ("attempts", "已試 {count} 次", "{count} tries"),
    ("next_try", "下次：{time}", "next: {time}"),
];

//! What is not delivered.

use super::Table;

pub(super) const WORDS: Table = &[
    ("outbox_title", "待送訊息", "Not delivered"),
    ("outbox_empty", "所有訊息都已送出。", "Every message has gone out."),
    ("outbox_more", "只顯示最舊的 {count} 則。", "The oldest {count} are shown."),
    ("s_queued", "排隊中", "waiting"),
    ("s_merged", "已併入匯總", "in a digest"),
    ("s_sending", "傳送中", "on its way"),
    ("s_parked", "待處理", "held back"),
    ("s_dead", "無法送出", "cannot be sent"),
    ("about_alarm", "系統提示", "An alarm"),
    ("about_finding", "店務提示", "What the shop found"),
    ("about_digest", "{count} 單匯總", "A digest, sales: {count}"),
    ("col_about", "訊息", "Message"),
    ("col_state", "狀態", "State"),
    ("col_since", "時間", "Since"),
    ("attempts", "已試 {count} 次", "tries: {count}"),
    ("next_try", "下次：{time}", "next: {time}"),
    ("queues", "各機械人的訊息", "By robot"),
    ("queue_of", "{robot}：{count} 則", "{robot}: {count}"),
    ("retry", "立即重試", "Try again"),
    ("retry_all", "全部立即重試", "Try all again"),
    ("drop", "捨棄…", "Drop…"),
    ("drop_title", "捨棄訊息？", "Drop this message?"),
    (
        "drop_lost",
        "捨棄後不會再送出，群組不會收到這則訊息。記錄和收據仍會保留。",
        "It will not be sent: nobody in the group is told of it. The record and its paper stay.",
    ),
    (
        "drop_members",
        "這則匯總包括 {count} 單，全部都不會通知。",
        "Sales in this digest, none of which will be told: {count}.",
    ),
    ("drop_why", "原因", "Why"),
    ("drop_why_hint", "給日後查看的人。", "For whoever looks later."),
    ("drop_do", "捨棄", "Drop it"),
    ("keep", "保留", "Keep it"),
    (
        "drop_gone",
        "這則訊息已送出，或不能捨棄。",
        "This message has gone out, or cannot be dropped.",
    ),
    ("done_retry", "{count} 則訊息會立即重試。", "Due at once: {count}."),
    ("done_drop", "{count} 則訊息已捨棄。", "Dropped: {count}."),
    (
        "done_none",
        "沒有更改：訊息已送出、正在傳送或已併入匯總。",
        "Nothing was changed: it is delivered, on its way, or told in a digest.",
    ),
];

//! What has to be decided, how it ended, and what a press is answered.

use pos_protocol::event::{About, Reason, Ruling};

use super::{Sign, Word};

/// What is to be decided, in one line.
pub(in crate::notice) fn about(about: About) -> Word {
    match about {
        About::Refund => Word::new(
            "退款 {number} {amount}，超過上限 {limit}",
            "退款 {number} {amount}，超过上限 {limit}",
            "Refund {number} {amount}, over the limit of {limit}",
            "Refund {number} {amount}, di atas batas {limit}",
        ),
        About::Transfer => Word::new(
            "調貨 {goods}：{shop} → {to}",
            "调货 {goods}：{shop} → {to}",
            "Transfer {goods}: {shop} → {to}",
            "Kirim {goods}: {shop} → {to}",
        ),
        About::CashShort => Word::new(
            "{source} 錢箱少了 {amount}",
            "{source} 钱箱少了 {amount}",
            "The drawer of {source} is short by {amount}",
            "Laci {source} kurang {amount}",
        ),
        About::Return => {
            Word::new("退貨（表單）", "退货（表单）", "Return (form)", "Retur (formulir)")
        }
    }
}

/// How it ended.
pub(in crate::notice) fn ruling(ruling: Ruling) -> Sign {
    match ruling {
        Ruling::Approved => Sign::new("✅", "已批准", "已批准", "Approved", "Disetujui"),
        Ruling::Rejected => Sign::new("⛔", "已拒絕", "已拒绝", "Rejected", "Ditolak"),
        Ruling::Withdrawn => Sign::new("↩️", "已撤回", "已撤回", "Withdrawn", "Ditarik kembali"),
        Ruling::Lapsed => Sign::new(
            "⌛",
            "逾時未批核",
            "超时未审批",
            "Nobody decided in time",
            "Tidak diputuskan tepat waktu",
        ),
        Ruling::Unasked => Sign::new(
            "⚠️",
            "未能送出批核",
            "未能发起审批",
            "Nobody could be asked",
            "Tidak ada yang dapat ditanya",
        ),
        Ruling::Impossible => Sign::new(
            "⚠️",
            "已批准，但未能執行",
            "已批准，但无法执行",
            "Approved, and could not be done",
            "Disetujui, tetapi tidak dapat dilakukan",
        ),
    }
}

/// What follows from it.
pub(in crate::notice) fn follows(about: About, ruling: Ruling) -> Word {
    match (about, ruling) {
        (About::Transfer, Ruling::Approved) => Word::new(
            "兩間店的存貨已更新",
            "两家店的库存已更新",
            "Both shops' stock is changed",
            "Stok kedua toko sudah diubah",
        ),
        (About::Transfer, _) => Word::new(
            "沒有調動任何存貨",
            "没有调动任何库存",
            "No stock was moved",
            "Tidak ada stok yang dipindahkan",
        ),
        (_, Ruling::Approved) => {
            Word::new("無須再處理", "无需再处理", "Nothing more to do", "Selesai")
        }
        (About::Refund, _) => Word::new(
            "款項已在收銀機退回：請親自跟進",
            "款项已在收银机退回：请亲自跟进",
            "The till has paid it back already: please follow it up in person",
            "Kasir sudah mengembalikan uangnya: mohon ditindaklanjuti langsung",
        ),
        (About::CashShort | About::Return, _) => Word::new(
            "請親自跟進",
            "请亲自跟进",
            "Please follow it up in person",
            "Mohon ditindaklanjuti langsung",
        ),
    }
}

/// Why nobody was asked, or why it was not done.
pub(in crate::notice) fn reason(reason: Reason) -> Word {
    match reason {
        Reason::NoApplication => Word::new(
            "未設定釘釘應用，所以不能在手機批核，只作通知",
            "未设置钉钉应用，所以不能在手机审批，仅作通知",
            "No DingTalk application is set up, so nobody can decide on the phone: this is a notice only",
            "Aplikasi DingTalk belum diatur, jadi tidak dapat diputuskan lewat ponsel: ini hanya pemberitahuan",
        ),
        Reason::NotConfigured => Word::new(
            "未設定由誰批核，只作通知",
            "未设置由谁审批，仅作通知",
            "Nobody is set up to decide this: this is a notice only",
            "Belum diatur siapa yang memutuskan: ini hanya pemberitahuan",
        ),
        Reason::Refused => Word::new(
            "釘釘不接受這個批核：請檢查設定和應用權限",
            "钉钉不接受这个审批：请检查设置和应用权限",
            "DingTalk does not take it: check the settings and the application's permissions",
            "DingTalk menolaknya: periksa pengaturan dan izin aplikasi",
        ),
        Reason::Unreached => Word::new(
            "一直未能聯絡釘釘",
            "一直无法联系钉钉",
            "DingTalk could not be reached for too long",
            "DingTalk terlalu lama tidak dapat dihubungi",
        ),
        Reason::Unknown => Word::new(
            "未知釘釘有否收到：請先在釘釘查看，再決定是否重新提出",
            "不确定钉钉是否收到：请先在钉钉查看，再决定是否重新提出",
            "DingTalk may have it or not: look there before asking again",
            "DingTalk mungkin sudah menerimanya: periksa di sana sebelum meminta lagi",
        ),
        Reason::Gone => Word::new(
            "其中一間店的貨品目錄已沒有這貨品",
            "其中一家店的商品目录已没有该商品",
            "One of the shops has the article in its catalogue no more",
            "Salah satu toko tidak lagi memiliki barang ini di katalog",
        ),
    }
}

pub(in crate::notice) const OUTCOME: Word = Word::new("結果", "结果", "Outcome", "Hasil");
pub(in crate::notice) const BY: Word =
    Word::new("批核人", "审批人", "Decided by", "Diputuskan oleh");
pub(in crate::notice) const MATTER: Word = Word::new("事項", "事项", "Matter", "Perkara");
pub(in crate::notice) const PROCESS: Word = Word::new("流程", "流程", "Process", "Proses");
pub(in crate::notice) const UPLOAD_PHOTO: Word =
    Word::new("上載退貨相片", "上传退货照片", "Upload the return's photo", "Unggah foto retur");

pub(in crate::notice) const ASKED_AS: Word = Word::new(
    "批核編號 {reference}，{time} 提出",
    "审批编号 {reference}，{time} 发起",
    "Approval {reference}, asked at {time}",
    "Persetujuan {reference}, diminta {time}",
);
pub(in crate::notice) const TO_DECIDE: Word =
    Word::new("等候批核", "等待审批", "To be decided", "Menunggu keputusan");
pub(in crate::notice) const SEEN_BY: Word =
    Word::new("已閱：{people}", "已阅：{people}", "Seen by {people}", "Dilihat oleh {people}");
pub(in crate::notice) const RULED_BY: Word =
    Word::new("{ruling}（{by}）", "{ruling}（{by}）", "{ruling} ({by})", "{ruling} ({by})");

pub(in crate::notice) const MAY_NOT: Word = Word::new(
    "您不在批核名單上，沒有任何改變",
    "您不在审批名单上，没有任何改变",
    "You are not on the list of those who may decide. Nothing has changed",
    "Anda tidak ada di daftar yang boleh memutuskan. Tidak ada yang berubah",
);
pub(in crate::notice) const TOO_LATE: Word = Word::new(
    "這事項早已結束（{ruling}），沒有任何改變",
    "该事项早已结束（{ruling}），没有任何改变",
    "This was over already ({ruling}). Nothing has changed",
    "Ini sudah selesai ({ruling}). Tidak ada yang berubah",
);
pub(in crate::notice) const THE_SAME: Word =
    Word::new("已經記錄過了", "已经记录过了", "That is recorded already", "Itu sudah dicatat");
pub(in crate::notice) const UNKNOWN_CARD: Word = Word::new(
    "這張卡片不屬於本機或已太舊，沒有任何改變",
    "这张卡片不属于本机或已太旧，没有任何改变",
    "This card is not known here, or it is too old. Nothing has changed",
    "Kartu ini tidak dikenal di sini atau sudah terlalu lama. Tidak ada yang berubah",
);
pub(in crate::notice) const UNKNOWN_BUTTON: Word = Word::new(
    "不認得這個按鈕，沒有任何改變",
    "不认识这个按钮，没有任何改变",
    "This button is not known. Nothing has changed",
    "Tombol ini tidak dikenal. Tidak ada yang berubah",
);
pub(in crate::notice) const NOT_KEPT: Word = Word::new(
    "未能記錄，請稍後再按",
    "未能记录，请稍后再按",
    "It could not be recorded. Please press again in a moment",
    "Tidak dapat dicatat. Mohon tekan lagi sebentar lagi",
);
pub(in crate::notice) const RECORDED: Word = Word::new("已記錄", "已记录", "Recorded", "Dicatat");

/// A result that came when it was over.
pub(in crate::notice) const LATE_RESULT: Word = Word::new(
    "遲來的批核結果：{now}，但事項早已結束（{before}），沒有任何改變",
    "迟来的审批结果：{now}，但事项早已结束（{before}），没有任何改变",
    "A late result: {now}. The matter was over already ({before}), and nothing has changed",
    "Hasil terlambat: {now}. Perkara sudah selesai ({before}), tidak ada yang berubah",
);
/// A result of a process that the bridge did not start.
pub(in crate::notice) const FOREIGN_RESULT: Word = Word::new(
    "有一個批核（{about}）結束了：{now}，但不是由本機提出，沒有任何改變",
    "有一个审批（{about}）结束了：{now}，但不是由本机发起，没有任何改变",
    "A process ({about}) ended: {now}. It was not started here, and nothing has changed",
    "Sebuah proses ({about}) berakhir: {now}. Tidak dimulai di sini, tidak ada yang berubah",
);

/// The drawer that was counted, in words.
pub(in crate::notice) const DRAWER_COUNTED: Word = Word::new(
    "找贖金 {float}，現金收入 {takings}，應有 {expected}，點算 {counted}，相差 {over}",
    "备用金 {float}，现金收入 {takings}，应有 {expected}，清点 {counted}，相差 {over}",
    "Float {float}, cash taken {takings}, expected {expected}, counted {counted}, difference {over}",
    "Modal {float}, tunai masuk {takings}, seharusnya {expected}, dihitung {counted}, selisih {over}",
);

/// The word for what was decided, where nothing more is known of it.
pub(in crate::notice) fn subject(about: About) -> Word {
    match about {
        About::Refund => Word::new("退款", "退款", "refund", "refund"),
        About::Transfer => Word::new("調貨", "调货", "stock transfer", "kirim stok"),
        About::CashShort => Word::new("錢箱短少", "钱箱短少", "drawer short", "laci kurang"),
        About::Return => Word::new("退貨", "退货", "return", "retur"),
    }
}

/// A transfer that was typed in the chat or at a terminal.
pub(in crate::notice) const TRANSFER_ASKED: Word = Word::new(
    "已記錄：{title}。批准之後才會調動存貨",
    "已记录：{title}。批准之后才会调动库存",
    "Recorded: {title}. Stock moves once it is approved",
    "Dicatat: {title}. Stok dipindahkan setelah disetujui",
);

/// Between things of a list.
pub(in crate::notice) const LIST_COMMA: Word = Word::new("、", "、", ", ", ", ");
pub(in crate::notice) const TODAY_TITLE: Word =
    Word::new("今日 {day}", "今日 {day}", "Today, {day}", "Hari ini, {day}");
pub(in crate::notice) const TODAY_SALES: Word = Word::new(
    "營業額 {sum}，{count} 單",
    "营业额 {sum}，{count} 单",
    "Takings {sum}, receipts: {count}",
    "Omzet {sum}, {count} struk",
);
pub(in crate::notice) const TODAY_REFUNDS: Word = Word::new(
    "退款 {sum}，{count} 單",
    "退款 {sum}，{count} 单",
    "Refunds {sum}, receipts: {count}",
    "Refund {sum}, {count} struk",
);
pub(in crate::notice) const TODAY_AT: Word =
    Word::new("更新於 {time}", "更新于 {time}", "as of {time}", "per {time}");

pub(in crate::notice) const RESTOCK: Word =
    Word::new("補貨：{article}", "补货：{article}", "Restock: {article}", "Isi ulang: {article}");
pub(in crate::notice) const RESTOCK_LEFT: Word = Word::new(
    "{shop}：尚餘 {left}",
    "{shop}：剩余 {left}",
    "{shop}: {left} left",
    "{shop}: sisa {left}",
);
pub(in crate::notice) const PREPARE_FOR: Word =
    Word::new("準備：{name}", "准备：{name}", "Prepare for {name}", "Siapkan: {name}");

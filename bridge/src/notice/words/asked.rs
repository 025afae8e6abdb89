//! Answers to questions, and what can be asked.

use super::Word;
use crate::config::Language;

pub(in crate::notice) const ANSWER: Word = Word::new("回覆", "回复", "Answer", "Jawaban");
pub(in crate::notice) const TAKINGS_OF_TILLS: Word =
    Word::new("各收銀機營業額", "各收银机营业额", "Takings by till", "Pendapatan per kasir");
pub(in crate::notice) const NO_TRADE: Word = Word::new(
    "{days}：沒有交易記錄。",
    "{days}：没有交易记录。",
    "{days}: nothing was sold.",
    "{days}: belum ada penjualan.",
);
pub(in crate::notice) const LAST_RECEIPTS: Word =
    Word::new("最近的單據", "最近的单据", "Latest receipts", "Struk terakhir");
pub(in crate::notice) const NO_RECEIPTS: Word = Word::new(
    "最近七日沒有單據。",
    "最近七天没有单据。",
    "No receipt in the last seven days.",
    "Tidak ada struk dalam tujuh hari terakhir.",
);
pub(in crate::notice) const VOIDED: Word = Word::new("已作廢", "已作废", "voided", "dibatalkan");
pub(in crate::notice) const REFUNDED: Word =
    Word::new("已退 {amount}", "已退 {amount}", "{amount} refunded", "{amount} dikembalikan");
pub(in crate::notice) const STATUS: Word = Word::new("狀態", "状态", "Status", "Status");
pub(in crate::notice) const NOT_FOUND: Word = Word::new(
    "找不到單號 {number}（保存約兩個月）。",
    "找不到单号 {number}（保存约两个月）。",
    "No receipt {number} (they are known for about two months).",
    "Struk {number} tidak ditemukan (disimpan sekitar dua bulan).",
);
pub(in crate::notice) const DID_YOU_MEAN: Word = Word::new(
    "您是指：{names}？",
    "您是指：{names}？",
    "Did you mean: {names}?",
    "Maksud Anda: {names}?",
);
pub(in crate::notice) const TOP_SELLERS: Word =
    Word::new("最暢銷", "最畅销", "Top sellers", "Terlaris");
pub(in crate::notice) const NAMES_STAY: Word = Word::new(
    "這個群組不顯示商品名稱（設定 privacy = \"items\" 才會顯示）。",
    "这个群不显示商品名称（设置 privacy = \"items\" 才会显示）。",
    "This group is not told the names of goods (privacy = \"items\" tells them).",
    "Grup ini tidak diberi nama barang (privacy = \"items\" menampilkannya).",
);
pub(in crate::notice) const STOCK: Word = Word::new("存貨", "库存", "Stock", "Stok");
pub(in crate::notice) const NOT_COUNTED: Word =
    Word::new("未點算", "未盘点", "not counted yet", "belum dihitung");
pub(in crate::notice) const NO_CATALOGUE: Word = Word::new(
    "未有商品目錄：用 posbridge stock import 輸入後才有存貨。",
    "还没有商品目录：用 posbridge stock import 导入后才有库存。",
    "There is no catalogue yet: stock is kept once posbridge stock import has read one.",
    "Belum ada katalog: stok dicatat setelah posbridge stock import.",
);
pub(in crate::notice) const UNKNOWN_ARTICLE: Word = Word::new(
    "商品目錄沒有「{name}」。",
    "商品目录没有“{name}”。",
    "The catalogue has no \"{name}\".",
    "Katalog tidak memiliki \"{name}\".",
);
pub(in crate::notice) const ON_SHIFT: Word =
    Word::new("今日收銀", "今日收银", "On shift today", "Bertugas hari ini");
pub(in crate::notice) const NOBODY_YET: Word = Word::new(
    "今日未有單據，不知誰在當值。",
    "今天还没有单据，不知道谁在当班。",
    "No receipt today yet, so nobody is known to be on shift.",
    "Belum ada struk hari ini, jadi belum diketahui siapa yang bertugas.",
);
pub(in crate::notice) const LATEST: Word =
    Word::new("最後一單 {time}", "最后一单 {time}", "last receipt {time}", "struk terakhir {time}");
pub(in crate::notice) const PEOPLE_STAY: Word = Word::new(
    "這個群組不顯示收銀員姓名（設定 privacy = \"full\" 才會顯示）。",
    "这个群不显示收银员姓名（设置 privacy = \"full\" 才会显示）。",
    "This group is not told cashiers' names (privacy = \"full\" tells them).",
    "Grup ini tidak diberi nama kasir (privacy = \"full\" menampilkannya).",
);
pub(in crate::notice) const OTHER_SHOP: Word = Word::new(
    "這個群組看不到{shop}的資料。",
    "这个群看不到{shop}的资料。",
    "This group hears nothing of {shop}.",
    "Grup ini tidak menerima kabar dari {shop}.",
);
pub(in crate::notice) const WHOLE_SHOP_ONLY: Word = Word::new(
    "這只有整間店的數字，而這個群組只看到部分收銀機。",
    "这只有整家店的数字，而这个群只看到部分收银机。",
    "That is known of a whole shop only, and this group hears of some of its tills.",
    "Itu hanya ada untuk seluruh toko, sedangkan grup ini hanya menerima sebagian kasir.",
);
pub(in crate::notice) const WHICH_SHOP: Word = Word::new(
    "請說明是哪間店：{shops}",
    "请说明是哪家店：{shops}",
    "Please name the shop: {shops}",
    "Sebutkan tokonya: {shops}",
);
pub(in crate::notice) const STOCK_SET: Word = Word::new(
    "「{article}」的存貨已改為 {now}（之前 {before}）。",
    "“{article}”的库存已改为 {now}（之前 {before}）。",
    "Stock of \"{article}\" is {now} now (it was {before}).",
    "Stok \"{article}\" sekarang {now} (sebelumnya {before}).",
);
pub(in crate::notice) const MADE_TO_ORDER: Word = Word::new(
    "「{article}」即叫即做，沒有自己的存貨；請點算：{takes}",
    "“{article}”现点现做，没有自己的库存；请盘点：{takes}",
    "\"{article}\" is made to order and has no stock of its own; count {takes}",
    "\"{article}\" dibuat saat dipesan dan tidak punya stok sendiri; hitung {takes}",
);
pub(in crate::notice) const NOT_SO_MUCH: Word = Word::new(
    "「{article}」不可能有這個數量，沒有更改。",
    "“{article}”不可能有这个数量，没有更改。",
    "There cannot be so much of \"{article}\"; nothing was changed.",
    "Jumlah itu tidak mungkin untuk \"{article}\"; tidak ada yang diubah.",
);
pub(in crate::notice) const OTHER_UNIT: Word = Word::new(
    "「{article}」以{unit}計算，請用這個單位；沒有更改。",
    "“{article}”以{unit}计算，请用这个单位；没有更改。",
    "\"{article}\" is counted in {unit}; please say it in those. Nothing was changed.",
    "\"{article}\" dihitung dalam {unit}; mohon pakai satuan itu. Tidak ada yang diubah.",
);
pub(in crate::notice) const SAME_SHOP: Word = Word::new(
    "調出和調入都是{shop}，請說明兩間不同的店；沒有調動。",
    "调出和调入都是{shop}，请说明两家不同的店；没有调动。",
    "From {shop} to {shop}: please name two shops. Nothing was moved.",
    "Dari {shop} ke {shop}: sebutkan dua toko. Tidak ada yang dipindahkan.",
);
pub(in crate::notice) const TWO_UNITS: Word = Word::new(
    "兩間店計算「{article}」的單位不同（{from}、{to}），請先在商品目錄改成一樣；沒有調動。",
    "两家店计算“{article}”的单位不同（{from}、{to}），请先在商品目录改成一样；没有调动。",
    "The two shops count \"{article}\" in {from} and in {to}: give both catalogues one unit first. Nothing was moved.",
    "Kedua toko menghitung \"{article}\" dalam {from} dan {to}: samakan satuannya dulu. Tidak ada yang dipindahkan.",
);
pub(in crate::notice) const PIECES: Word = Word::new("件", "件", "pieces", "buah");
pub(in crate::notice) const MUTED: Word = Word::new(
    "一般通知暫停至 {time}；緊急的照常送出，其餘到時一併送上。",
    "一般通知暂停至 {time}；紧急的照常发送，其余到时一并发送。",
    "Ordinary messages wait until {time}; urgent ones still come, the rest follows then.",
    "Pesan biasa menunggu sampai {time}; yang mendesak tetap dikirim, sisanya menyusul.",
);
pub(in crate::notice) const UNMUTED: Word =
    Word::new("通知已恢復。", "通知已恢复。", "Messages come again.", "Pesan kembali dikirim.");
pub(in crate::notice) const NOT_ALLOWED: Word = Word::new(
    "只有名單上的人可以更改，沒有更改任何資料。負責人可在設定的 [dingtalk.app] may_change 加上：{user}",
    "只有名单上的人可以更改，没有更改任何资料。负责人可在设置的 [dingtalk.app] may_change 加上：{user}",
    "Only listed people may change anything, so nothing was changed. To list you: [dingtalk.app] may_change, {user}",
    "Hanya orang yang terdaftar boleh mengubah, jadi tidak ada yang diubah. Untuk mendaftar: [dingtalk.app] may_change, {user}",
);
pub(in crate::notice) const STRANGER: Word = Word::new(
    "您不屬於這個組織，不能更改任何資料。",
    "您不属于这个组织，不能更改任何资料。",
    "You are not of this organisation and may change nothing.",
    "Anda bukan dari organisasi ini dan tidak boleh mengubah apa pun.",
);
pub(in crate::notice) const NO_ROBOT: Word = Word::new(
    "這個群組沒有連上任何機械人。請在設定的 [[robot]] 加上 group = \"{id}\"",
    "这个群没有连上任何机器人。请在设置的 [[robot]] 加上 group = \"{id}\"",
    "This group belongs to no robot. Put group = \"{id}\" under its [[robot]].",
    "Grup ini tidak terhubung ke robot mana pun. Tulis group = \"{id}\" di bawah [[robot]].",
);
pub(in crate::notice) const ALONE: Word = Word::new(
    "單獨傳來的訊息，只回答名單（may_change）上的人。請在群組發問。",
    "单独发来的消息，只回答名单（may_change）上的人。请在群里提问。",
    "Alone I answer only listed people (may_change). Please ask in the group.",
    "Secara pribadi saya hanya menjawab orang yang terdaftar (may_change). Silakan tanya di grup.",
);
pub(in crate::notice) const LATE_ANSWER: Word = Word::new(
    "帳簿正忙，答案遲些送上，不用再問。",
    "账簿正忙，答案稍后送上，不用再问。",
    "The books are busy. The answer comes later; no need to ask again.",
    "Pembukuan sedang sibuk. Jawaban menyusul; tidak perlu bertanya lagi.",
);
pub(in crate::notice) const BOOKS_TROUBLE: Word = Word::new(
    "現在讀不到帳簿，請稍後再問。",
    "现在读不到账簿，请稍后再问。",
    "The books cannot be read now. Please ask again later.",
    "Pembukuan tidak bisa dibaca sekarang. Mohon tanya lagi nanti.",
);
pub(in crate::notice) const OVER_QUOTA: Word = Word::new(
    "釘釘沒有把文字轉來：機構本月的訊息額度已用完。",
    "钉钉没有把文字转来：组织本月的消息额度已用完。",
    "DingTalk kept your words back: the organisation's messages of this month are used up.",
    "DingTalk menahan teks Anda: kuota pesan organisasi bulan ini sudah habis.",
);
pub(in crate::notice) const NOT_UNDERSTOOD: Word = Word::new(
    "不明白。可以這樣問：",
    "不明白。可以这样问：",
    "I did not understand. You can ask:",
    "Saya tidak mengerti. Anda bisa bertanya:",
);
pub(in crate::notice) const CAN_ASK: Word =
    Word::new("可以這樣問：", "可以这样问：", "You can ask:", "Anda bisa bertanya:");

/// What can be asked, by example.
pub(in crate::notice) fn examples(language: Language) -> &'static [&'static str] {
    match language {
        Language::ZhHk => &[
            "今日營業額、昨日營業額、本週營業額",
            "最近 5 張單",
            "查單 1043",
            "最暢銷",
            "奶茶存貨",
            "設定奶茶存貨為 20（限名單上的人）",
            "調貨 5 珍珠 由中環去旺角（限名單上的人）",
            "誰在當值",
            "靜音一小時、取消靜音（限名單上的人）",
        ],
        Language::ZhCn => &[
            "今天营业额、昨天营业额、本周营业额",
            "最近 5 张单",
            "查单 1043",
            "最畅销",
            "奶茶库存",
            "设置奶茶库存为 20（限名单上的人）",
            "调货 5 珍珠 从中环到旺角（限名单上的人）",
            "谁在当班",
            "静音一小时、取消静音（限名单上的人）",
        ],
        Language::En => &[
            "takings today, yesterday, this week",
            "last 5 receipts",
            "find 1043",
            "top sellers",
            "stock of milk tea",
            "set stock of milk tea to 20 (listed people)",
            "transfer 5 pearls from Central to Mong Kok (listed people)",
            "who is on shift",
            "mute for an hour, unmute (listed people)",
        ],
        Language::Id => &[
            "pendapatan hari ini, kemarin, minggu ini",
            "5 struk terakhir",
            "cari 1043",
            "terlaris",
            "stok teh susu",
            "atur stok teh susu jadi 20 (orang terdaftar)",
            "kirim 5 mutiara dari Pusat ke Cabang (orang terdaftar)",
            "siapa yang jaga",
            "senyap satu jam, batal senyap (orang terdaftar)",
        ],
    }
}

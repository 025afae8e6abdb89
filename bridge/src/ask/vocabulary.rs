//! The words that a question is known by, in the languages of messages. No logic.
//!
//! Chinese stands here in simplified characters and means both; Cantonese as it is spoken stands
//! beside the written language. Longer phrases come before those that they begin with.

/// Phrases of Chinese, English and Indonesian.
pub(super) type Phrases = [&'static [&'static str]; 3];

pub(super) const HELP: Phrases = [
    &["帮助", "说明", "怎么用", "怎么问", "点用", "点问", "可以问什么", "你好", "您好"],
    &["help", "commands", "what can you do", "what can i ask", "hello", "hi"],
    &["bantuan", "bantu", "bisa apa", "bisa tanya apa", "halo"],
];

pub(super) const SET: Phrases = [
    &["设定", "设置", "设", "更新", "更改", "改", "调整", "调"],
    &["set", "change", "update"],
    &["atur", "setel", "ubah", "ganti"],
];

/// Before the number that something is set to.
pub(super) const TO: Phrases = [
    &["为", "成", "到", "至", "做", "=", ":"],
    &["to", "=", ":"],
    &["menjadi", "jadi", "ke", "=", ":"],
];

pub(super) const STOCK: Phrases = [
    &[
        "库存量",
        "库存",
        "存货",
        "存量",
        "还剩多少",
        "还剩几多",
        "剩下多少",
        "剩下几多",
        "还有多少",
        "还有几多",
        "仲有几多",
        "仲剩几多",
        "剩多少",
        "剩几多",
    ],
    &["stock level of", "stock of", "in stock", "stock level", "stock"],
    &["stok", "persediaan", "sisa"],
];

/// `how many ... left`.
pub(super) const HOW_MANY: [&str; 2] = ["how many", "how much"];
pub(super) const LEFT: [&str; 3] = ["left", "remaining", "remain"];

pub(super) const UNMUTE: Phrases = [
    &["取消静音", "解除静音", "恢复通知", "恢复消息", "恢复", "取消免打扰"],
    &["unmute", "stop muting", "speak again", "resume"],
    &["batal senyap", "bersuara lagi", "aktifkan lagi", "lanjutkan"],
];

pub(super) const MUTE: Phrases = [
    &["静音", "安静", "收声", "唔好嘈", "别吵", "免打扰", "勿扰", "暂停通知"],
    &["mute", "quiet", "silence", "hush", "do not disturb"],
    &["senyap", "senyapkan", "bisukan", "heningkan", "diam"],
];

pub(super) const ON_SHIFT: Phrases = [
    &[
        "当值",
        "当班",
        "当更",
        "值班",
        "返紧工",
        "返工",
        "上班",
        "在岗",
        "边个喺度",
        "谁在",
        "收银员",
    ],
    &[
        "on shift",
        "on duty",
        "who is working",
        "who's working",
        "working now",
        "who is on",
        "cashiers",
        "cashier",
        "shift",
    ],
    &["bertugas", "yang jaga", "siapa jaga", "siapa kasir", "kasir siapa", "yang kerja", "shift"],
];

pub(super) const TOP: Phrases = [
    &[
        "畅销",
        "热卖",
        "热销",
        "最好卖",
        "卖得最好",
        "卖最好",
        "最多人买",
        "三甲",
        "销量最高",
        "销量排行",
        "排行",
    ],
    &[
        "top sellers",
        "top seller",
        "best sellers",
        "best seller",
        "bestsellers",
        "best selling",
        "top selling",
        "top items",
        "top products",
        "sells best",
        "sold best",
        "top",
    ],
    &["terlaris", "paling laku", "laris"],
];

pub(super) const LAST: Phrases = [
    &["最近", "最后", "最新", "头先", "刚才"],
    &["last", "latest", "recent", "newest"],
    &["terakhir", "terbaru"],
];

pub(super) const RECEIPTS: Phrases = [
    &["单据", "账单", "收据", "小票", "交易", "单号", "单"],
    &[
        "receipts",
        "receipt",
        "sales",
        "sale",
        "orders",
        "order",
        "bills",
        "bill",
        "transactions",
        "tickets",
        "ticket",
    ],
    &["struk", "nota", "transaksi", "penjualan", "pesanan"],
];

pub(super) const FIND: Phrases = [
    &["查找", "查询", "查", "找", "搵", "揾", "睇"],
    &["find", "look up", "lookup", "search", "show", "where is"],
    &["cari", "carikan", "lihat"],
];

pub(super) const TAKINGS: Phrases = [
    &[
        "营业额",
        "营收",
        "销售额",
        "收入",
        "生意",
        "流水",
        "进账",
        "入账",
        "做咗几多",
        "卖了多少",
        "卖了几多",
        "卖咗几多",
        "收了多少",
        "赚了多少",
        "日结",
    ],
    &[
        "takings",
        "sales",
        "revenue",
        "turnover",
        "income",
        "earnings",
        "how much did we",
        "how did we do",
        "how is business",
    ],
    &["pendapatan", "omzet", "omset", "penjualan", "pemasukan", "penghasilan"],
];

pub(super) const TODAY: Phrases =
    [&["今日", "今天", "今晚", "今朝"], &["today's", "today", "so far"], &["hari ini"]];
pub(super) const YESTERDAY: Phrases =
    [&["昨日", "昨天", "寻日", "琴日", "噚日"], &["yesterday's", "yesterday"], &["kemarin"]];
pub(super) const THIS_WEEK: Phrases = [
    &[
        "今个星期",
        "呢个星期",
        "这个星期",
        "这星期",
        "本星期",
        "今星期",
        "今个礼拜",
        "呢个礼拜",
        "这个礼拜",
        "本周",
        "这周",
        "今周",
    ],
    &["this week's", "this week", "week"],
    &["minggu ini"],
];
pub(super) const LAST_WEEK: Phrases = [
    &["上个星期", "上星期", "上个礼拜", "上礼拜", "上周"],
    &["last week's", "last week"],
    &["minggu lalu"],
];
pub(super) const THIS_MONTH: Phrases = [
    &["今个月", "呢个月", "这个月", "本月", "当月"],
    &["this month's", "this month", "month"],
    &["bulan ini"],
];
pub(super) const LAST_MONTH: Phrases =
    [&["上个月", "上月"], &["last month's", "last month"], &["bulan lalu"]];

/// What stands around a name and is no part of it.
pub(super) const AROUND: [&str; 56] = [
    "的",
    "嘅",
    "吗",
    "呢",
    "呀",
    "啊",
    "请问",
    "请",
    "查询",
    "查",
    "睇下",
    "睇",
    "看",
    "有",
    "仲",
    "还",
    "把",
    "将",
    "现在",
    "而家",
    "在",
    "喺",
    "店",
    "多少",
    "几多",
    "how many",
    "how much",
    "what is the",
    "what's the",
    "what is",
    "show me",
    "show",
    "check",
    "please",
    "the",
    "of",
    "for",
    "is",
    "are",
    "do we have",
    "at",
    "in",
    "left",
    "remaining",
    "berapa",
    "yang",
    "untuk",
    "dari",
    "ada",
    "tinggal",
    "cek",
    "lihat",
    "tolong",
    "di",
    "sisa",
    "me",
];

/// Numbers of one to ten as they are written in words.
pub(super) const SMALL_NUMBERS: [(&str, usize); 11] = [
    ("两", 2),
    ("一", 1),
    ("二", 2),
    ("三", 3),
    ("四", 4),
    ("五", 5),
    ("六", 6),
    ("七", 7),
    ("八", 8),
    ("九", 9),
    ("十", 10),
];

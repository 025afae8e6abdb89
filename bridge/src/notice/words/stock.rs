//! What runs out, how much of it is left, and what to do about it, in three tones.

use super::Word;
use crate::config::Tone;
use crate::shop::catalogue::Unit;
use crate::shop::stock::Severity;

pub(in crate::notice) const LOW: Word =
    Word::new("存貨不足", "库存不足", "Low stock", "Stok menipis");
pub(in crate::notice) const OUT: Word = Word::new("已售罄", "已售罄", "Sold out", "Stok habis");
pub(in crate::notice) const LEFT: Word = Word::new("尚餘", "剩余", "Left", "Sisa");
/// What is left, beside a line of a sale.
pub(in crate::notice) const LEFT_BESIDE: Word =
    Word::new("（尚餘 {left}）", "（剩 {left}）", " ({left} left)", " (sisa {left})");
pub(in crate::notice) const THRESHOLD: Word =
    Word::new("補貨線", "补货线", "Restock at", "Batas isi ulang");
pub(in crate::notice) const BELOW_ZERO: Word = Word::new(
    "0（帳面是 {left}：賣出比點算的多，請重新點算）",
    "0（账面是 {left}：卖出比盘点的多，请重新盘点）",
    "0 (the books say {left}: more was sold than was counted; please count again)",
    "0 (catatan {left}: terjual lebih banyak dari hitungan; mohon hitung ulang)",
);
pub(in crate::notice) const FORECAST: Word = Word::new("預計", "预计", "Forecast", "Perkiraan");
pub(in crate::notice) const GONE_BY: Word = Word::new(
    "按目前速度，約 {time} 賣完",
    "按目前速度，约 {time} 卖完",
    "at this pace gone by about {time}",
    "dengan laju ini habis sekitar pukul {time}",
);
pub(in crate::notice) const ORDER: Word =
    Word::new("向供應商訂貨", "向供应商订货", "Order from the supplier", "Pesan ke pemasok");

/// What is asked of whoever reads it. `{article}` is what runs out.
pub(in crate::notice) fn request(severity: Severity, tone: Tone) -> Word {
    if severity == Severity::Out { request_out(tone) } else { request_low(tone) }
}

fn request_low(tone: Tone) -> Word {
    match tone {
        Tone::Plain => {
            Word::new("請安排補貨。", "请安排补货。", "Please restock.", "Mohon isi ulang stok.")
        }
        Tone::Firm => Word::new(
            "今日之內必須補貨，並在群組回覆何時到貨。",
            "今天之内必须补货，并在群里回复何时到货。",
            "Restock today, and say in this group when it arrives.",
            "Isi ulang hari ini juga, dan kabari grup kapan barang tiba.",
        ),
        Tone::Humorous => Word::new(
            "{article}快見底了。再不補貨，明天的客人就要喝西北風了。",
            "{article}快见底了。再不补货，明天的客人就要喝西北风了。",
            "{article} is nearly gone. Without more of it, tomorrow's customers will be drinking air.",
            "{article} hampir habis. Kalau tidak diisi, besok pelanggan minum angin.",
        ),
    }
}

fn request_out(tone: Tone) -> Word {
    match tone {
        Tone::Plain => Word::new(
            "請補貨，並在收銀機暫停售賣。",
            "请补货，并在收银机上暂停销售。",
            "Please restock, and take it off the till.",
            "Mohon isi ulang, dan nonaktifkan di kasir.",
        ),
        Tone::Firm => Word::new(
            "立即停售，馬上補貨，完成後在群組回覆。",
            "立即停售，马上补货，完成后在群里回复。",
            "Stop selling it, restock at once, and say in this group when it is done.",
            "Hentikan penjualan, segera isi ulang, dan kabari grup bila selesai.",
        ),
        Tone::Humorous => Word::new(
            "{article}一點不剩，現在只能賣空氣。空氣不用錢，請快補貨。",
            "{article}一点不剩，现在只能卖空气。空气不要钱，请快补货。",
            "There is no {article} left, only air, and air is free. Please restock.",
            "{article} sudah habis, tinggal udara, dan udara itu gratis. Mohon isi ulang.",
        ),
    }
}

/// What something is counted in; nothing is said of pieces.
pub(in crate::notice) fn unit(unit: Unit) -> Option<Word> {
    Some(match unit {
        Unit::Each => return None,
        Unit::Portion => Word::new("份", "份", "portions", "porsi"),
        Unit::Cup => Word::new("杯", "杯", "cups", "gelas"),
        Unit::Bowl => Word::new("碗", "碗", "bowls", "mangkuk"),
        Unit::Bottle => Word::new("支", "瓶", "bottles", "botol"),
        Unit::Can => Word::new("罐", "罐", "cans", "kaleng"),
        Unit::Box => Word::new("盒", "盒", "boxes", "kotak"),
        Unit::Pack => Word::new("包", "包", "packs", "bungkus"),
        Unit::Bag => Word::new("袋", "袋", "bags", "kantong"),
        Unit::Gram => Word::new("克", "克", "g", "g"),
        Unit::Kilogram => Word::new("公斤", "公斤", "kg", "kg"),
        Unit::Catty => Word::new("斤", "斤", "catties", "kati"),
        Unit::Tael => Word::new("兩", "两", "taels", "tahil"),
        Unit::Millilitre => Word::new("毫升", "毫升", "ml", "ml"),
        Unit::Litre => Word::new("公升", "升", "l", "l"),
    })
}

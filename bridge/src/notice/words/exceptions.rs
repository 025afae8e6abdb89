//! What should not happen at a till: what it is, why it is worth a look, and what to do. Nobody is
//! accused: there may be a good reason.

use super::Word;
use super::exceptions_later::{number, pending, printer, reprints, z_report};
use crate::shop::Oddity;

/// What is said about an exception.
#[derive(Clone, Copy)]
pub(in crate::notice) struct ExceptionWords {
    pub(in crate::notice) headline: Word,
    pub(in crate::notice) why: Word,
    pub(in crate::notice) to_do: Word,
}

/// The words for something worth a look.
pub(in crate::notice) fn oddity(oddity: &Oddity) -> ExceptionWords {
    match oddity {
        Oddity::RefundOver { .. }
        | Oddity::RefundWithoutOriginal
        | Oddity::RefundSoon { .. }
        | Oddity::Refunds { .. } => refund(oddity),
        Oddity::NoSales { .. }
        | Oddity::VoidAfterTender
        | Oddity::DiscountOver { .. }
        | Oddity::ZeroTotal => sale(oddity),
        Oddity::OutsideHours { hours } => outside_hours(hours.is_empty()),
        Oddity::Reprints { .. } | Oddity::ReprintsOfDay { .. } => reprints(oddity),
        Oddity::NumberMissing { .. } | Oddity::NumberRepeated => number(oddity),
        Oddity::KitchenUnbilled { .. } | Oddity::BillUnpaid { .. } => pending(oddity),
        Oddity::ZMissing { .. } | Oddity::ZSequence { .. } => z_report(oddity),
        Oddity::Printer { trouble } => printer(*trouble),
    }
}

const ASK_FOR_SLIP: Word = Word::new(
    "請向當值同事了解，並保留退款單及顧客簽名。",
    "请向当班同事了解，并保留退款单和顾客签名。",
    "Ask who was on duty, and keep the refund slip with the customer's signature.",
    "Tanyakan petugas yang bertugas, dan simpan struk pengembalian bertanda tangan pelanggan.",
);

fn refund(oddity: &Oddity) -> ExceptionWords {
    match oddity {
        Oddity::RefundOver { .. } => ExceptionWords {
            headline: Word::new("大額退款", "大额退款", "Large refund", "Pengembalian dana besar"),
            why: Word::new(
                "退款超過 {limit}。",
                "退款超过 {limit}。",
                "The refund is over {limit}.",
                "Pengembalian melebihi {limit}.",
            ),
            to_do: ASK_FOR_SLIP,
        },
        Oddity::RefundSoon { .. } => ExceptionWords {
            headline: Word::new(
                "剛賣出即退款",
                "刚卖出即退款",
                "Refund right after the sale",
                "Pengembalian tepat setelah penjualan",
            ),
            why: Word::new(
                "單 {original} 賣出 {span}後，由同一收銀員退款。",
                "单 {original} 卖出 {span}后，由同一收银员退款。",
                "{original} was paid back {span} after it was sold, by the same cashier.",
                "{original} dikembalikan {span} setelah dijual, oleh petugas yang sama.",
            ),
            to_do: Word::new(
                "若是入錯單，可不理會；否則請核對貨品是否退回。",
                "如果是录错单，可忽略；否则请核对商品是否退回。",
                "If it was rung up by mistake, nothing is wrong. Else check that the goods came back.",
                "Jika salah input, abaikan. Jika tidak, periksa apakah barangnya kembali.",
            ),
        },
        Oddity::Refunds { .. } => ExceptionWords {
            headline: Word::new(
                "今日退款次數多",
                "今日退款次数多",
                "Many refunds today",
                "Banyak pengembalian hari ini",
            ),
            why: Word::new(
                "同一收銀員（或同一部機）今日退款多於 {limit} 次。",
                "同一收银员（或同一台机）今日退款多于 {limit} 次。",
                "More than {limit} refunds today by one cashier, or at this till.",
                "Lebih dari {limit} pengembalian hari ini oleh satu petugas, atau di kasir ini.",
            ),
            to_do: Word::new(
                "請翻查今日的退款單。",
                "请查看今日的退款单。",
                "Look through today's refund slips.",
                "Periksa struk pengembalian hari ini.",
            ),
        },
        _ => ExceptionWords {
            headline: Word::new(
                "退款沒有原單",
                "退款没有原单",
                "Refund without an original",
                "Pengembalian tanpa struk asal",
            ),
            why: Word::new(
                "這張退款單沒有指明原單，或原單不在記錄之內。",
                "这张退款单没有指明原单，或原单不在记录之内。",
                "The refund names no sale, or one that is not on record.",
                "Struk pengembalian ini tidak menyebut penjualan asal, atau penjualan itu tidak tercatat.",
            ),
            to_do: ASK_FOR_SLIP,
        },
    }
}

const WHO_WAS_THERE: Word = Word::new(
    "請核對誰在店內。同一晚其後的單不再通知。",
    "请核对谁在店内。同一晚其后的单不再通知。",
    "Check who was in the shop. Further receipts of the same night are not told.",
    "Periksa siapa yang ada di toko. Struk berikutnya di malam yang sama tidak diberitahukan.",
);

fn sale(oddity: &Oddity) -> ExceptionWords {
    match oddity {
        Oddity::NoSales { .. } => ExceptionWords {
            headline: Word::new(
                "多次無交易開錢箱",
                "多次无交易开钱箱",
                "Drawer opened without a sale too often",
                "Laci uang terlalu sering dibuka tanpa penjualan",
            ),
            why: Word::new(
                "這一更已多於 {limit} 次。",
                "本班已多于 {limit} 次。",
                "More than {limit} times in this shift.",
                "Lebih dari {limit} kali dalam sif ini.",
            ),
            to_do: Word::new(
                "請點算錢箱，並了解開箱原因（例如找散紙）。",
                "请清点钱箱，并了解开箱原因（例如换零钱）。",
                "Count the drawer, and ask why it was opened (for change?).",
                "Hitung isi laci, dan tanyakan mengapa dibuka (menukar uang?).",
            ),
        },
        Oddity::VoidAfterTender => ExceptionWords {
            headline: Word::new(
                "已付款的單被作廢",
                "已付款的单被作废",
                "Paid sale taken back",
                "Penjualan yang sudah dibayar dibatalkan",
            ),
            why: Word::new(
                "這張單收款之後才作廢。",
                "这张单收款之后才作废。",
                "The sale was voided after it had been paid.",
                "Penjualan dibatalkan setelah dibayar.",
            ),
            to_do: Word::new(
                "請確認款項已退還顧客，並保留作廢單。",
                "请确认款项已退还顾客，并保留作废单。",
                "Make sure the customer got the money back, and keep the void slip.",
                "Pastikan uang kembali ke pelanggan, dan simpan struk pembatalan.",
            ),
        },
        Oddity::DiscountOver { .. } => ExceptionWords {
            headline: Word::new("折扣過大", "折扣过大", "Large discount", "Diskon besar"),
            why: Word::new(
                "減去 {percent}%，多於 {limit}%。",
                "减去 {percent}%，多于 {limit}%。",
                "{percent}% off, more than {limit}%.",
                "Dipotong {percent}%, lebih dari {limit}%.",
            ),
            to_do: Word::new(
                "請核對是誰批准，以及原因。",
                "请核对是谁批准以及原因。",
                "Check who allowed it, and why.",
                "Periksa siapa yang mengizinkan dan alasannya.",
            ),
        },
        _ => ExceptionWords {
            headline: Word::new(
                "零元或負數的銷售單",
                "零元或负数的销售单",
                "Sale of nothing or less",
                "Penjualan nol atau minus",
            ),
            why: Word::new(
                "貨品離店，但沒有收錢。",
                "商品离店，但没有收款。",
                "Goods went out and no money came in.",
                "Barang keluar tetapi tidak ada uang masuk.",
            ),
            to_do: Word::new(
                "請核對是否員工餐、贈送或測試。",
                "请核对是否员工餐、赠送或测试。",
                "Check whether it was a staff meal, a gift or a test.",
                "Periksa apakah itu makan karyawan, hadiah, atau uji coba.",
            ),
        },
    }
}

fn outside_hours(day_off: bool) -> ExceptionWords {
    if day_off {
        return ExceptionWords {
            headline: Word::new(
                "休息日有單",
                "休息日有小票",
                "Receipt on a day off",
                "Struk pada hari libur",
            ),
            why: Word::new(
                "日曆上這一天休息。",
                "日历上这一天休息。",
                "The calendar says that the shop is closed.",
                "Menurut kalender toko tutup.",
            ),
            to_do: WHO_WAS_THERE,
        };
    }
    ExceptionWords {
        headline: Word::new(
            "非營業時間有單",
            "非营业时间有单",
            "Receipt outside opening hours",
            "Struk di luar jam buka",
        ),
        why: Word::new(
            "營業時間是 {hours}。",
            "营业时间是 {hours}。",
            "The shop is open {hours}.",
            "Toko buka {hours}.",
        ),
        to_do: WHO_WAS_THERE,
    }
}

//! A summary, and a reminder of what is near.

use jiff::civil::{Date, Weekday};

use super::Word;
use crate::config::Language;
use crate::shop::{Period, When};

/// The headline of a summary.
pub(in crate::notice) fn summary(period: Period, when: When) -> Word {
    match (period, when) {
        (Period::Day, When::Closing) => {
            Word::new("收市總結", "打烊总结", "Closing summary", "Ringkasan tutup toko")
        }
        (Period::Day, When::Opening) => {
            Word::new("開市前提示", "开店前提示", "Before opening", "Sebelum buka toko")
        }
        (Period::Day, _) => Word::new("日結", "日结", "The day", "Ringkasan hari"),
        (Period::Week, _) => Word::new("一週總結", "一周总结", "The week", "Ringkasan minggu"),
        (Period::Month, _) => Word::new("全月總結", "全月总结", "The month", "Ringkasan bulan"),
    }
}

/// What a period is compared with.
pub(in crate::notice) fn compared(period: Period) -> Word {
    match period {
        Period::Day => Word::new("較上{day}", "较上{day}", "on last {day}", "dari {day} lalu"),
        Period::Week => Word::new("較前一週", "较前一周", "on the week before", "dari minggu lalu"),
        Period::Month => Word::new("較上月", "较上月", "on the month before", "dari bulan lalu"),
    }
}

pub(in crate::notice) const SUMMARY: Word = Word::new("總結", "总结", "Summary", "Ringkasan");
pub(in crate::notice) const TAKINGS: Word = Word::new("營業額", "营业额", "Takings", "Pendapatan");
pub(in crate::notice) const SALES_COUNT: Word = Word::new(
    "{count} 單，平均 {average}",
    "{count} 单，平均 {average}",
    "{count}, {average} each",
    "{count}, rata-rata {average}",
);
pub(in crate::notice) const SALES_LABEL: Word = Word::new("銷售", "销售", "Sales", "Penjualan");
pub(in crate::notice) const TAKEN_BACK: Word =
    Word::new("退款及作廢", "退款及作废", "Refunds, voids", "Pengembalian, batal");
pub(in crate::notice) const TAKEN_BACK_VALUE: Word = Word::new(
    "退款 {refunds} 單 {amount}，作廢 {voids} 單",
    "退款 {refunds} 单 {amount}，作废 {voids} 单",
    "{refunds} refunds {amount}, {voids} voids",
    "{refunds} pengembalian {amount}, {voids} batal",
);
pub(in crate::notice) const TIMES: Word =
    Word::new("{count} 次", "{count} 次", "{count}×", "{count} kali");
pub(in crate::notice) const OFF_LABEL: Word =
    Word::new("數目不符", "数目不符", "Do not add up", "Tidak cocok");
pub(in crate::notice) const OFF_VALUE: Word = Word::new(
    "{count} 單，請核對",
    "{count} 单，请核对",
    "{count} receipts, please look",
    "{count} struk, mohon diperiksa",
);
pub(in crate::notice) const BY_TENDER: Word =
    Word::new("付款方式", "付款方式", "By means of payment", "Menurut pembayaran");
pub(in crate::notice) const BY_HOUR: Word = Word::new("時段", "时段", "By hour", "Per jam");
pub(in crate::notice) const BY_CATEGORY: Word =
    Word::new("分類", "分类", "By category", "Menurut kategori");
pub(in crate::notice) const UNSORTED: Word =
    Word::new("未分類", "未分类", "Not in the catalogue", "Tidak ada di katalog");
pub(in crate::notice) const BY_CASHIER: Word =
    Word::new("收銀員", "收银员", "By cashier", "Menurut kasir");
pub(in crate::notice) const BY_SHOP: Word = Word::new("各店", "各店", "By shop", "Per toko");
pub(in crate::notice) const TOP: Word =
    Word::new("銷售三甲", "销售前三", "Top three", "Tiga terlaris");
pub(in crate::notice) const SLOW: Word = Word::new("滯銷", "滞销", "Hardly sold", "Jarang terjual");
pub(in crate::notice) const SLOW_LINE: Word = Word::new(
    "{name}　{days} 日未售出",
    "{name}　{days} 天未售出",
    "{name}: not for {days} days",
    "{name}: {days} hari tidak terjual",
);
pub(in crate::notice) const SLOW_STOCK: Word =
    Word::new("，尚餘 {stock}", "，剩余 {stock}", ", {stock} left", ", sisa {stock}");
pub(in crate::notice) const REPORTS: Word = Word::new("Z 報表", "Z 报表", "Z reports", "Laporan Z");
pub(in crate::notice) const REPORT_AGREES: Word = Word::new(
    "{name} 與記錄相符",
    "{name} 与记录相符",
    "{name} agrees with our count",
    "{name} cocok dengan catatan",
);
pub(in crate::notice) const REPORT_DIFFERS: Word = Word::new(
    "{name} 與記錄不符",
    "{name} 与记录不符",
    "{name} differs from our count",
    "{name} berbeda dari catatan",
);
pub(in crate::notice) const TOGETHER: Word =
    Word::new("全部店舖", "全部店铺", "All shops", "Semua toko");
pub(in crate::notice) const COMING: Word = Word::new("即將到來", "即将到来", "Coming", "Segera");
pub(in crate::notice) const LATE_SINCE: Word = Word::new(
    "⏰ 遲送：本應於 {since} 送出",
    "⏰ 迟送：本应于 {since} 送出",
    "⏰ LATE: this was due at {since}",
    "⏰ TERLAMBAT: seharusnya {since}",
);

pub(in crate::notice) const REMINDER: Word = Word::new("提示", "提示", "Reminder", "Pengingat");
pub(in crate::notice) const HOLIDAY: Word = Word::new("假期", "假期", "Holiday", "Libur");
pub(in crate::notice) const PROMOTION: Word = Word::new("推廣", "促销", "Promotion", "Promosi");
pub(in crate::notice) const IN_DAYS: Word =
    Word::new("還有 {count} 日", "还有 {count} 天", "in {count} days", "{count} hari lagi");
pub(in crate::notice) const TOMORROW: Word = Word::new("明日", "明天", "tomorrow", "besok");
pub(in crate::notice) const TODAY: Word = Word::new("今日", "今天", "today", "hari ini");
pub(in crate::notice) const DAYS_LABEL: Word = Word::new("日期", "日期", "When", "Tanggal");
pub(in crate::notice) const HOURS_LABEL: Word =
    Word::new("營業時間", "营业时间", "Hours", "Jam buka");
pub(in crate::notice) const CLOSED: Word = Word::new("休息", "休息", "closed", "tutup");
pub(in crate::notice) const PREPARE: Word =
    Word::new("請準備", "请准备", "To prepare", "Yang perlu disiapkan");

/// A day, as people say it.
pub(in crate::notice) fn day(day: Date, language: Language) -> String {
    let chinese = ["一", "二", "三", "四", "五", "六", "日"];
    let at = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    let (date, month) = (day.day(), day.month());
    match language {
        Language::ZhHk | Language::ZhCn => format!("{month}月{date}日（{}）", chinese[at]),
        Language::En | Language::Id => {
            format!("{} {date} {}", weekday(day.weekday(), language), month_name(month, language))
        }
    }
}

/// A weekday.
pub(in crate::notice) fn weekday(day: Weekday, language: Language) -> &'static str {
    let at = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
    match language {
        Language::ZhHk => ["週一", "週二", "週三", "週四", "週五", "週六", "週日"][at],
        Language::ZhCn => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][at],
        Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][at],
        Language::Id => ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"][at],
    }
}

fn month_name(month: i8, language: Language) -> &'static str {
    let at = usize::try_from(month - 1).unwrap_or_default();
    match language {
        Language::Id => {
            ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"][at]
        }
        _ => {
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][at]
        }
    }
}

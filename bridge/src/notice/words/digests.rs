//! A digest: many ordinary sales in one message.

use super::Word;

pub(in crate::notice) const DIGEST_SALES: Word =
    Word::new("銷售 {count} 單", "销售 {count} 单", "Sales: {count}", "Penjualan: {count}");
pub(in crate::notice) const DIGEST_OTHERS: Word = Word::new(
    "其他單據 {count} 張",
    "其他单据 {count} 张",
    "other papers: {count}",
    "kertas lain: {count}",
);
pub(in crate::notice) const DIGEST_PART: Word = Word::new(
    "第 {page}/{pages} 則",
    "第 {page}/{pages} 条",
    "part {page}/{pages}",
    "bagian {page}/{pages}",
);
pub(in crate::notice) const DIGEST_COMMA: Word = Word::new("，", "，", ", ", ", ");
pub(in crate::notice) const DIGEST_WITHOUT_AMOUNT: Word = Word::new(
    "⚠ 其中 {count} 單讀不到金額，沒有計入總數",
    "⚠ 其中 {count} 单读不到金额，未计入总数",
    "⚠ {count} of them without an amount that could be read; not in the sum",
    "⚠ {count} di antaranya tanpa jumlah yang terbaca; tidak masuk total",
);
pub(in crate::notice) const DIGEST_OFF: Word = Word::new(
    "⚠ = 收據上的數字加起來不對",
    "⚠ = 小票上的数字加起来不对",
    "⚠ = the figures on the receipt contradict each other",
    "⚠ = angka-angka di struk saling bertentangan",
);
pub(in crate::notice) const DIGEST_WORD: Word =
    Word::new("銷售摘要", "销售摘要", "Sales digest", "Ringkasan penjualan");
pub(in crate::notice) const DIGEST_SUM_OVERFLOW: Word = Word::new(
    "數目太大，未能合計",
    "数目太大，无法合计",
    "too large to add up",
    "terlalu besar untuk dijumlahkan",
);
pub(in crate::notice) const DIGEST_SPAN: Word =
    Word::new("時段", "时段", "From - to", "Dari - sampai");
pub(in crate::notice) const DIGEST_LATE: Word = Word::new(
    "⏰ 遲送：由 {since} 起未能送出的單據",
    "⏰ 迟送：自 {since} 起未能送出的单据",
    "⏰ LATE: these could not be sent since {since}",
    "⏰ TERLAMBAT: tidak dapat dikirim sejak {since}",
);
pub(in crate::notice) const DIGEST_LATE_MARK: Word = Word::new("遲送", "迟送", "LATE", "TERLAMBAT");

//! Labels of what the shop found in its events.

use super::Word;

pub(in crate::notice) const EXCEPTION: Word = Word::new("異常", "异常", "Exception", "Kejanggalan");
pub(in crate::notice) const WHY: Word = Word::new("原因", "原因", "Why", "Alasan");
pub(in crate::notice) const CASHIER: Word =
    Word::new("收銀員", "收银员", "Cashier", "Petugas kasir");
pub(in crate::notice) const RULE: Word =
    Word::new("店主提示", "店主提示", "The owner's rule", "Aturan pemilik");
pub(in crate::notice) const RULE_FAILED: Word = Word::new(
    "規則 {rule} 無法執行",
    "规则 {rule} 无法执行",
    "Rule {rule} failed",
    "Aturan {rule} gagal",
);
pub(in crate::notice) const RULE_WHY: Word = Word::new(
    "{why}。收據照常記錄和通知。",
    "{why}。小票照常记录和通知。",
    "{why}. Receipts are kept and told as ever.",
    "{why}. Struk tetap dicatat dan diberitahukan seperti biasa.",
);
pub(in crate::notice) const RULE_TO_DO: Word = Word::new(
    "請修改 [[rule]]，並執行 posbridge check。修改之前不再通知。",
    "请修改 [[rule]]，并运行 posbridge check。修改之前不再通知。",
    "Mend the [[rule]] and run posbridge check. This is not told again until it is changed.",
    "Perbaiki [[rule]] lalu jalankan posbridge check. Tidak diberitahukan lagi sampai diubah.",
);

//! A Z report beside our own count.

use super::Word;

pub(in crate::notice) const RECKONING: Word =
    Word::new("對數", "对账", "Reconciling", "Pencocokan");
pub(in crate::notice) const RECKONING_DIFFERS: Word = Word::new(
    "Z 報表與記錄不符",
    "Z 报表与记录不符",
    "Z report differs from our count",
    "Laporan Z berbeda dari catatan",
);
pub(in crate::notice) const NOT_WHOLE: Word = Word::new(
    "⚠ 記錄由這一更中途開始",
    "⚠ 记录从这一班中途开始",
    "⚠ our count began in the middle of this shift",
    "⚠ catatan kami mulai di tengah giliran ini",
);
pub(in crate::notice) const FIGURES: Word = Word::new("數字", "数字", "Figures", "Angka");
pub(in crate::notice) const BOTH: Word = Word::new(
    "{figure}　Z {report}，記錄 {own}",
    "{figure}　Z {report}，记录 {own}",
    "{figure}: Z {report}, ours {own}",
    "{figure}: Z {report}, catatan {own}",
);
pub(in crate::notice) const CAUSES: Word = Word::new("原因", "原因", "What makes it", "Penyebab");
pub(in crate::notice) const NOT_IN_REPORT: Word = Word::new(
    "{slip} 不在 Z 報表內",
    "{slip} 不在 Z 报表内",
    "{slip} is not in the report",
    "{slip} tidak ada di laporan",
);
pub(in crate::notice) const PRINTED_TWICE: Word = Word::new(
    "{slip} 印了兩次",
    "{slip} 打印了两次",
    "{slip} was printed twice",
    "{slip} tercetak dua kali",
);
pub(in crate::notice) const OTHER_TENDER: Word = Word::new(
    "{slip} 記為 {ours}，Z 報表計入 {theirs}",
    "{slip} 记为 {ours}，Z 报表计入 {theirs}",
    "{slip}: {ours} on the receipt, {theirs} in the report",
    "{slip}: {ours} di struk, {theirs} di laporan",
);
pub(in crate::notice) const COUNTED_AS_VOID: Word = Word::new(
    "{slip} 在 Z 報表計作作廢，但沒有作廢單",
    "{slip} 在 Z 报表计作作废，但没有作废单",
    "{slip} counts as voided in the report, and no void was printed",
    "{slip} dihitung batal di laporan, tanpa struk batal",
);
pub(in crate::notice) const UNSEEN: Word = Word::new(
    "Z 報表多了{kind} {amount}，我們沒有見過",
    "Z 报表多了{kind} {amount}，我们没有见过",
    "the report has more: {kind} {amount}, which we did not see",
    "laporan punya lebih: {kind} {amount}, yang tidak kami lihat",
);
pub(in crate::notice) const MISSING_NUMBERS: Word = Word::new(
    "；欠單號 {numbers}",
    "；缺单号 {numbers}",
    "; missing: {numbers}",
    "; nomor hilang: {numbers}",
);
pub(in crate::notice) const READ_OTHERWISE: Word = Word::new(
    "{slip} 數目不符，Z 報表相差 {amount}",
    "{slip} 数目不符，Z 报表相差 {amount}",
    "{slip} does not add up; the report has {amount} more",
    "{slip} tidak cocok; laporan lebih {amount}",
);
pub(in crate::notice) const UNEXPLAINED: Word = Word::new(
    "未能解釋，請核對原單",
    "无法解释，请核对原单",
    "not explained: please look at the receipts",
    "tidak terjelaskan: mohon periksa struknya",
);
pub(in crate::notice) const OR_ELSE: Word =
    Word::new("（或 {others}）", "（或 {others}）", " (or {others})", " (atau {others})");
pub(in crate::notice) const COUNT_OF: Word =
    Word::new("{name} 單數", "{name} 单数", "{name}, number", "{name}, jumlah");

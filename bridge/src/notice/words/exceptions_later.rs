//! What shows only in the light of other papers, or of time: copies, numbers, orders, Z reports,
//! printers. The words of [`super::exceptions`] go on here.

use super::Word;
use super::exceptions::ExceptionWords;
use crate::shop::{Oddity, Trouble};

pub(super) fn reprints(oddity: &Oddity) -> ExceptionWords {
    match oddity {
        Oddity::Reprints { .. } => ExceptionWords {
            headline: Word::new(
                "同一張單多次重印",
                "同一张单多次重打",
                "One receipt printed again and again",
                "Satu struk dicetak ulang berkali-kali",
            ),
            why: Word::new(
                "這張單重印多於 {limit} 次。",
                "这张单重打多于 {limit} 次。",
                "It was printed again more than {limit} times.",
                "Dicetak ulang lebih dari {limit} kali.",
            ),
            to_do: Word::new(
                "請查問用途：重印的單可用作多次報銷或冒充新單。",
                "请查问用途：重打的小票可用于多次报销或冒充新单。",
                "Ask what for: a copy can be claimed twice or pass for a new sale.",
                "Tanyakan untuk apa: salinan bisa diklaim dua kali atau dipakai seolah penjualan baru.",
            ),
        },
        _ => ExceptionWords {
            headline: Word::new(
                "今日重印次數多",
                "今日重打次数多",
                "Many reprints today",
                "Banyak cetak ulang hari ini",
            ),
            why: Word::new(
                "這部收銀機今日重印多於 {limit} 次。",
                "这台收银机今日重打多于 {limit} 次。",
                "More than {limit} reprints at this till today.",
                "Lebih dari {limit} cetak ulang di kasir ini hari ini.",
            ),
            to_do: Word::new(
                "請查問原因，亦可能是打印機卡紙。",
                "请查问原因，也可能是打印机卡纸。",
                "Ask why; the printer may also have jammed.",
                "Tanyakan alasannya; mungkin juga kertas printer macet.",
            ),
        },
    }
}

pub(super) fn number(oddity: &Oddity) -> ExceptionWords {
    match oddity {
        Oddity::NumberMissing { .. } => ExceptionWords {
            headline: Word::new(
                "單號 {numbers} 不見了",
                "单号 {numbers} 缺失",
                "Receipt number {numbers} is missing",
                "Nomor struk {numbers} hilang",
            ),
            why: Word::new(
                "之後的單已印出，這個單號一直沒有出現。",
                "之后的小票已打出，这个单号一直没有出现。",
                "Later receipts were printed, and this number never came.",
                "Struk sesudahnya sudah dicetak, nomor ini tidak pernah muncul.",
            ),
            to_do: Word::new(
                "請在收銀機查這個單號：可能已刪除、沒有列印，或在另一部打印機印出。",
                "请在收银机查这个单号：可能已删除、没有打印，或在另一台打印机打出。",
                "Look it up at the till: it may have been deleted, not printed, or printed elsewhere.",
                "Cari di kasir: mungkin dihapus, tidak dicetak, atau dicetak di printer lain.",
            ),
        },
        _ => ExceptionWords {
            headline: Word::new(
                "單號重複",
                "单号重复",
                "Receipt number used twice",
                "Nomor struk dipakai dua kali",
            ),
            why: Word::new(
                "這個單號今日已有另一張單。",
                "这个单号今日已有另一张单。",
                "Another receipt of today has this number.",
                "Struk lain hari ini memakai nomor ini.",
            ),
            to_do: Word::new(
                "請比較兩張單：可能是沒有標明的重印，或收銀機被重設。",
                "请比较两张单：可能是没有标明的重打，或收银机被重置。",
                "Compare the two: it may be a copy that does not say so, or the till was reset.",
                "Bandingkan keduanya: mungkin salinan tanpa tanda, atau kasir direset.",
            ),
        },
    }
}

pub(super) fn pending(oddity: &Oddity) -> ExceptionWords {
    match oddity {
        Oddity::KitchenUnbilled { .. } => ExceptionWords {
            headline: Word::new(
                "廚房單沒有入帳",
                "厨房单没有入账",
                "Kitchen order never billed",
                "Pesanan dapur belum ditagih",
            ),
            why: Word::new(
                "廚房單印出已 {span}，仍未有帳單。",
                "厨房单打出已 {span}，仍没有账单。",
                "The order was printed {span} ago and is on no bill.",
                "Pesanan dicetak {span} lalu dan belum ada tagihannya.",
            ),
            to_do: Word::new(
                "請核對這張枱是否已付款，或已取消。",
                "请核对这张桌是否已付款，或已取消。",
                "Check whether the table has paid, or the order was cancelled.",
                "Periksa apakah meja itu sudah bayar, atau pesanannya dibatalkan.",
            ),
        },
        _ => ExceptionWords {
            headline: Word::new(
                "帳單一直未付款",
                "账单一直未付款",
                "Bill never paid",
                "Tagihan belum dibayar",
            ),
            why: Word::new(
                "帳單印出已 {span}，仍未有收據。",
                "账单打出已 {span}，仍没有收据。",
                "The bill was printed {span} ago and has no receipt.",
                "Tagihan dicetak {span} lalu dan belum ada struknya.",
            ),
            to_do: Word::new(
                "請核對客人是否仍在，或是否已收現金而沒有入機。",
                "请核对客人是否还在，或是否已收现金而没有录入。",
                "Check whether the guests are still there, or cash was taken and not rung up.",
                "Periksa apakah tamunya masih ada, atau uang tunai diterima tanpa dicatat.",
            ),
        },
    }
}

pub(super) fn z_report(oddity: &Oddity) -> ExceptionWords {
    match oddity {
        Oddity::ZMissing { .. } => ExceptionWords {
            headline: Word::new(
                "{day}沒有 Z 報表",
                "{day}没有 Z 报表",
                "No Z report for {day}",
                "Tidak ada laporan Z untuk {day}",
            ),
            why: Word::new(
                "這部收銀機當日有銷售，平日都有 Z 報表。",
                "这台收银机当日有销售，平时都有 Z 报表。",
                "The till sold on that day, and it usually prints one.",
                "Kasir ini berjualan hari itu, dan biasanya mencetaknya.",
            ),
            to_do: Word::new(
                "請在收銀機補印 Z 報表。",
                "请在收银机补打 Z 报表。",
                "Print it at the till.",
                "Cetak laporannya di kasir.",
            ),
        },
        _ => ExceptionWords {
            headline: Word::new(
                "Z 報表編號不連續",
                "Z 报表编号不连续",
                "Z report out of sequence",
                "Nomor laporan Z tidak berurutan",
            ),
            why: Word::new(
                "應為 {expected}，實際是 {found}。",
                "应为 {expected}，实际是 {found}。",
                "Expected {expected}, found {found}.",
                "Seharusnya {expected}, ternyata {found}.",
            ),
            to_do: Word::new(
                "請找出缺少的 Z 報表：可能在另一部打印機印出，或收銀機被重設。",
                "请找出缺少的 Z 报表：可能在另一台打印机打出，或收银机被重置。",
                "Find the missing report: it may have been printed elsewhere, or the till was reset.",
                "Cari laporan yang hilang: mungkin dicetak di printer lain, atau kasir direset.",
            ),
        },
    }
}

pub(super) fn printer(trouble: Trouble) -> ExceptionWords {
    let (headline, to_do) = match trouble {
        Trouble::PaperLow => (
            Word::new(
                "打印機紙快用完",
                "打印机纸快用完",
                "Printer is low on paper",
                "Kertas printer hampir habis",
            ),
            Word::new(
                "請準備新紙卷。",
                "请准备新纸卷。",
                "Have a new roll ready.",
                "Siapkan gulungan kertas baru.",
            ),
        ),
        Trouble::PaperOut => (
            Word::new(
                "打印機沒有紙",
                "打印机没有纸",
                "Printer is out of paper",
                "Kertas printer habis",
            ),
            Word::new("請換紙卷。", "请换纸卷。", "Put in a new roll.", "Pasang gulungan baru."),
        ),
        Trouble::CoverOpen => (
            Word::new(
                "打印機蓋打開了",
                "打印机盖打开了",
                "Printer cover is open",
                "Tutup printer terbuka",
            ),
            Word::new("請關好機蓋。", "请关好机盖。", "Close it.", "Tutup kembali."),
        ),
        Trouble::Offline => (
            Word::new("打印機離線", "打印机离线", "Printer is off line", "Printer offline"),
            Word::new(
                "請檢查電源、連接線及機上的按鈕。",
                "请检查电源、连接线和机上的按钮。",
                "Check its power, its cable and its buttons.",
                "Periksa daya, kabel, dan tombolnya.",
            ),
        ),
        Trouble::Fault => (
            Word::new(
                "打印機故障",
                "打印机故障",
                "Printer has a fault",
                "Printer mengalami gangguan",
            ),
            Word::new(
                "請關機再開；仍有問題請維修。",
                "请关机重启；仍有问题请维修。",
                "Switch it off and on; if it stays, have it repaired.",
                "Matikan lalu nyalakan; jika tetap begitu, perbaiki.",
            ),
        ),
    };
    let why = Word::new(
        "這個狀況一直持續，收據可能印不出來。",
        "这个状况一直持续，小票可能打不出来。",
        "It has lasted; receipts may not come out.",
        "Ini masih berlangsung; struk mungkin tidak tercetak.",
    );
    ExceptionWords { headline, why, to_do }
}

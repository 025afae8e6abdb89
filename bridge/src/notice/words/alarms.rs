//! Alarms of the bridge itself: what happened, and what to do.

use super::Word;
use crate::alarm::{Alarm, HookFault};

/// An alarm's words.
#[derive(Clone, Copy)]
pub(in crate::notice) struct AlarmWords {
    pub(in crate::notice) headline: Word,
    pub(in crate::notice) happened: Word,
    pub(in crate::notice) to_do: Word,
}

pub(in crate::notice) const ALARM_WORD: Word =
    Word::new("系統警報", "系统警报", "System alarm", "Peringatan sistem");
pub(in crate::notice) const WHAT_HAPPENED: Word =
    Word::new("情況", "情况", "What happened", "Yang terjadi");
pub(in crate::notice) const WHAT_TO_DO: Word =
    Word::new("處理方法", "处理方法", "What to do", "Yang harus dilakukan");
pub(in crate::notice) const AHEAD: Word = Word::new("快了", "快了", "ahead", "lebih cepat");
pub(in crate::notice) const BEHIND: Word = Word::new("慢了", "慢了", "behind", "lebih lambat");
pub(in crate::notice) const DAYS: Word =
    Word::new("{count} 日", "{count} 天", "{count} days", "{count} hari");
pub(in crate::notice) const HOURS: Word =
    Word::new("{count} 小時", "{count} 小时", "{count} h", "{count} jam");
pub(in crate::notice) const MINUTES: Word =
    Word::new("{count} 分鐘", "{count} 分钟", "{count} min", "{count} menit");
pub(in crate::notice) const SECONDS: Word =
    Word::new("{count} 秒", "{count} 秒", "{count} s", "{count} detik");

/// The words for an alarm.
pub(in crate::notice) fn alarm(alarm: &Alarm) -> AlarmWords {
    match alarm {
        Alarm::SourceSilent { .. } => AlarmWords {
            headline: Word::new(
                "收銀機 {source} 沒有聲息",
                "收银机 {source} 没有动静",
                "Nothing heard from till {source}",
                "Kasir {source} tidak terdengar",
            ),
            happened: Word::new(
                "營業時間內，自 {since} 起沒有收到任何資料。",
                "营业时间内，自 {since} 起没有收到任何数据。",
                "Nothing has come from it since {since}, although the shop is open.",
                "Tidak ada data sejak {since}, padahal toko sedang buka.",
            ),
            to_do: Word::new(
                "請檢查打印機及連接線，並在收銀機印一張單試試。若今日沒有用這部機，可不理會。",
                "请检查打印机和连接线，并在收银机上打一张小票试试。若今天没有用这台机，可忽略。",
                "Check the printer and the cable, and print a receipt to try. If this till is not in use today, nothing is wrong.",
                "Periksa printer dan kabelnya, lalu cetak satu struk untuk mencoba. Jika kasir ini tidak dipakai hari ini, abaikan saja.",
            ),
        },
        Alarm::QueueParked { .. } => AlarmWords {
            headline: Word::new(
                "機械人 {robot} 的訊息停發",
                "机器人 {robot} 的消息停发",
                "Messages of robot {robot} are held back",
                "Pesan robot {robot} tertahan",
            ),
            happened: Word::new("{reason}", "{reason}", "{reason}", "{reason}"),
            to_do: Word::new(
                "改正後執行 posbridge robot set {robot}，再執行 posbridge send-test；訊息沒有遺失，之後會自動送出。",
                "改正后运行 posbridge robot set {robot}，再运行 posbridge send-test；消息没有丢失，之后会自动送出。",
                "Mend it with posbridge robot set {robot}, then run posbridge send-test. No message is lost; they leave by themselves after that.",
                "Perbaiki dengan posbridge robot set {robot}, lalu jalankan posbridge send-test. Tidak ada pesan yang hilang; semuanya terkirim sendiri setelah itu.",
            ),
        },
        Alarm::QuotaNear { .. } => AlarmWords {
            headline: Word::new(
                "釘釘本月用量將盡",
                "钉钉本月用量将尽",
                "DingTalk's monthly quota is running out",
                "Kuota bulanan DingTalk hampir habis",
            ),
            happened: Word::new(
                "本月已用 {used} 次，上限 {quota} 次；照此速度到月底約需 {forecast} 次。",
                "本月已用 {used} 次，上限 {quota} 次；按此速度到月底约需 {forecast} 次。",
                "{used} of {quota} calls used this month; at this pace about {forecast} will be needed.",
                "{used} dari {quota} panggilan terpakai bulan ini; dengan laju ini akan perlu sekitar {forecast}.",
            ),
            to_do: Word::new(
                "普通銷售會自動合併成摘要，毋須立即處理。如想逐單通知，請在釘釘加購用量。",
                "普通销售会自动合并成摘要，无需立即处理。如想逐单通知，请在钉钉加购用量。",
                "Ordinary sales are put together by themselves; nothing has to be done at once. To be told each sale, buy more calls from DingTalk.",
                "Penjualan biasa digabung dengan sendirinya; tidak perlu tindakan segera. Untuk menerima tiap penjualan, beli kuota tambahan di DingTalk.",
            ),
        },
        Alarm::DiskLow { .. } => AlarmWords {
            headline: Word::new(
                "儲存空間將滿",
                "存储空间将满",
                "The disk is nearly full",
                "Penyimpanan hampir penuh",
            ),
            happened: Word::new(
                "主機只剩 {free} MiB。",
                "主机只剩 {free} MiB。",
                "The box has only {free} MiB left.",
                "Sisa penyimpanan hanya {free} MiB.",
            ),
            to_do: Word::new(
                "請刪除主機上不需要的檔案，或減少 [journal] keep_days。列印不受影響。",
                "请删除主机上不需要的文件，或减少 [journal] keep_days。打印不受影响。",
                "Delete files that are not needed on the box, or lower [journal] keep_days. Printing goes on.",
                "Hapus berkas yang tidak diperlukan, atau kecilkan [journal] keep_days. Pencetakan tetap berjalan.",
            ),
        },
        Alarm::TillClock { .. } => AlarmWords {
            headline: Word::new(
                "收銀機 {source} 的時鐘不準",
                "收银机 {source} 的时钟不准",
                "The clock of till {source} is wrong",
                "Jam kasir {source} salah",
            ),
            happened: Word::new(
                "收據上的時間{side} {off}。",
                "小票上的时间{side} {off}。",
                "The times on its receipts are {off} {side}.",
                "Waktu di struknya {off} {side}.",
            ),
            to_do: Word::new(
                "請在收銀機上校正日期和時間。",
                "请在收银机上校正日期和时间。",
                "Set date and time on the till.",
                "Setel tanggal dan jam di kasir.",
            ),
        },
        Alarm::OwnClock { .. } => AlarmWords {
            headline: Word::new(
                "本機時鐘不準",
                "本机时钟不准",
                "This box's clock is wrong",
                "Jam kotak ini salah",
            ),
            happened: Word::new(
                "與釘釘的時間相比{side} {off}；相差一小時就不能發訊息。",
                "与钉钉的时间相比{side} {off}；相差一小时就不能发消息。",
                "It is {off} {side} of DingTalk's; beyond one hour no message is taken.",
                "Jamnya {off} {side} dari jam DingTalk; lewat satu jam pesan ditolak.",
            ),
            to_do: Word::new(
                "請檢查本機的網絡對時（NTP）。",
                "请检查本机的网络对时（NTP）。",
                "Check the internet time (NTP) of the box.",
                "Periksa waktu internet (NTP) di kotak ini.",
            ),
        },
        Alarm::JournalDamaged { .. } => AlarmWords {
            headline: Word::new(
                "紀錄檔損壞，已換新",
                "记录文件损坏，已换新",
                "The journal was damaged and replaced",
                "Jurnal rusak dan sudah diganti",
            ),
            happened: Word::new(
                "舊檔保留為 {file}；未送出的訊息已轉到新檔。",
                "旧文件保留为 {file}；未送出的消息已转到新文件。",
                "The old file was kept as {file}; what was not delivered was carried over.",
                "Berkas lama disimpan sebagai {file}; yang belum terkirim sudah dipindahkan.",
            ),
            to_do: Word::new(
                "記憶卡或硬碟可能快壞，請更換；複製舊檔後可刪除。",
                "存储卡或硬盘可能快坏，请更换；备份旧文件后可删除。",
                "The card or disk may be failing: replace it. Copy the old file away, then delete it.",
                "Kartu atau cakram mungkin mulai rusak: gantilah. Salin berkas lama, lalu hapus.",
            ),
        },
        Alarm::BytesMissing { .. } => AlarmWords {
            headline: Word::new(
                "收銀機 {source} 的資料可能有遺漏",
                "收银机 {source} 的数据可能有遗漏",
                "Data of till {source} may be missing",
                "Sebagian data kasir {source} mungkin hilang",
            ),
            happened: Word::new(
                "之前有一刻沒有聽到收銀機，當時列印的單據可能有缺。",
                "之前有一刻没有听到收银机，当时打印的小票可能有缺。",
                "It was not heard for a moment; what it printed then may be incomplete or missing.",
                "Kasir sempat tidak terdengar; struk yang dicetak saat itu mungkin tidak lengkap atau hilang.",
            ),
            to_do: Word::new(
                "請與收銀機的日結核對，並檢查連接線和 posbridge status。",
                "请与收银机的日结核对，并检查连接线和 posbridge status。",
                "Compare with the till's own day report, and look at the cable and at posbridge status.",
                "Cocokkan dengan laporan harian kasir, lalu periksa kabel dan posbridge status.",
            ),
        },
        Alarm::ReceiptsUnread { .. } => AlarmWords {
            headline: Word::new(
                "收銀機 {source} 有收據未能讀取",
                "收银机 {source} 有小票无法读取",
                "Receipts of till {source} could not be read",
                "Ada struk kasir {source} yang tidak terbaca",
            ),
            happened: Word::new(
                "共 {count} 張。",
                "共 {count} 张。",
                "{count} of them.",
                "Sebanyak {count} lembar.",
            ),
            to_do: Word::new(
                "請執行 posbridge events --kind unread 查看，並把結果交給安裝人員。",
                "请运行 posbridge events --kind unread 查看，并把结果交给安装人员。",
                "Look at them with posbridge events --kind unread, and give them to the installer.",
                "Lihat dengan posbridge events --kind unread, lalu serahkan ke pemasang.",
            ),
        },
        Alarm::HookTested { .. } => AlarmWords {
            // The provider's button is in English, whatever the shop speaks.
            headline: Word::new(
                "已收到 {scheme} 的測試（Test webhook received）",
                "已收到 {scheme} 的测试（Test webhook received）",
                "Test webhook received from {scheme}",
                "Uji dari {scheme} diterima (Test webhook received)",
            ),
            happened: Word::new(
                "簽名正確，測試不計入營業額。",
                "签名正确，测试不计入营业额。",
                "It was proved to come from there. A test counts nothing.",
                "Tanda tangannya benar. Uji tidak dihitung sebagai penjualan.",
            ),
            to_do: Word::new(
                "毋須處理，連接正常。",
                "无需处理，连接正常。",
                "Nothing: the connection works.",
                "Tidak perlu apa-apa: sambungan berfungsi.",
            ),
        },
        Alarm::WentLive { .. } => AlarmWords {
            headline: Word::new(
                "正式啟用",
                "正式启用",
                "Live from now on",
                "Mulai berlaku sekarang",
            ),
            happened: Word::new(
                "測試已於 {since} 結束。之後的單據會計入營業額、庫存及對數；標有「測試」的單據永遠不計。",
                "测试已于 {since} 结束。之后的单据会计入营业额、库存和对账；标有“测试”的单据永远不计。",
                "Practice ended at {since}. Receipts after that count in takings, stock and reconciliation; those marked TEST never will.",
                "Masa uji coba berakhir pada {since}. Struk setelah itu dihitung dalam omzet, stok, dan pencocokan; yang bertanda TEST tidak pernah dihitung.",
            ),
            to_do: Word::new("毋須處理。", "无需处理。", "Nothing.", "Tidak perlu apa-apa."),
        },
        Alarm::HookRefused { fault: HookFault::Unproved, .. } => AlarmWords {
            headline: Word::new(
                "{scheme} 的推送不獲接受：簽名不符",
                "{scheme} 的推送不被接受：签名不符",
                "Pushed calls of {scheme} are refused: not proved",
                "Kiriman {scheme} ditolak: tanda tangan salah",
            ),
            happened: Word::new(
                "簽名、密碼或時間不符。可能是設定有誤，也可能有人在試探。",
                "签名、密码或时间不符。可能是设置有误，也可能有人在试探。",
                "The signature, the credentials or the time stamp is wrong: a mistake in the settings, or somebody who tries.",
                "Tanda tangan, sandi, atau waktunya salah: pengaturan keliru, atau ada yang mencoba-coba.",
            ),
            to_do: Word::new(
                "若銷售沒有進來，請核對密鑰檔案、[hooks] public_url 及本機時間（docs/INBOUND.md）。",
                "若销售没有进来，请核对密钥文件、[hooks] public_url 和本机时间（docs/INBOUND.md）。",
                "If its sales do not arrive, compare the secret file, [hooks] public_url and this machine's clock: docs/INBOUND.md.",
                "Jika penjualannya tidak masuk, cocokkan berkas rahasia, [hooks] public_url, dan jam mesin ini: docs/INBOUND.md.",
            ),
        },
        Alarm::HookRefused { fault: HookFault::Malformed, .. } => AlarmWords {
            headline: Word::new(
                "{scheme} 的推送未能讀取",
                "{scheme} 的推送无法读取",
                "Pushed calls of {scheme} cannot be read",
                "Kiriman {scheme} tidak terbaca",
            ),
            happened: Word::new(
                "內容不是正確的 JSON，或缺少必要欄位，已拒絕。",
                "内容不是正确的 JSON，或缺少必要字段，已拒绝。",
                "What it sends is no JSON, or lacks a field that must be there; it was refused.",
                "Isinya bukan JSON yang benar, atau ada kolom wajib yang kurang; kiriman ditolak.",
            ),
            to_do: Word::new(
                "請看 posbridge 的記錄：當中寫明出錯的位置，交給寫該程式的人。",
                "请看 posbridge 的日志：其中写明出错的位置，交给写该程序的人。",
                "The log of posbridge names the place of the mistake: give it to whoever wrote the sender.",
                "Log posbridge menyebut letak kesalahannya: serahkan ke pembuat program pengirim.",
            ),
        },
        Alarm::HookRefused { fault: HookFault::TooLarge, .. } => AlarmWords {
            headline: Word::new(
                "{scheme} 的推送過大",
                "{scheme} 的推送过大",
                "Pushed calls of {scheme} are too large",
                "Kiriman {scheme} terlalu besar",
            ),
            happened: Word::new(
                "超過 1 MiB，已拒絕。",
                "超过 1 MiB，已拒绝。",
                "More than 1 MiB; refused.",
                "Lebih dari 1 MiB; ditolak.",
            ),
            to_do: Word::new(
                "若銷售沒有進來，請找寫該程式的人；否則可不理會。",
                "若销售没有进来，请找写该程序的人；否则可忽略。",
                "If its sales do not arrive, ask whoever wrote the sender; otherwise nothing is wrong.",
                "Jika penjualannya tidak masuk, hubungi pembuat program pengirim; jika masuk, abaikan saja.",
            ),
        },
    }
}

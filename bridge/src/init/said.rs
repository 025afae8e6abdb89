//! Sentences beside the questions: what is done, what was heard, what comes next.

use super::words::Said;

/// The first line.
pub const WELCOME: Said = Said(
    "Posbridge setup. Press Enter to take what stands in [brackets], type ? for help. \
     Nothing is written before the last question; Ctrl-C stops.",
    "Posbridge 安裝。按 Enter 即採用 [方括號] 內的答案，輸入 ? 看說明。\
     最後一題之前不會寫入任何檔案；Ctrl-C 可隨時停止。",
);
/// No port is there.
pub const NO_PORTS: Said = Said(
    "No free serial port is there. Is the adapter plugged in? posbridge ports says who has which.",
    "找不到可用的串口。轉接線插好了嗎？posbridge ports 會列出各串口由誰佔用。",
);
/// Listening begins.
pub const LISTENING: Said = Said(
    "Listening. Ring up a sale now, and print its receipt.",
    "正在監聽。請現在於收銀機做一單並列印收據。",
);
/// A line was heard.
pub const HEARD: Said = Said("heard", "聽到");
/// What shows that it is right.
pub const IT_SAYS: Said = Said("it says", "內容");
/// It reads well, and nothing else does.
pub const SURE: Said =
    Said("reads well, and no other setting does", "讀得通，而且只有這個設定讀得通");
/// It may be right.
pub const PERHAPS: Said =
    Said("reads best; one more receipt would make it sure", "最似；多印一張收據可更肯定");
/// Nothing came.
pub const SILENT: Said = Said(
    "No bytes were heard. Look at the cable: the till's TXD (pin 3 of a 9-pin plug) goes to the \
     adapter's RXD (pin 2), and both grounds (pin 5) meet.",
    "沒有聽到任何資料。請檢查接線：收銀機 TXD（9 針的第 3 針）接轉接線 RXD（第 2 針），地線（第 5 針）相接。",
);
/// Something came, and nothing reads well.
pub const UNREADABLE: Said = Said(
    "Bytes were heard, and no setting reads well. Print a longer receipt while it listens.",
    "有資料，但沒有一個設定讀得通。請在監聽時印一張較長的收據。",
);
/// A secret that is typed or pasted.
pub const UNSEEN: Said = Said("(what you type is not shown)", "（輸入時不會顯示）");
/// A secret that was taken.
pub const TAKEN: Said = Said("taken", "已收到");
/// The test message leaves.
pub const SENDING: Said = Said("Sending the test message.", "正在發送測試訊息。");
/// It arrived.
pub const DELIVERED: Said =
    Said("It is in the group. Look at your phone.", "已送到群組，請看手機。");
/// It did not.
pub const NOT_DELIVERED: Said = Said("It did not arrive:", "未能送達：");
/// Over the forecast.
pub const FORECAST: Said = Said(
    "What that comes to (DingTalk takes 20 messages a minute and about {quota} a month):",
    "預計用量（釘釘每分鐘最多 20 條，每月約 {quota} 條）：",
);
/// One line of it.
pub const FORECAST_LINE: Said = Said(
    "  {word}: about {day} messages a day, {month} a month, at most {minute} in a minute",
    "  {word}：每日約 {day} 條，每月 {month} 條，每分鐘最多 {minute} 條",
);
/// Behind a line that will not do.
pub const TOO_MANY: Said = Said(" - TOO MANY", "，超出上限");
/// All that was answered.
pub const SUMMARY: Said = Said("This will be written:", "即將寫入：");
/// Done.
pub const WRITTEN: Said = Said("Written:", "已寫入：");
/// The one that was there.
pub const KEPT: Said = Said("What was there before:", "原有的檔案：");
/// What comes next.
pub const NEXT: Said = Said(
    "Next:\n  posbridge check -c {file}\n  sudo systemctl enable --now posbridge-wire posbridge\n  \
     (or, to try it here: posbridge run -c {file})\n\
     Ring up sales: each comes into the group marked [TEST] and counts nowhere. When they are right:\n  \
     posbridge go-live -c {file}",
    "下一步：\n  posbridge check -c {file}\n  sudo systemctl enable --now posbridge-wire posbridge\n  \
     （或在此直接試用：posbridge run -c {file}）\n\
     做幾單試試：每單會在群組出現，標明【測試】，不計入任何數字。確認無誤後：\n  \
     posbridge go-live -c {file}",
);
/// The same where the package is installed.
pub const NEXT_INSTALLED: Said = Said(
    "Next:\n  sudo posbridge check\n  sudo systemctl start posbridge-wire posbridge\n\
     Ring up sales: each comes into the group marked [TEST] and counts nowhere. When they are right:\n  \
     sudo posbridge go-live",
    "下一步：\n  sudo posbridge check\n  sudo systemctl start posbridge-wire posbridge\n\
     做幾單試試：每單會在群組出現，標明【測試】，不計入任何數字。確認無誤後：\n  \
     sudo posbridge go-live",
);
/// Where the page will be.
pub const PAGE: Said = Said("The page, once it runs: {where}", "啟動後可打開網頁：{where}");
/// The address of this box, as another machine calls it.
pub const THIS_BOX: Said = Said("(this box's address)", "（本機地址）");
/// Asked a second time.
pub const ONCE_MORE: Said = Said("Once more", "再輸入一次");
/// It was another one.
pub const DIFFER: Said = Said("the two differ", "兩次輸入不同");
/// Nothing is written.
pub const STOPPED: Said = Said("Stopped; nothing was written.", "已停止，沒有寫入任何檔案。");

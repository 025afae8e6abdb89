//! In Traditional Chinese as written in Hong Kong.

use super::topic::Topic;

pub(super) fn words(topic: Topic) -> &'static str {
    match topic {
        Topic::Delivered => "已送達：訊息已在群組內。",
        Topic::ClockFast => {
            "本機時鐘快了 {minutes} 分鐘，請校正（timedatectl set-ntp true）：相差達一小時，釘釘便會拒絕簽名。"
        }
        Topic::ClockSlow => {
            "本機時鐘慢了 {minutes} 分鐘，請校正（timedatectl set-ntp true）：相差達一小時，釘釘便會拒絕簽名。"
        }
        Topic::Throttled => {
            "訊息太多：釘釘每個機械人每分鐘只收 20 則，之後約 10 分鐘不收。等候中的訊息過後會發出，毋須處理。"
        }
        Topic::Transient => {
            "未能連上釘釘，或釘釘繁忙。等候中的訊息稍後會再發；如持續，請檢查店內網絡。"
        }
        Topic::Unknown => {
            "沒有收到可用的回覆，訊息可能已送達，也可能沒有。等候中的訊息會以同一編號再發，群組不會重複顯示。"
        }
        Topic::IpBanned => {
            "釘釘暫時封鎖了本店的網絡地址約 {minutes} 分鐘（呼叫次數過多）。等候中的訊息過後會發出；請查看店內\
             還有甚麼程式在使用釘釘。如不可能，請在此網絡打開任何網頁，看看是否需要登入。"
        }
        Topic::Content => {
            "釘釘不接受這則訊息（太長，或含有不允許的字詞或連結）。已擱置，不影響其他訊息。"
        }
        Topic::Keyword => {
            "訊息內沒有機械人的關鍵詞。請把機械人安全設定內的關鍵詞填入此機械人的 keywords。"
        }
        Topic::Sign => {
            "簽名不符。請從機械人安全設定重新複製密鑰（SEC 開頭）到此機械人的 secret_file。"
        }
        Topic::Clock => {
            "釘釘拒絕簽名的時間。請檢查本機時鐘及網絡對時（timedatectl set-ntp true）；等候中的訊息會自動再發。"
        }
        Topic::Ip => {
            "本店的網絡地址不在機械人的 IP 名單內。請在機械人安全設定加入此地址，或改用密鑰或關鍵詞。"
        }
        Topic::IpAddress => "要加入的地址是 {address}。",
        Topic::Ipv6 => {
            "本店的網絡地址 {address} 不在機械人的 IP 名單內，也不能加入：名單只收 IPv4。請在機械人安全設定改用密鑰或關鍵詞。"
        }
        Topic::Token => {
            "釘釘找不到此機械人。請從機械人設定重新複製 Webhook 地址；如已刪除，請在群組新增機械人。"
        }
        Topic::Stopped => "機械人已停用。請在群組設定重新啟用。",
        Topic::Dissolved => {
            "機械人所在的群組已解散。請在另一群組新增機械人，並填入其 Webhook 地址。"
        }
        Topic::Quota => {
            "機構的訊息用量已用完，多半是本月的。請釘釘管理員加購，或提高此機械人的上限；有餘額後，等候中的訊息會發出。"
        }
        Topic::Other => "釘釘拒絕此機械人的訊息。請檢查 Webhook 地址及群組內的機械人設定。",
        Topic::Name => {
            "找不到釘釘的網址（DNS）。網線插好了嗎？Wi-Fi 連上了嗎？路由器有設定 DNS 嗎？如此網絡要用代理，請設定 proxy。"
        }
        Topic::Refused => {
            "連線被拒：有裝置代釘釘回答「不」。可能是防火牆：請容許 TCP 443 埠連到最後列出的主機。"
        }
        Topic::Filtered => {
            "沒有任何回應：防火牆似乎擋住了連線。請容許 TCP 443 埠連到最後列出的主機。如此網絡要用代理，請設定 proxy。"
        }
        Topic::NoRoute => {
            "本機連不上互聯網。網線插好了嗎？有 IP 地址和閘道嗎（ip addr、ip route）？"
        }
        Topic::TlsCut => "加密連線建立時被切斷，多半是會檢查網址的防火牆。請容許最後列出的主機。",
        Topic::NotTls => {
            "回應的一方沒有像釘釘那樣加密：可能是此網絡的登入頁、代理，或 Webhook 地址的埠號錯了。"
        }
        Topic::Stranger => {
            "中間有人：證書由本機不認識的機構簽發。此處的防火牆或防毒軟件會拆開加密連線。請把本機設為例外；\
             如信任該機構，請把它的證書放入此機械人的 ca_file。"
        }
        Topic::Issuer => "簽發機構是「{issuer}」。",
        Topic::WrongName => {
            "回應的一方用的是另一個主機的證書。請檢查 Webhook 地址的主機名稱；也可能是此網絡把名稱指到別處。"
        }
        Topic::NotYetValid => {
            "證書尚未生效：本機時鐘多半慢了。請校正（timedatectl set-ntp true）。"
        }
        Topic::Expired => {
            "證書已過期。請先檢查本機時鐘（timedatectl）；如時鐘正確，就是回應的一方用了舊證書。"
        }
        Topic::Portal => {
            "此網絡的一個網頁代替釘釘回應，可能需要登入：請在此網絡打開任何網頁登入，或請網絡管理員讓本機免登入上網。"
        }
        Topic::PortalHost => "它轉到 {host}。",
        Topic::NoProxy => "連不上代理。請檢查 proxy 的地址和埠號，以及代理是否在運行。",
        Topic::ProxyPassword => {
            "代理需要用戶名稱和密碼，或現有的不對。請填入 proxy（http://USER:PASSWORD@HOST:PORT）。"
        }
        Topic::ProxyDenied => "代理不放行。請代理的管理員容許最後列出的主機，443 埠。",
        Topic::Slow => {
            "已連上釘釘，但未能及時收到回覆，訊息可能已送達，也可能沒有。等候中的訊息會以同一編號再發；如持續，\
             就是網絡太慢或太擠。"
        }
        Topic::Cut => {
            "回覆未到，連線已斷，訊息可能已送達，也可能沒有。等候中的訊息會以同一編號再發，群組不會重複顯示。"
        }
    }
}

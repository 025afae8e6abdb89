//! In Simplified Chinese as written in mainland China.

use super::topic::Topic;

pub(super) fn words(topic: Topic) -> &'static str {
    match topic {
        Topic::Delivered => "已送达：消息已在群里。",
        Topic::ClockFast => {
            "本机时钟快了 {minutes} 分钟，请校准（timedatectl set-ntp true）：相差达到一小时，钉钉就会拒绝签名。"
        }
        Topic::ClockSlow => {
            "本机时钟慢了 {minutes} 分钟，请校准（timedatectl set-ntp true）：相差达到一小时，钉钉就会拒绝签名。"
        }
        Topic::Throttled => {
            "消息太多：钉钉每个机器人每分钟只收 20 条，之后约 10 分钟不收。排队的消息过后会发出，无需处理。"
        }
        Topic::Transient => {
            "连不上钉钉，或钉钉繁忙。排队的消息稍后会再发；如果一直这样，请检查店里的网络。"
        }
        Topic::Unknown => {
            "没有收到可用的回复，消息可能已送达，也可能没有。排队的消息会用同一编号再发，群里不会重复显示。"
        }
        Topic::IpBanned => {
            "钉钉暂时封禁了本店的网络地址约 {minutes} 分钟（调用次数过多）。排队的消息过后会发出；请查看店里还有\
             什么程序在使用钉钉。如果不可能，请在此网络打开任意网页，看看是否需要登录。"
        }
        Topic::Content => {
            "钉钉不接受这条消息（太长，或含有不允许的文字或链接）。已搁置，不影响其他消息。"
        }
        Topic::Keyword => {
            "消息里没有机器人的关键词。请把机器人安全设置里的关键词填入此机器人的 keywords。"
        }
        Topic::Sign => {
            "签名不匹配。请从机器人安全设置重新复制密钥（SEC 开头）到此机器人的 secret_file。"
        }
        Topic::Clock => {
            "钉钉拒绝签名的时间。请检查本机时钟和网络对时（timedatectl set-ntp true）；排队的消息会自动再发。"
        }
        Topic::Ip => {
            "本店的网络地址不在机器人的 IP 名单里。请在机器人安全设置里加入此地址，或改用密钥或关键词。"
        }
        Topic::IpAddress => "要加入的地址是 {address}。",
        Topic::Ipv6 => {
            "本店的网络地址 {address} 不在机器人的 IP 名单里，也不能加入：名单只收 IPv4。请在机器人安全设置里改用密钥或关键词。"
        }
        Topic::Token => {
            "钉钉找不到此机器人。请从机器人设置重新复制 Webhook 地址；如果已删除，请在群里添加新机器人。"
        }
        Topic::Stopped => "机器人已停用。请在群设置里重新启用。",
        Topic::Dissolved => {
            "机器人所在的群已解散。请在另一个群添加机器人，并填入它的 Webhook 地址。"
        }
        Topic::Quota => {
            "组织的消息用量已用完，多半是本月的。请钉钉管理员加购，或提高此机器人的上限；有余量后，排队的消息会发出。"
        }
        Topic::Other => "钉钉拒绝此机器人的消息。请检查 Webhook 地址和群里的机器人设置。",
        Topic::Name => {
            "找不到钉钉的域名（DNS）。网线插好了吗？Wi-Fi 连上了吗？路由器设置了 DNS 吗？如果此网络要用代理，请设置 proxy。"
        }
        Topic::Refused => {
            "连接被拒绝：有设备代钉钉回答“不”。可能是防火墙：请放行到末尾所列主机的 TCP 443 端口。"
        }
        Topic::Filtered => {
            "没有任何回应：防火墙似乎丢弃了连接。请放行到末尾所列主机的 TCP 443 端口。如果此网络要用代理，请设置 proxy。"
        }
        Topic::NoRoute => {
            "本机连不上互联网。网线插好了吗？有 IP 地址和网关吗（ip addr、ip route）？"
        }
        Topic::TlsCut => "加密连接建立时被切断，多半是会检查域名的防火墙。请放行末尾所列的主机。",
        Topic::NotTls => {
            "回应的一方没有像钉钉那样加密：可能是此网络的登录页、代理，或 Webhook 地址的端口错了。"
        }
        Topic::Stranger => {
            "中间有人：证书由本机不认识的机构签发。此处的防火墙或杀毒软件会拆开加密连接。请把本机设为例外；\
             如果信任该机构，请把它的证书放入此机器人的 ca_file。"
        }
        Topic::Issuer => "签发机构是“{issuer}”。",
        Topic::WrongName => {
            "回应的一方用的是另一台主机的证书。请检查 Webhook 地址的主机名；也可能是此网络把域名指到了别处。"
        }
        Topic::NotYetValid => {
            "证书尚未生效：本机时钟多半慢了。请校准（timedatectl set-ntp true）。"
        }
        Topic::Expired => {
            "证书已过期。请先检查本机时钟（timedatectl）；如果时钟正确，就是回应的一方用了旧证书。"
        }
        Topic::Portal => {
            "此网络的一个网页代替钉钉回应，可能需要登录：请在此网络打开任意网页登录，或请网络管理员让本机免登录上网。"
        }
        Topic::PortalHost => "它跳转到 {host}。",
        Topic::NoProxy => "连不上代理。请检查 proxy 的地址和端口，以及代理是否在运行。",
        Topic::ProxyPassword => {
            "代理需要用户名和密码，或现有的不对。请填入 proxy（http://USER:PASSWORD@HOST:PORT）。"
        }
        Topic::ProxyDenied => "代理不放行。请代理的管理员放行末尾所列的主机，443 端口。",
        Topic::Slow => {
            "已连上钉钉，但没有及时收到回复，消息可能已送达，也可能没有。排队的消息会用同一编号再发；如果一直这样，\
             就是网络太慢或太挤。"
        }
        Topic::Cut => {
            "回复未到，连接已断，消息可能已送达，也可能没有。排队的消息会用同一编号再发，群里不会重复显示。"
        }
    }
}

//! In English.

use super::topic::Topic;

pub(super) fn words(topic: Topic) -> &'static str {
    match topic {
        Topic::Delivered => "Delivered: the message is in the group.",
        Topic::ClockFast => {
            "This machine's clock is {minutes} minutes fast. Set it (timedatectl set-ntp true): from an hour \
             on, DingTalk refuses the signature."
        }
        Topic::ClockSlow => {
            "This machine's clock is {minutes} minutes slow. Set it (timedatectl set-ntp true): from an hour \
             on, DingTalk refuses the signature."
        }
        Topic::Throttled => {
            "Too many messages: DingTalk takes 20 a minute from a robot and then none for about 10 minutes. \
             What waits is sent after that; nothing to do."
        }
        Topic::Transient => {
            "DingTalk could not be reached, is busy or not well. What waits is sent again soon; if it stays so, check the shop's \
             internet connection."
        }
        Topic::Unknown => {
            "No usable answer: the message may be in the group or not. What waits is sent again with the same \
             number, so that it is not shown twice."
        }
        Topic::IpBanned => {
            "DingTalk's gateway refuses this internet address for about {minutes} minutes (too many calls from \
             it). What waits is sent after that; find out what else here calls DingTalk. If that cannot be, open \
             any web page on this network: it may want a login."
        }
        Topic::Content => {
            "DingTalk will not take this message as it is (too long, or with words or links it does not allow). \
             It was set aside; later ones are not held up."
        }
        Topic::Keyword => {
            "The message lacks the robot's keyword. Put the keyword from the robot's security settings into \
             `keywords` of this robot."
        }
        Topic::Sign => {
            "The signature does not match. Copy the secret (SEC...) from the robot's security settings again \
             into this robot's `secret_file`."
        }
        Topic::Clock => {
            "DingTalk refuses the time of the signature. Check the clock of this machine and its internet time \
             (timedatectl set-ntp true); what waits is sent again by itself."
        }
        Topic::Ip => {
            "This shop's internet address is not on the robot's list. Add it to the IP list of the robot's \
             security settings, or use a secret or a keyword instead."
        }
        Topic::IpAddress => "The address to add is {address}.",
        Topic::Ipv6 => {
            "This shop's internet address {address} is not on the robot's IP list, and cannot be: the list takes \
             only IPv4. Use a secret or a keyword in the robot's security settings instead."
        }
        Topic::Token => {
            "DingTalk does not know this robot. Copy the webhook address again from the robot's settings; if \
             the robot was removed, add a new one to the group."
        }
        Topic::Stopped => "The robot was stopped. Start it again in the group's settings.",
        Topic::Dissolved => {
            "The robot's group was dissolved. Add a robot to another group and put its webhook address here."
        }
        Topic::Quota => {
            "The organisation has used up its messages, most likely those of this month. Ask its DingTalk \
             administrator to buy more or to raise this robot's limit; what waits is sent when there are some \
             again."
        }
        Topic::Other => {
            "DingTalk refuses this robot's messages. Check the webhook address and the robot's settings in the \
             group."
        }
        Topic::Name => {
            "DingTalk's name could not be looked up (DNS). Is the network cable in, or the Wi-Fi connected? \
             Does the router know a name server? If this network wants a proxy, set `proxy`."
        }
        Topic::Refused => {
            "The connection was refused: something answered for DingTalk and said no. A firewall may forbid it: \
             allow TCP port 443 to the host named at the end."
        }
        Topic::Filtered => {
            "Nothing answered: a firewall seems to drop the connection. Allow TCP port 443 out to the host \
             named at the end. If this network wants a proxy, set `proxy`."
        }
        Topic::NoRoute => {
            "This machine has no way to the internet. Is the network cable in? Has it an address and a gateway \
             (ip addr, ip route)?"
        }
        Topic::TlsCut => {
            "Something cuts the connection while its encryption is agreed on, most likely a firewall that looks \
             for names. Allow the host named at the end."
        }
        Topic::NotTls => {
            "What answers does not encrypt as DingTalk does: a login page of this network, a proxy, or a wrong \
             port in the webhook address."
        }
        Topic::Stranger => {
            "Somebody stands between: the certificate is from an issuer that this machine does not know. A \
             firewall or virus scanner opens encrypted connections here. Exempt this machine from it, or put the \
             issuer's certificate into this robot's `ca_file` if you trust it."
        }
        Topic::Issuer => "The issuer is \"{issuer}\".",
        Topic::WrongName => {
            "What answers has a certificate of another host. Check the host in the webhook address; on this \
             network, somebody may lead the name astray."
        }
        Topic::NotYetValid => {
            "The certificate is not valid yet: this machine's clock is most likely behind. Set it (timedatectl \
             set-ntp true)."
        }
        Topic::Expired => {
            "The certificate has expired. Check this machine's clock first (timedatectl); if it is right, \
             whoever answers uses an old certificate."
        }
        Topic::Portal => {
            "A page of this network answers in DingTalk's place. It may want a login: open any web page on this \
             network and log in, or ask for this machine to be let out without one."
        }
        Topic::PortalHost => "It sends to {host}.",
        Topic::NoProxy => {
            "The proxy could not be reached. Check its address and port in `proxy`, and that it is running."
        }
        Topic::ProxyPassword => {
            "The proxy wants a user name and a password, or others than these. Put them into `proxy` \
             (http://USER:PASSWORD@HOST:PORT)."
        }
        Topic::ProxyDenied => {
            "The proxy does not let this through. Ask whoever runs it to allow the host named at the end, port \
             443."
        }
        Topic::Slow => {
            "DingTalk was reached, but no answer came in time: the message may be in the group or not. What \
             waits is sent again with the same number; if it stays so, the line is too slow or too full."
        }
        Topic::Cut => {
            "The connection was cut before the answer came: the message may be in the group or not. What waits \
             is sent again with the same number, so that it is not shown twice."
        }
    }
}

//! A transfer that somebody types: what they are told, in the language that they wrote in.

use super::world::{BY_OA, World};
use crate::dingtalk::stream::BotMessage;
use crate::matters::spoken;

fn typed(user: &str, text: &str) -> BotMessage {
    BotMessage {
        id: format!("msg-{user}-{text}"),
        conversation_id: "cid1".to_owned(),
        is_group: true,
        group: Some("收銀群組".to_owned()),
        staff_id: Some(user.to_owned()),
        sender_id: "s".to_owned(),
        nick: user.to_owned(),
        is_admin: false,
        text: text.to_owned(),
        msgtype: "text".to_owned(),
        created_ms: None,
        reply: None,
        robot_code: "dingabc".to_owned(),
        over_quota: false,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_types_a_transfer_is_answered_in_their_language_and_only_a_good_one_is_asked() {
    let world = World::new(BY_OA).await;
    world.stocked().await;
    for (user, text, expected) in [
        ("ming", "調貨 5 Pearls 由 central 去 mongkok", "只有名單上的人可以更改"),
        ("ming", "調貨 5 Pearls 由 central 去 mongkok", "\"ming\""),
        ("clerk", "調貨 5 Perls 由 central 去 mongkok", "商品目錄沒有「Perls」"),
        ("clerk", "調貨 5 Perls 由 central 去 mongkok", "您是指：Pearls？"),
        ("clerk", "調貨 5 Pearls 由 central 去 尖沙咀", "請說明是哪間店：central，mongkok"),
        ("clerk", "调货 5 Pearls 从 central 到 central", "请说明两家不同的店"),
        ("clerk", "transfer 0 pearls from Central to Mongkok", "There cannot be so much"),
        ("clerk", "調貨 5 pearls 由 central 去 mongkok", "調貨 Pearls × 5：central → mongkok"),
    ] {
        let reply = spoken::asked(&world.hall(), &typed(user, text)).await.expect("it is meant");
        assert!(reply.text.contains(expected), "{text}: {}", reply.text);
    }
    assert_eq!(world.matters().await.len(), 1);
    let other = typed("clerk", "今日營業額");
    assert_eq!(spoken::asked(&world.hall(), &other).await, None, "somebody else's question");
}

//! The test message: "Hello POS!" in a robot's group, outside the queue and its budget.
//!
//! Nothing of it is kept; what became of it is told at once.

use uuid::Uuid;

use crate::clock::Clock;
use crate::config::{Robot, Shop};
use crate::dingtalk::{Answer, Outcome, RobotClient, RobotError};
use crate::notice::hello;

/// Puts a test message into `robot`'s group. A person waits for the answer: what stands in the way is
/// looked at twice.
pub async fn send_test(robot: &Robot, shop: &Shop, clock: Clock) -> Result<Answer, RobotError> {
    let client = RobotClient::new(robot, clock)?;
    let message = hello(shop, robot, clock.now()).with_keyword(&robot.keywords);
    match message.body(&Uuid::new_v4().to_string()) {
        Ok(body) => Ok(client.look_closer(client.send(&body).await).await),
        // The words are ours and few: only a shop's name of thousands of letters leads here.
        Err(error) => Ok(Answer::unsent(Outcome::Content { code: 0, text: error.to_string() })),
    }
}

#[cfg(test)]
mod tests {
    use super::send_test;
    use crate::config::Language;
    use crate::deliver::bench::{Bench, NO_TOKEN, OK, asked, server};
    use crate::dingtalk::Outcome;

    #[tokio::test]
    async fn a_test_message_says_hello_and_its_refusal_is_explained() {
        let server = server(&[OK, NO_TOKEN]).await;
        let bench = Bench::new(&[("owner", &server)]);
        let (robot, shop) = (&bench.config.robots[0], &bench.config.shop);
        let answer = send_test(robot, shop, bench.clock).await.expect("set up");
        assert_eq!(answer.outcome, Outcome::Delivered);
        let sent = asked(&server).await;
        for part in ["Hello POS!", "Tea House", "2026-11-21", "till"] {
            assert!(sent[0].1.contains(part), "{sent:?}");
        }
        let refused = send_test(robot, shop, bench.clock).await.expect("set up");
        assert!(
            refused.explain(Language::En).contains("[300005: token is not exist]"),
            "{refused:?}"
        );
    }
}

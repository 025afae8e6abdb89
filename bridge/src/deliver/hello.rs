//! The test message: "Hello POS!" in a robot's group, outside the queue and its budget.
//!
//! Nothing of it is kept; what became of it is told at once.

use uuid::Uuid;

use crate::clock::Clock;
use crate::config::{Mode, Robot, Shop};
use crate::dingtalk::{Answer, Outcome, RobotClient, RobotError};
use crate::notice::{Context, Templates, hello};

/// Puts a test message into `robot`'s group. A person waits for the answer: what stands in the way is
/// looked at twice.
pub async fn send_test(robot: &Robot, shop: &Shop, clock: Clock) -> Result<Answer, RobotError> {
    let client = RobotClient::new(robot, clock)?;
    let templates = Templates::built_in();
    let context = Context {
        shop,
        robot,
        mode: Mode::Live,
        admin: None,
        link: None,
        form: None,
        templates,
        left: &[],
    };
    let message = hello(&context, clock.now()).with_keyword(&robot.keywords);
    match message.body(&Uuid::new_v4().to_string()) {
        Ok(body) => Ok(client.look_closer(client.send(&body).await).await),
        // The words are ours and few: only a shop's name of thousands of letters leads here.
        Err(error) => Ok(Answer::unsent(Outcome::Content { code: 0, text: error.to_string() })),
    }
}

#[cfg(test)]
mod tests {
    use super::send_test;
    use crate::config::{Language, Robot};
    use crate::deliver::bench::{Bench, NO_TOKEN, OK, asked, server};
    use crate::dingtalk::Outcome;

    #[tokio::test]
    async fn a_test_message_that_finds_no_way_says_so_in_the_shops_language() {
        let bench = Bench::new(&[]);
        let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url =
            format!("http://{}/robot/send?access_token=tok-1", closed.local_addr().expect("bound"));
        drop(closed);
        let robot = Robot::for_tests("owner", &url);
        let answer = send_test(&robot, &bench.config.shop, bench.clock).await.expect("set up");
        for (language, words) in [
            (Language::ZhHk, "連線被拒"),
            (Language::ZhCn, "连接被拒绝"),
            (Language::En, "The connection was refused"),
            (Language::Id, "Sambungan ditolak"),
        ] {
            let said = answer.explain(language);
            assert!(said.starts_with(words) && said.contains("[127.0.0.1: "), "{said}");
            assert!(!said.contains("tok-1"), "{said}");
        }
    }

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

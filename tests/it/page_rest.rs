//! The page when it has something to say: a refusal, a result, nothing found, nobody there.
//!
//! Pictures go where those of `page` go.

use pos_tests::browser::{Browser, Page};
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::Counter;
use possim::dingtalk::{Answer, Fault, FaultAnswer};

use crate::page::Seen;

/// A name as they are in the streets of Hong Kong.
const LONG_NAME: &str = "金滿堂港式茶餐廳燒臘飯店（旺角彌敦道旗艦店）";

fn told(page: &mut Page) -> String {
    page.text("document.querySelector('main').innerText")
}

#[test]
fn what_a_form_came_to_is_told_once_and_never_sent_again_by_a_reload() {
    let Some(browser) = Browser::start() else { return };
    let seen = Seen::open_as(17, &[("Lucky Star", LONG_NAME)]);
    let mut page = browser.page();
    page.go(&seen.url("/login?lang=zh-HK"));
    page.click("#password");
    page.write("錯");
    page.follow(".login button");
    page.until("document.querySelector('[role=alert]') !== null");
    seen.look(&mut page, "login-wrong-zh");
    page.size(1280, 900);
    seen.log_in(&mut page);
    page.go(&seen.url("/settings?lang=en"));
    page.complaints();

    page.follow("form[action='/settings/test'] button");
    assert!(told(&mut page).contains("The test message is in the group of owner"));
    assert_eq!((page.text("location.pathname"), seen.world.group().len()), ("/settings".into(), 1));
    seen.look(&mut page, "settings-tested");
    page.size(1280, 900);
    page.again();
    assert!(!told(&mut page).contains("The test message is in"), "said once");
    assert_eq!(seen.world.group().len(), 1, "and sent once");

    // What the browser would not let through, a script or an old page may send.
    page.eval("document.getElementById('hours').removeAttribute('pattern')");
    page.click("#hours");
    page.write("late");
    page.follow("form[action='/settings/shop'] button");
    assert!(told(&mut page).contains("Not saved"), "{}", told(&mut page));
    seen.look(&mut page, "settings-refused");
    page.size(1280, 900);
    // The link to the other language leads back to this page, not to where the form went.
    page.follow(".tools a");
    assert_eq!(page.text("document.documentElement.lang"), "zh-HK");
    assert_eq!(page.text("document.querySelector('h1').textContent"), "設定");
    assert_eq!(page.complaints(), [""; 0]);

    page.go(&seen.url("/events?lang=zh-HK"));
    page.click("#q");
    page.write("沒有這張單");
    page.follow(".search button");
    assert!(told(&mut page).contains("找不到。試試"));
    seen.look(&mut page, "nothing-found-zh");
    page.size(1280, 900);
    page.follow(".tools a");
    assert_eq!(
        page.text("document.getElementById('q').value"),
        "沒有這張單",
        "still the same search"
    );
    assert_eq!(page.text("document.documentElement.lang"), "en");
    page.go(&seen.url("/?lang=zh-HK"));
    seen.look(&mut page, "empty-zh");
    page.go(&seen.url("/outbox"));
    seen.look(&mut page, "outbox-empty-zh");
    page.go(&seen.url("/receipts/8bde772f2c5a805140988f20fe9116bb"));
    assert!(told(&mut page).contains("404"), "{}", told(&mut page));
    seen.look(&mut page, "not-there");
}

#[test]
fn a_page_that_nobody_answers_says_so_and_comes_back_by_itself() {
    let Some(browser) = Browser::start() else { return };
    let mut seen = Seen::open_as(18, &[("Lucky Star", LONG_NAME)]);
    let mut page = browser.page();
    seen.log_in(&mut page);
    let errmsg = "message too long".to_owned();
    assert!(seen.world.mock.script(Fault {
        count: Some(2),
        answer: Some(FaultAnswer::Refuse(Answer { errcode: 460_101, errmsg })),
        ..Fault::default()
    }));
    for _ in 0..3 {
        seen.world.sell(Counter::Serial);
    }
    until(SOON, "two that DingTalk will not have", || {
        page.go(&seen.url("/outbox?lang=zh-HK"));
        check(page.eval("document.querySelectorAll('.notices .state.act').length"), |n| *n == 2)
    });
    seen.look(&mut page, "outbox-dead-zh");
    page.go(&seen.url("/?lang=zh-HK"));
    page.until("document.querySelector('.verdict').classList.contains('look')");
    seen.look(&mut page, "dead-zh");
    page.go(&seen.url("/?lang=en"));
    page.until("document.querySelector('.live.on') !== null");
    seen.world.bridge.kill_brain();
    page.until("document.querySelector('.verdict').classList.contains('lost')");
    let sentence = page.text("document.getElementById('verdict').textContent");
    assert!(sentence.contains("No answer since "), "{sentence}");
    assert!(told(&mut page).contains("Is the box switched on"));
    seen.look(&mut page, "nobody-there");
    // A new process knows no session of the old one: whoever is there logs in again.
    seen.world.bridge.start_brain();
    page.until("location.pathname === '/login'");
}

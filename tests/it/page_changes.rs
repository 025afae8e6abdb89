//! What a person changes on the page: a till is taught, a queue goes on, a message is dropped.
//!
//! Pictures go where those of `page` go.

use pos_protocol::event::{Event, Verdict};
use pos_tests::browser::{Browser, Page};
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::Counter;
use possim::dingtalk::{Answer, Fault, FaultAnswer};
use serde_json::Value;

use crate::page::Seen;

/// The serial till's paper with this number: the customer's points look like goods, and its number has
/// a word that nobody knows.
fn odd_paper(number: u32) -> Vec<u8> {
    format!(
        "\x1b@LUCKY STAR\nZorblat {number}\nTel 9123 4567\nTea   2 x 18.00     36.00\n\
         Bonuspisteet         8.20\nTOTAL               36.00\nCASH                40.00\n\
         CHANGE               4.00\n\n\x1dVB\x00"
    )
    .into_bytes()
}

/// Prints one of them, and waits until it is in the journal.
fn print_odd(seen: &mut Seen, number: u32) -> Event {
    let known = seen.world.bridge.events().len();
    seen.world.send(&odd_paper(number));
    until(SOON, "a paper", || {
        let all = seen.world.bridge.events();
        let last = all.get(known).cloned();
        last.ok_or_else(|| format!("{} before", all.len()))
    })
}

/// Ticks the word on the page of teaching.
fn tick(page: &mut Page, word: &str) {
    page.eval(&format!(
        "[...document.querySelectorAll('.printed span')]
           .filter((e) => e.textContent === {})[0].previousElementSibling.id = 'word'",
        Value::from(word)
    ));
    page.click("#word");
    assert_eq!(page.eval("document.getElementById('word').checked"), true, "{word}");
}

#[test]
fn a_till_is_taught_on_the_page_and_its_next_receipt_is_read_by_it() {
    let Some(browser) = Browser::start() else { return };
    let mut seen = Seen::open(14);
    let mut page = browser.page();
    seen.log_in(&mut page);
    let first = print_odd(&mut seen, 7001);
    let number = |event: &Event| event.receipt.as_ref().and_then(|receipt| receipt.number.clone());
    assert_eq!((number(&first), first.verdict), (None, Some(Verdict::Off)));
    page.go(&seen.url(&format!("/receipts/{}", first.id)));
    page.follow("a[href^='/teach/']");
    for (word, meaning, rule) in
        [("Bonuspisteet", "ignore", "ignore = "), ("7001", "number", "number = ")]
    {
        tick(&mut page, word);
        page.eval(&format!("document.getElementById('meaning').value = '{meaning}'"));
        if meaning == "ignore" {
            seen.look(&mut page, "teach");
            page.size(1280, 900);
        }
        page.follow("form.teach button.main");
        let told = page.text("document.querySelector('main').innerText");
        assert!(
            told.contains(rule) && told.contains("1 of them would be read otherwise"),
            "{told}"
        );
        if meaning == "ignore" {
            seen.look(&mut page, "teach-try");
            page.size(1280, 900);
        }
        page.follow("form[action$='/save'] button.main");
        let told = page.text("document.querySelector('[role=status]').textContent");
        assert!(told.contains("The next receipt is read by it"), "{told}");
    }
    assert_eq!(page.complaints(), [""; 0]);
    let next = print_odd(&mut seen, 7002);
    assert_eq!((number(&next), next.verdict), (Some("7002".into()), Some(Verdict::Balanced)));
    let by = next.evidence.expect("paper has evidence").profile;
    assert!(by.starts_with("counter-"), "{by}");
    let still = seen.world.bridge.events().into_iter().find(|event| event.id == first.id);
    assert_eq!(still.map(|event| event.verdict), Some(first.verdict), "what was told stays told");

    // By keyboard and without scripts.
    page.scripts(false);
    page.go(&seen.url(&format!("/teach/{}?lang=zh-HK", next.id)));
    page.scripts(true);
    seen.look(&mut page, "teach-zh");
}

#[test]
fn a_parked_queue_goes_on_after_a_press_and_a_message_is_dropped_after_two() {
    let Some(browser) = Browser::start() else { return };
    let mut seen = Seen::open(15);
    let mut page = browser.page();
    seen.log_in(&mut page);
    // A robot that was taken out of its group, and put in again.
    let errmsg = "token is not exist".to_owned();
    assert!(seen.world.mock.script(Fault {
        count: Some(1),
        answer: Some(FaultAnswer::Refuse(Answer { errcode: 300_005, errmsg })),
        ..Fault::default()
    }));
    for _ in 0..3 {
        seen.world.sell(Counter::Network);
    }
    let parked = "document.querySelectorAll('.notices .state.act').length";
    until(SOON, "three parked messages", || {
        page.go(&seen.url("/outbox"));
        check(page.eval(parked), |count| *count == 3)
    });
    seen.look(&mut page, "outbox-parked");
    page.size(1280, 900);
    page.follow(".notices a[href^='/outbox/drop']");
    seen.look(&mut page, "drop");
    page.size(1280, 900);
    page.click("#why");
    page.write("told by telephone");
    page.follow("form[action='/outbox/drop'] button");
    let told = page.text("document.querySelector('[role=status]').textContent");
    assert!(told.contains("Dropped: 1."), "{told}");
    assert_eq!(page.eval(parked), 2);
    assert_eq!(seen.world.group().len(), 0, "nothing goes by itself");
    page.follow("form[action='/outbox/retry'] button");
    let told = page.text("document.querySelector('[role=status]').textContent");
    assert!(told.contains("Due at once: 2."), "{told}");
    until(SOON, "two messages in the group", || {
        check(seen.world.group().len(), |count| *count == 2)
    });
    page.go(&seen.url("/settings"));
    seen.look(&mut page, "settings");
    page.go(&seen.url("/settings?lang=zh-HK"));
    seen.look(&mut page, "settings-zh");
    assert_eq!(page.complaints(), [""; 0]);
}

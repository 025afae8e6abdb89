//! Receipts that could not be read, on the page: first, with what to do, until they can be.
//!
//! Pictures go where those of `page` go.

use std::io::Write;
use std::net::TcpStream;

use pos_protocol::event::{Event, Kind};
use pos_tests::browser::{Browser, Page};
use pos_tests::wait::{SOON, until};
use pos_tests::world::Counter;
use serde_json::Value;

use crate::page::Seen;

/// A till on the network that never cuts, with words for its sums that nobody knows.
fn odd_paper(number: u32) -> Vec<u8> {
    format!(
        "\x1b@LUCKY STAR\n*** RECEIPT ***\nNo. {number}\nTea                18.00\n\
         Bun                12.00\nKrix                1.50\nZorblat            28.50\n\n"
    )
    .into_bytes()
}

/// Receipts that a rule is tried on, and how many of those that it changes are shown.
const TRIED: u32 = 200;
const SHOWN: usize = 20;

/// Prints one, and waits until it is in the journal: a proxy has few places for tills.
fn read(seen: &Seen, number: u32) -> Event {
    let known = seen.world.bridge.events().len();
    let mut till = TcpStream::connect(seen.world.proxy).expect("the proxy listens");
    till.write_all(&odd_paper(number)).expect("it reads");
    drop(till);
    until(SOON, "a paper", || {
        let all = seen.world.bridge.events();
        let last = all.get(known).cloned();
        last.ok_or_else(|| format!("{} before", all.len()))
    })
}

/// How many stand in the list of those that could not be read.
const LISTED: &str = "document.querySelectorAll('.unread .row').length";

fn points(page: &mut Page, word: &str, meaning: &str) {
    page.eval(&format!(
        "[...document.querySelectorAll('.printed span')]
           .filter((e) => e.textContent === {})[0].previousElementSibling.id = 'word'",
        Value::from(word)
    ));
    page.click("#word");
    page.eval(&format!("document.getElementById('meaning').value = '{meaning}'"));
}

#[test]
fn a_receipt_that_could_not_be_read_stands_first_until_its_till_is_taught() {
    let Some(browser) = Browser::start() else { return };
    let mut seen = Seen::open(16);
    let mut page = browser.page();
    seen.log_in(&mut page);
    seen.world.sell(Counter::Network);
    seen.world.sell(Counter::Serial);
    page.until("document.querySelectorAll('#live .row').length === 2");
    page.until("document.querySelector('.verdict').classList.contains('well')");
    assert_eq!(page.eval(LISTED), 0);
    let first = read(&seen, 501);
    assert_eq!(first.kind, Kind::Unread);

    // The open page says so by itself.
    page.until(&format!("{LISTED} === 1"));
    page.until("document.querySelector('.verdict').classList.contains('look')");
    let told = page.text("document.querySelector('.needs').innerText");
    assert!(told.contains("could not be read: 1") && told.contains("Open them below"), "{told}");
    let href = page.text("document.querySelector('.unread .row a').getAttribute('href')");
    assert_eq!(href, format!("/receipts/{}", first.id));
    let order = page.eval(
        "document.querySelector('.unread').compareDocumentPosition(document.querySelector('#live'))
           & Node.DOCUMENT_POSITION_FOLLOWING",
    );
    assert_ne!(order, 0, "before the newest ones");
    seen.look(&mut page, "unread");
    page.size(1280, 900);

    page.follow(".unread .row a");
    seen.look(&mut page, "unread-receipt");
    page.size(1280, 900);
    page.follow("a[href^='/teach/']");
    // A till that nobody has taught goes on so for days.
    for number in 0..TRIED {
        read(&seen, 1_000 + number);
    }
    points(&mut page, "Zorblat", "total");
    page.follow("form.teach button.main");
    let told = page.text("document.querySelector('main').innerText");
    assert!(told.contains("The last receipts: 200") && told.contains("Zorblat"), "{told}");
    assert!(told.contains("200 of them would be read otherwise"), "{told}");
    assert_eq!(page.eval("document.querySelectorAll('details').length"), SHOWN);
    seen.look(&mut page, "unread-try");
    page.size(1280, 900);
    page.follow("form[action$='/save'] button.main");
    let told = page.text("document.querySelector('[role=status]').textContent");
    assert!(told.contains("The next receipt is read by it"), "{told}");

    let next = read(&seen, 502);
    let total = next.receipt.as_ref().and_then(|receipt| receipt.total).map(|sum| sum.to_string());
    assert_eq!((next.kind, total.as_deref()), (Kind::Sale, Some("28.50")));
    page.go(&seen.url("/"));
    let told = page.text("document.querySelector('main').innerText");
    assert!(told.contains("could not be read: 64+"), "what was told stays told: {told}");
    assert_eq!(page.eval(LISTED), 8);
    assert_eq!(page.eval("document.querySelectorAll('.unread a.button').length"), 1, "all of them");
    seen.look(&mut page, "unread-many");
    page.size(1280, 900);

    // Until it is read again, which the page said how to do.
    let done = seen.world.bridge.posbridge("replay", &["--accept"]);
    assert!(done.status.success(), "{done:?}");
    page.until(&format!("{LISTED} === 0"));
    page.until("document.querySelector('.verdict').classList.contains('well')");
    assert_eq!(page.complaints(), [""; 0]);
}

//! Teaching, over the socket.

use pos_protocol::event::{Event, Verdict};

use crate::web::harness::{Answer, Shown, TOKEN, shown_by};
use crate::web::page_tests::print;

const SOURCE: &str = "[[source]]\nname = \"till\" # by the door\nkind = \"tcp-proxy\"\n\
    listen = \"127.0.0.1:0\"\nupstream = \"127.0.0.1:9\"\n";

fn text() -> String {
    let url = format!("http://127.0.0.1:9/robot/send?access_token={TOKEN}");
    format!("[shop]\nlanguage = \"en\"\n{SOURCE}[[robot]]\nname = \"owner\"\nurl = \"{url}\"\n")
}

/// A receipt whose customer's points are taken for goods, and whose number has a word of its own.
fn receipt(number: u32) -> Vec<u8> {
    format!(
        "\x1b@LUMO <b>STAR</b>\nZorblat {number}\nTel 9123 4567\nTea   2 x 18.00   36.00\n\
         Bonuspisteet  8.20\nTOTAL  36.00\nCASH   40.00\nCHANGE   4.00\n\n\x1dV\0"
    )
    .into_bytes()
}

async fn send(page: &Shown, event: &Event, more: &str, form: &str) -> Answer {
    let told = page.get(&format!("/teach/{}", event.id), &[]).await;
    assert_eq!(told.code, 200, "{told:?}");
    let (cookie, token) = (told.cookie().expect("a cookie"), told.token().expect("a token"));
    let path = format!("/teach/{}{more}", event.id);
    page.post(&path, cookie, &format!("token={token}&{form}")).await
}

/// The place of a word, as the page names it.
fn place(body: &str, word: &str) -> String {
    let before = body.split(&format!("<span>{word}</span>")).next().expect("some");
    assert!(before.len() < body.len(), "no {word} in {body}");
    let value = before.rsplit("name=\"w\" value=\"").next().expect("a box");
    value.split('"').next().expect("a place").to_owned()
}

#[tokio::test]
async fn words_are_pointed_at_their_rule_is_tried_and_saved_and_holds() {
    let page = shown_by(&text()).await;
    let events = print(&page, &[receipt(1001), receipt(1002), receipt(1003)]).await;
    assert_eq!(events[2].verdict, Some(Verdict::Off));
    let asked = page.get(&format!("/teach/{}", events[2].id), &[]).await;
    assert!(asked.body.contains("<span>Zorblat</span>"), "{}", asked.body);
    for hidden in ["9123", "4567</span>", "<b>STAR"] {
        assert!(!asked.body.contains(hidden), "{hidden}: {}", asked.body);
    }
    let form = format!("w={}&meaning=ignore", place(&asked.body, "Bonuspisteet"));
    let tried = send(&page, &events[2], "", &form).await;
    assert_eq!(tried.code, 200, "{tried:?}");
    for part in [
        "ignore = [&quot;Bonuspisteet&quot;]",
        "A new profile, till.toml",
        "The last receipts: 3",
        "3 of them would be read otherwise",
        "<th scope=\"row\">Add up</th><td>0</td><td>3</td>",
    ] {
        assert!(tried.body.contains(part), "no {part} in {}", tried.body);
    }
    let config = page.desk.live.config().file.clone();
    assert_eq!(std::fs::read_to_string(&config).expect("there"), text(), "nothing is saved yet");
    let saved = send(&page, &events[2], "/save", &form).await;
    let back = format!("/teach/{}?saved=yes", events[2].id);
    assert_eq!((saved.code, saved.header("location")), (303, Some(back.as_str())), "{saved:?}");
    let now = std::fs::read_to_string(&config).expect("there");
    let upstream = "upstream = \"127.0.0.1:9\"\n";
    assert_eq!(now, text().replace(upstream, &format!("{upstream}profile = \"till.toml\"\n")));
    let live = page.desk.live.config();
    assert_eq!(live.sources[0].profile.profile.name, "till", "no restart");
    let told = page.get(&back, &[]).await;
    assert!(told.body.contains("The next receipt is read by it"), "{}", told.body);
    assert!(told.body.contains("adds up") && !told.body.contains("does not"), "{}", told.body);

    // One more word goes into the same file, whose own words stay.
    let form = format!("w={}&meaning=number", place(&asked.body, "1003"));
    let tried = send(&page, &events[2], "", &form).await;
    let side_by_side = "<th scope=\"row\">Number</th><td>–</td><td>1003</td>";
    assert!(tried.body.contains(side_by_side), "{}", tried.body);
    assert!(tried.body.contains("Added to till.toml"), "{}", tried.body);
    assert_eq!(send(&page, &events[2], "/save", &form).await.code, 303);
    let profile = std::fs::read_to_string(config.with_file_name("till.toml")).expect("there");
    assert!(
        profile.contains("[\"Bonuspisteet\"]") && profile.contains("number = [\"Zorblat\"]"),
        "{profile}"
    );
    page.end().await;
}

#[tokio::test]
async fn what_cannot_be_taught_is_told_and_the_words_stay_chosen() {
    let page = shown_by(&text()).await;
    let events = print(&page, &[receipt(1001)]).await;
    let asked = page.get(&format!("/teach/{}", events[0].id), &[]).await;
    let (total, phone) = (place(&asked.body, "Zorblat"), place(&asked.body, "***"));
    for (form, why) in [
        (String::new(), "Point at words first"),
        (format!("w={total}"), "Say what the words are"),
        (format!("w={total}&w={phone}&meaning=total"), "one line only"),
        (format!("w={phone}&meaning=ignore"), "There are no words"),
        (format!("w={total}&meaning=printed_at"), "no date"),
        ("w=99.99&meaning=total".to_owned(), "Point at words first"),
        ("w=x&w=1&meaning=total".to_owned(), "Point at words first"),
    ] {
        for path in ["", "/save"] {
            let told = send(&page, &events[0], path, &form).await;
            assert!(told.code == 200 && told.body.contains(why), "{form}: {}", told.body);
        }
    }
    let told = send(&page, &events[0], "", &format!("w={total}&meaning=printed_at")).await;
    assert!(told.body.contains(&format!("value=\"{total}\" checked")), "{}", told.body);
    assert!(told.body.contains("value=\"printed_at\" selected"));
    for path in ["/teach/x", "/teach/8bde772f2c5a805140988f20fe9116bb"] {
        assert_eq!(page.get(path, &[]).await.code, 404, "{path}");
    }
    page.end().await;
}

#[tokio::test]
async fn the_longest_paper_can_be_pointed_at_on_a_small_page() {
    let page = shown_by(&text()).await;
    let line = |n: usize| format!("Item number {n} of the very longest bill    {n}  {n}.00\n");
    let long: String = (1..400).map(line).collect();
    let paper = format!("\x1b@LUMO\n{long}Zorblat  79800.00\n\x1dV\0").into_bytes();
    let events = print(&page, &[paper]).await;
    let told = page.get(&format!("/teach/{}?lang=zh-HK", events[0].id), &[]).await;
    assert!(told.code == 200 && told.body.len() < 100_000, "{} bytes", told.body.len());
    page.end().await;
}

//! The page as a person sees it: a browser, a real bridge, a till that prints.
//!
//! Pictures of it go to the directory that `POSBRIDGE_SCREENSHOTS` names, where it names one.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pos_tests::binaries;
use pos_tests::browser::{Browser, Page};
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{Counter, SECRET, TOKEN, World};
use serde_json::Value;

/// What opens the page.
const PASSWORD: &str = "a word for the page";
/// Longest that a receipt may take from its cut to the open page; a busy test machine's share is in it.
const MAX_DELAY: Duration = Duration::from_secs(5);
/// Largest page, in bytes.
const MAX_PAGE_BYTES: u64 = 100_000;
/// A phone's window and a desk's.
const SIZES: [(u32, u32); 2] = [(390, 844), (1280, 900)];

/// What can be pressed and is lower than a finger's 44 px: links within a sentence are as high as it, and
/// words on paper as its lines.
const SMALL: &str = "[...document.querySelectorAll('a, button, select, input, summary, .ticks label')]
    .filter((e) => e.checkVisibility() && !e.closest('.skip, .printed, .ticks input, p:not(.line, .shop), h3, dd, li > small'))
    .filter((e) => !e.matches('[type=checkbox], .head a, p a:not(.button)'))
    .filter((e) => e.getBoundingClientRect().height < 43.5)
    .map((e) => e.outerHTML.slice(0, 120) + ' ' + e.getBoundingClientRect().height)";
/// Text whose contrast with what is behind it is below 4.5.
const PALE: &str = "(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const parts = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const bright = ([r, g, b]) => [r, g, b].map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
      .reduce((sum, part, nth) => sum + part * [0.2126, 0.7152, 0.0722][nth], 0);
    const behind = (e) => {
      for (let at = e; at; at = at.parentElement) {
        const color = parts(getComputedStyle(at).backgroundColor);
        if (color[3] === 255) return color;
      }
      return [255, 255, 255, 255];
    };
    return [...document.querySelectorAll('body *:not(script, svg *)')]
      .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
      .filter((e) => !e.closest('.unseen, .row.new'))
      .map((e) => {
        const [one, other] = [bright(parts(getComputedStyle(e).color)), bright(behind(e))];
        const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        return [contrast, e.outerHTML.slice(0, 120)];
      }).filter(([contrast]) => contrast < 4.5);
  })()";

/// A shop with a page, and a browser that has not been anywhere.
pub(crate) struct Seen {
    pub(crate) world: World,
    base: String,
    pictures: Option<PathBuf>,
}

#[expect(clippy::print_stderr, reason = "figures for whoever looks at a run")]
fn say(line: &str) {
    eprintln!("{line}");
}

impl Seen {
    pub(crate) fn open(seed: u64) -> Self {
        Self::open_as(seed, &[])
    }

    /// With changes of the configuration.
    pub(crate) fn open_as(seed: u64, changes: &[(&str, &str)]) -> Self {
        let mut world = World::open(seed);
        world.reconfigure(changes);
        let file = world.bridge.path("web-password");
        let mut verb = Command::new(binaries::path("posbridge"))
            .arg("web-password")
            .arg(&file)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut stdin = verb.stdin.take().expect("piped");
        writeln!(stdin, "{PASSWORD}").expect("it reads");
        drop(stdin);
        assert!(verb.wait().expect("our child").success());
        world.bridge.keep_secret(PASSWORD);
        // The address of this world's proxy is nobody else's.
        let address = std::net::SocketAddr::new(world.proxy.ip(), 8787);
        let text = std::fs::read_to_string(world.bridge.config()).expect("a configuration");
        let web = format!("[web]\nlisten = \"{address}\"\npassword_file = \"web-password\"\n");
        world.bridge.write("posbridge.toml", &format!("{text}\n{web}"));
        world.bridge.start_brain();
        let pictures = std::env::var_os("POSBRIDGE_SCREENSHOTS").map(PathBuf::from);
        Self { world, base: format!("http://{address}"), pictures }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) fn log_in(&self, page: &mut Page) {
        page.go(&self.url("/"));
        page.until("location.pathname === '/login'");
        page.click("#password");
        page.write(PASSWORD);
        page.follow(".login button");
        page.until("location.pathname === '/'");
    }

    /// Looks at the page in both sizes, by day and by night: nothing sticks out, everything can be read
    /// and has its name, and a finger finds what can be pressed.
    pub(crate) fn look(&self, page: &mut Page, name: &str) {
        for (dark, pale) in [(true, "dark"), (false, "light")] {
            page.dark(dark);
            let told = page.eval(PALE);
            assert_eq!(told, Value::Array(Vec::new()), "{name}: hard to read, {pale}");
        }
        for (width, height) in SIZES {
            page.size(width, height);
            let small = page.eval(SMALL);
            assert_eq!(
                small,
                Value::Array(Vec::new()),
                "{name}: too small for a finger at {width}"
            );
            let wide = page.eval("document.documentElement.scrollWidth");
            assert!(wide.as_u64() <= Some(width.into()), "{name} is {wide} wide in {width}");
            let file = self.pictures.as_ref().map(|dir| dir.join(format!("{name}-{width}.png")));
            if let Some(file) = file {
                page.picture(&file);
            }
        }
        if let Some(dir) = &self.pictures {
            page.dark(true);
            page.picture(&dir.join(format!("{name}-dark.png")));
            page.dark(false);
        }
        let unnamed = page.eval(
            "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
               .filter((e) => !e.labels.length && !e.ariaLabel).map((e) => e.outerHTML)",
        );
        assert_eq!(unnamed, Value::Array(Vec::new()), "{name}");
        let marks = page.eval(
            "[document.querySelectorAll('main').length, document.querySelectorAll('h1').length,
              document.documentElement.lang !== '']",
        );
        assert_eq!(marks.to_string(), "[1,1,true]", "{name}");
    }
}

#[test]
fn a_receipt_appears_on_the_page_and_its_words_light_up() {
    let Some(browser) = Browser::start() else { return };
    let mut seen = Seen::open(11);
    let mut page = browser.page();
    seen.log_in(&mut page);
    page.until("document.querySelector('.live.on') !== null");
    let mut worst = Duration::ZERO;
    for counter in [Counter::Network, Counter::Serial, Counter::Network] {
        let before = page.eval("document.querySelectorAll('#live .row').length");
        seen.world.sell(counter);
        let cut = Instant::now();
        let more = format!("document.querySelectorAll('#live .row').length > {before}");
        page.until(&more);
        worst = worst.max(cut.elapsed());
    }
    say(&format!("page: from the cut to the row on the open page: {} ms", worst.as_millis()));
    assert!(worst < MAX_DELAY, "{worst:?}");
    seen.look(&mut page, "home");

    page.size(1280, 900);
    page.follow("#live .row a");
    assert_eq!(page.eval("document.querySelectorAll('svg.paper').length"), 1);
    let total = page.text("document.querySelector('.field.main .value').textContent");
    let lit =
        "[...document.querySelectorAll('.paper text.lit')].map((e) => e.textContent).join(' ')";
    assert_eq!(page.text(lit), "", "nothing is pointed at");
    page.point(".field.main");
    page.until("document.querySelectorAll('.paper .glow').length > 0");
    let words = page.text(lit);
    let figures = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    assert_eq!(figures(&words), figures(&total), "{words:?} is lit for {total:?}");
    page.eval("document.querySelector('.paper text.lit').id = 'word'");
    seen.look(&mut page, "receipt");
    page.size(1280, 900);

    page.point_away();
    page.until("document.querySelectorAll('.lit').length === 0");
    page.point("#word");
    page.until("document.querySelector('.field.main.lit') !== null");
    page.point_away();

    // By keyboard: the next field, its words, and those of the one before no more.
    page.eval("document.querySelector('.field.main').focus()");
    page.until("document.querySelector('.field.main.lit') !== null");
    page.tab();
    page.until(
        "document.activeElement.matches('.field') && !document.querySelector('.field.main.lit')",
    );
    assert_eq!(page.eval("document.activeElement.classList.contains('lit')"), true);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn the_browser_keeps_what_the_page_forbids() {
    let Some(browser) = Browser::start() else { return };
    let seen = Seen::open(12);
    let mut page = browser.page();
    page.go(&seen.url("/outbox"));
    assert_eq!(page.text("location.pathname"), "/login", "nothing without a password");
    seen.look(&mut page, "login");
    page.click("#password");
    page.write("another word");
    page.follow(".login button");
    assert!(page.text("document.querySelector('[role=alert]').textContent").contains("wrong"));
    page.complaints();
    seen.log_in(&mut page);
    assert_eq!(page.complaints(), [""; 0], "the page itself breaks no rule of its own");

    // A script in the page's text, a handler on an element and a style of one are not run.
    page.eval(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"/none\" onerror=\"window.hit = 1\">');
         const script = document.createElement('script');
         script.textContent = 'window.hit = 2';
         document.body.append(script);
         document.body.insertAdjacentHTML('beforeend', '<p id=\"red\" style=\"color: red\">x</p>')",
    );
    let told = until(SOON, "three refusals", || {
        let told = page.complaints();
        check(told, |told| !told.is_empty())
    });
    assert!(told.iter().any(|told| told.contains("Content Security Policy")), "{told:?}");
    assert_eq!(page.eval("window.hit === undefined"), true);
    assert_ne!(
        page.text("getComputedStyle(document.getElementById('red')).color"),
        "rgb(255, 0, 0)"
    );
    let sent = page.text("fetch('https://example.com/').then(() => 'sent', () => 'refused')");
    assert_eq!(sent, "refused");

    // The cookie is no script's, and a form without the page's token changes nothing.
    assert_eq!(page.text("document.cookie"), "");
    for body in ["", "token=00"] {
        let script =
            format!("fetch('/logout', {{method: 'POST', body: '{body}'}}).then((r) => r.status)");
        assert_eq!(page.eval(&script), 403, "{body}");
    }
    // With a page of another place the browser sends no cookie: it is as if nobody were logged in.
    let url = seen.url("/logout");
    page.go("data:text/html,<title>elsewhere</title>");
    page.eval(&format!(
        "document.body.innerHTML = '<form method=post action=\"{url}\"><button>x</button></form>'"
    ));
    page.follow("button");
    let told = page.text("document.body.textContent");
    assert!(told.contains("401"), "{told}");
    page.go(&seen.url("/"));
    assert_eq!(page.text("location.pathname"), "/", "still logged in");
    page.follow("form[action='/logout'] button");
    page.go(&seen.url("/"));
    assert_eq!(page.text("location.pathname"), "/login");
}

#[test]
fn every_page_is_small_and_readable_on_a_phone_and_without_scripts() {
    let Some(browser) = Browser::start() else { return };
    let mut seen = Seen::open(13);
    let mut page = browser.page();
    seen.log_in(&mut page);
    let unread = b"\x1b@?? ### 12 ##\nTel 9123 4567\nTOTAL ??.??\n\n\x1dVB\x00";
    seen.world.send(unread);
    for n in 0..12 {
        seen.world.sell(if n % 3 == 0 { Counter::Serial } else { Counter::Network });
    }
    until(SOON, "all in the journal", || check(seen.world.bridge.events().len(), |n| *n >= 13));
    let events = seen.world.bridge.events();
    let id = events.iter().rfind(|event| event.receipt.is_some()).expect("a sale").id;
    page.go(&seen.url("/events"));
    let number = page.text("document.querySelector('.row .number').textContent.slice(1)");
    page.click("#q");
    page.write(&number);
    page.follow(".search button");
    assert_eq!(page.eval("document.querySelectorAll('.rows .row').length"), 1, "{number}");
    seen.look(&mut page, "search");
    for (path, name) in [
        ("/".to_owned(), "day"),
        ("/?lang=zh-HK".to_owned(), "day-zh"),
        (format!("/receipts/{id}"), "sale-zh"),
        ("/events".to_owned(), "records-zh"),
        ("/outbox".to_owned(), "outbox-zh"),
        ("/?lang=en".to_owned(), "day-en"),
    ] {
        page.go(&seen.url(&path));
        seen.look(&mut page, name);
        let measured = page.eval(&format!(
            "(async () => {{ const from = performance.now(); const got = await fetch('{path}');
               const bytes = (await got.arrayBuffer()).byteLength;
               return [bytes, Math.round(performance.now() - from)]; }})()"
        ));
        say(&format!("page: {path} is {} bytes in {} ms", measured[0], measured[1]));
        assert!(measured[0].as_u64() < Some(MAX_PAGE_BYTES), "{path}: {measured}");
        let html = page.text("document.documentElement.outerHTML");
        for secret in [TOKEN, SECRET, PASSWORD, "9123 4567"] {
            assert!(!html.contains(secret), "{path} says a secret");
        }
    }
    page.scripts(false);
    page.go(&seen.url("/"));
    page.until("document.querySelectorAll('#live .row').length > 10");
    let told = page.text("document.querySelector('main').innerText");
    assert!(told.contains("Newest receipts") && told.contains("Today's takings"), "{told}");
    page.scripts(true);
}

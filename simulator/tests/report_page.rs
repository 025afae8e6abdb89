//! The report's page in a real browser: headless Chromium, SKIPPED where there is none.

mod browser;

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use browser::browser;
use tokio::process::Command;
use tokio::time::timeout;

/// The page that a unit test keeps equal to what is written.
const PAGE: &str = include_str!("../golden/report/report.html");
/// How long a browser may take; it needs a second or two.
const PATIENCE: Duration = Duration::from_mins(1);

/// A page around the report that says how it came out. The report's own policy forbids scripts, its
/// frame's does not bind the page around it.
fn measuring(width: u32) -> String {
    let inner = PAGE.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!doctype html><meta charset=\"utf-8\"><body><iframe id=\"report\" style=\"width:{width}px;\
         height:800px;border:0\" srcdoc=\"{inner}\"></iframe><script>
         report.onload = () => {{
           const page = report.contentDocument, out = [];
           const texts = [...page.querySelectorAll('svg text')];
           for (const text of texts) {{
             const box = text.getBBox(), room = text.ownerSVGElement.viewBox.baseVal;
             if (box.x < 0 || box.y < 0 || box.x + box.width > room.width
                 || box.y + box.height > room.height) out.push(text.textContent);
           }}
           const set = (name, value) => document.body.setAttribute('data-' + name, value);
           set('width', page.documentElement.scrollWidth);
           set('title', page.title);
           set('svgs', page.querySelectorAll('svg').length);
           set('scripts', page.querySelectorAll('script').length);
           set('outside', out.join('|'));
           set('letters', Math.min(...texts.map(text => text.getBoundingClientRect().height)));
         }};
         </script>"
    )
}

/// The measures of the page in a frame of this width.
async fn measures(browser: &str, width: u32) -> String {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("measuring.html");
    fs::write(&file, measuring(width)).expect("a file");
    let mut command = Command::new(browser);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", dir.path().join("profile").display()))
        .args(["--window-size=1400,900", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let output = timeout(PATIENCE, command.output()).await.expect("the browser to end");
    let page = String::from_utf8(output.expect("a browser").stdout).expect("UTF-8");
    let begin = page.find("<body ").expect("a body that was measured");
    let end = begin + page[begin..].find('>').expect("its end");
    page[begin..end].to_owned()
}

fn measure(found: &str, name: &str) -> f64 {
    let begin = found.split(&format!("data-{name}=\"")).nth(1).expect("a measure");
    begin.split('"').next().unwrap_or_default().parse().expect("a number")
}

#[tokio::test]
async fn the_page_fits_a_phone_and_a_desk_and_no_text_of_a_run_becomes_a_script() {
    let Some(browser) = browser() else { return };
    for width in [360, 1280] {
        let found = measures(browser, width).await;
        for part in [
            "data-title=\"mall: missed\"".to_owned(),
            "data-svgs=\"8\"".to_owned(),
            "data-scripts=\"0\"".to_owned(),
            "data-outside=\"\"".to_owned(),
        ] {
            assert!(found.contains(&part), "at {width}: expected {part} in {found}");
        }
        let wide = measure(&found, "width");
        assert!(wide <= f64::from(width), "{wide} of {width} pixels");
        let letters = measure(&found, "letters");
        assert!(letters >= 10.5, "letters of {letters} pixels at {width}");
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    assert!(!PAGE.contains("<script") && !PAGE.contains("<link") && !PAGE.contains(" src="));
    assert!(!PAGE.contains("http://") && !PAGE.contains("https://") && !PAGE.contains("url("));
    assert!(PAGE.contains("&lt;script&gt;document.title=&#39;pwned&#39;&lt;/script&gt;"));
}

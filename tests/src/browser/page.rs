//! One page of the browser: go somewhere, look, point, type, take a picture.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::devtools::DevTools;
use crate::wait::{SOON, check, until};

/// A page.
#[derive(Debug)]
pub struct Page {
    tools: DevTools,
    session: String,
}

impl Page {
    pub(super) fn open(mut tools: DevTools) -> Self {
        let target = tools.ask(None, "Target.createTarget", json!({ "url": "about:blank" }));
        let id = target["targetId"].as_str().expect("a page").to_owned();
        let attach = json!({ "targetId": id, "flatten": true });
        let attached = tools.ask(None, "Target.attachToTarget", attach);
        let session = attached["sessionId"].as_str().expect("a session").to_owned();
        let mut page = Self { tools, session };
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            page.ask(domain, json!({}));
        }
        page
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.tools.ask(Some(&self.session), method, params)
    }

    /// Goes to `url` and waits until it is there.
    pub fn go(&mut self, url: &str) {
        self.eval("window.leaving = true");
        self.ask("Page.navigate", json!({ "url": url }));
        self.until("!window.leaving && document.readyState === 'complete'");
    }

    /// What a script says.
    ///
    /// # Panics
    /// Where it fails.
    pub fn eval(&mut self, script: &str) -> Value {
        let params = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.ask("Runtime.evaluate", params);
        let failed = answer.get("exceptionDetails");
        assert!(failed.is_none(), "{script}: {failed:?}");
        answer["result"]["value"].take()
    }

    /// What a script says, as text.
    pub fn text(&mut self, script: &str) -> String {
        self.eval(script).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a condition holds.
    pub fn until(&mut self, condition: &str) {
        until(SOON, condition, || {
            // Between two pages there is nothing to ask.
            let params = json!({ "expression": condition, "returnByValue": true });
            let answer = self.tools.ask(Some(&self.session), "Runtime.evaluate", params);
            check(answer, |answer| answer["result"]["value"] == true)
        });
    }

    /// How large the window is; a narrow one is a phone's.
    pub fn size(&mut self, width: u32, height: u32) {
        let mobile = width < 600;
        let params =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.ask("Emulation.setDeviceMetricsOverride", params);
    }

    /// Whether whoever looks wants dark pages.
    pub fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let wish = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.ask("Emulation.setEmulatedMedia", json!({ "features": wish }));
    }

    /// Where the middle of an element is in the window, once it was scrolled there.
    fn middle(&mut self, selector: &str) -> (f64, f64) {
        let script = format!(
            "(() => {{ const e = document.querySelector({}); e.scrollIntoView({{block: 'center'}});
               const r = e.getBoundingClientRect();
               return [r.x + r.width / 2, r.y + r.height / 2]; }})()",
            Value::from(selector)
        );
        let at = self.eval(&script);
        (at[0].as_f64().expect("a place"), at[1].as_f64().expect("a place"))
    }

    fn mouse(&mut self, kind: &str, (x, y): (f64, f64)) {
        let (button, count) = if kind == "mouseMoved" { ("none", 0) } else { ("left", 1) };
        let params = json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": count });
        self.ask("Input.dispatchMouseEvent", params);
    }

    /// Points at an element.
    pub fn point(&mut self, selector: &str) {
        let at = self.middle(selector);
        self.mouse("mouseMoved", at);
    }

    /// Points at nothing.
    pub fn point_away(&mut self) {
        self.mouse("mouseMoved", (1.0, 1.0));
    }

    /// Clicks an element.
    pub fn click(&mut self, selector: &str) {
        let at = self.middle(selector);
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            self.mouse(kind, at);
        }
    }

    /// Clicks an element that leads to another page, and waits for that.
    pub fn follow(&mut self, selector: &str) {
        self.eval("window.leaving = true");
        self.click(selector);
        self.until("!window.leaving && document.readyState === 'complete'");
    }

    /// Loads the page again, as its button does.
    pub fn again(&mut self) {
        self.eval("window.leaving = true");
        self.ask("Page.reload", json!({}));
        self.until("!window.leaving && document.readyState === 'complete'");
    }

    /// Types into whatever has the focus.
    pub fn write(&mut self, text: &str) {
        self.ask("Input.insertText", json!({ "text": text }));
    }

    /// Presses the Tab key.
    pub fn tab(&mut self) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key =
                json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
            self.ask("Input.dispatchKeyEvent", key);
        }
    }

    /// Whether scripts of the page run.
    pub fn scripts(&mut self, run: bool) {
        self.ask("Emulation.setScriptExecutionDisabled", json!({ "value": !run }));
    }

    /// Puts a picture of the whole page into a file.
    pub fn picture(&mut self, file: &Path) {
        let size = self.ask("Page.getLayoutMetrics", json!({}))["cssContentSize"].take();
        let clip =
            json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let params = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let taken = self.ask("Page.captureScreenshot", params);
        let bytes = STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("base64");
        std::fs::write(file, bytes).expect("room");
    }

    /// What the browser complained of since it was asked last: refused by a policy, not found, a
    /// script that failed.
    pub fn complaints(&mut self) -> Vec<String> {
        // What was told before this answer is here by then.
        self.eval("0");
        let told = std::mem::take(&mut self.tools.told);
        let heard = told.into_iter().filter_map(|told| match told["method"].as_str()? {
            "Log.entryAdded" => Some(told["params"]["entry"]["text"].to_string()),
            "Runtime.exceptionThrown" => {
                Some(told["params"]["exceptionDetails"]["exception"]["description"].to_string())
            }
            _ => None,
        });
        heard.collect()
    }
}

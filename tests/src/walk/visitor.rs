//! Somebody who opens the page with a browser that runs no scripts: forms, cookies, nothing else.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode, Url};

/// The token of a form.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("name=\"token\" value=\"([^\"]+)\"").expect("a regex"));

/// The visitor.
#[derive(Debug)]
pub(super) struct Visitor {
    client: Client,
    base: String,
    cookies: BTreeMap<String, String>,
    token: String,
}

impl Visitor {
    /// Nobody yet, at the page `base`.
    pub(super) fn of(base: &str) -> Self {
        // The page is plain HTTP; a client wants a provider all the same.
        let _ours_or_another = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        let (cookies, token) = (BTreeMap::new(), String::new());
        Self { client, base: base.to_owned(), cookies, token }
    }

    /// Opens a page: its status and what it says.
    pub(super) async fn opens(&mut self, path: &str) -> reqwest::Result<(StatusCode, String)> {
        let request = self.client.get(format!("{}{path}", self.base));
        self.asks(request).await
    }

    /// Sends the form of the page that was opened last.
    pub(super) async fn sends(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> reqwest::Result<(StatusCode, String)> {
        let token = self.token.clone();
        let fields: Vec<(&str, &str)> =
            fields.iter().copied().chain([("token", token.as_str())]).collect();
        // A form is encoded as a query is.
        let form = Url::parse_with_params(&self.base, fields).expect("an address");
        let request = self.client.post(format!("{}{path}", self.base));
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(form.query().unwrap_or_default().to_owned());
        self.asks(request.header(ORIGIN, &self.base)).await
    }

    async fn asks(&mut self, request: RequestBuilder) -> reqwest::Result<(StatusCode, String)> {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let response = request.header(COOKIE, pairs.collect::<Vec<_>>().join("; ")).send().await?;
        self.bakes(response.headers());
        let status = response.status();
        let text = response.text().await?;
        if let Some(found) = TOKEN.captures(&text) {
            found[1].clone_into(&mut self.token);
        }
        Ok((status, text))
    }

    fn bakes(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

//! The style and the script: two files, part of the program.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::site::Trouble;
use crate::hex::hex;

/// How long a browser may keep one: its address changes with its text.
const KEPT: &str = "max-age=604800, immutable";

/// A file.
pub(super) struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    mark: LazyLock<String>,
}

impl Asset {
    /// Its address, which changes with its text.
    pub(super) fn path(&self) -> String {
        format!("/assets/{}?{}", self.name, *self.mark)
    }
}

fn mark(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..6])
}

/// How all pages look.
pub(super) static STYLE: Asset = Asset {
    name: "style.css",
    kind: "text/css; charset=utf-8",
    text: include_str!("pages/style.css"),
    mark: LazyLock::new(|| mark(STYLE.text)),
};

/// What is live, and what lights up.
pub(super) static SCRIPT: Asset = Asset {
    name: "page.js",
    kind: "text/javascript; charset=utf-8",
    text: include_str!("pages/page.js"),
    mark: LazyLock::new(|| mark(SCRIPT.text)),
};

/// `GET /assets/NAME`: one of these, by its very name.
pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Trouble> {
    let asset = [&STYLE, &SCRIPT].into_iter().find(|asset| asset.name == name);
    let asset = asset.ok_or(Trouble::NotFound)?;
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, KEPT)];
    Ok((headers, asset.text).into_response())
}

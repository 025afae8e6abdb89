//! A websocket over the application's HTTP client: its handshake is a request like any other, so that
//! names, trust, time-outs and the proxy are those of every other call.

use std::net::IpAddr;

use reqwest::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use reqwest::{Method, StatusCode, Upgraded, Url};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::MAX_FRAME_BYTES;
use super::error::StreamError;
use super::gateway::Opened;
use crate::dingtalk::exchange::Exchange;

/// Read at once; most frames fit.
const READ_BYTES: usize = 16 * 1024;

/// A connection to the gateway.
pub(super) type Socket = WebSocketStream<Upgraded>;

/// Connects to where the gateway sent. `plain` is allowed where the interface is this machine.
pub(super) async fn connect(
    exchange: &Exchange,
    opened: &Opened,
    plain: bool,
) -> Result<Socket, StreamError> {
    let url = address(&opened.endpoint, plain)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let mut asked = url;
    asked.query_pairs_mut().append_pair("ticket", opened.ticket.expose());
    let key = generate_key();
    let request = exchange
        .request(Method::GET, asked.as_str())
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key);
    let unreached = |obstacle, why: String| {
        let why = why.replace(opened.ticket.expose(), "***");
        StreamError::Unreached { host: host.clone(), obstacle, why }
    };
    let response =
        exchange.open(request).await.map_err(|failed| unreached(failed.obstacle, failed.why))?;
    let status = response.status();
    if status != StatusCode::SWITCHING_PROTOCOLS {
        return Err(if status.is_client_error() {
            StreamError::Ticket { host, status: status.as_u16() }
        } else {
            StreamError::NoWebsocket { host, found: "an answer that is not 101" }
        });
    }
    let accept = response.headers().get(SEC_WEBSOCKET_ACCEPT);
    if accept.is_none_or(|accept| accept.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
    {
        return Err(StreamError::NoWebsocket { host, found: "another key accepted" });
    }
    let upgraded = response.upgrade().await;
    let upgraded = upgraded.map_err(|error| unreached(None, error.without_url().to_string()))?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}

/// The endpoint as the HTTP client knows it.
fn address(endpoint: &str, plain: bool) -> Result<Url, StreamError> {
    let endpoint_error = |found: &str| StreamError::Endpoint { found: found.to_owned() };
    let mut url = Url::parse(endpoint).map_err(|_| endpoint_error("no URL"))?;
    let scheme = match url.scheme() {
        "wss" => "https",
        "ws" if plain && is_loopback(&url) => "http",
        other => return Err(endpoint_error(&format!("{other}://"))),
    };
    url.set_scheme(scheme).map_err(|()| endpoint_error("no URL"))?;
    Ok(url)
}

/// Whether a URL leads to this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_ticket_goes_only_where_nobody_can_listen_in() {
        let url = address("wss://wss-open-connection.dingtalk.com:443/connect", false);
        let url = url.expect("the documents' example");
        assert_eq!(url.as_str(), "https://wss-open-connection.dingtalk.com/connect");
        let local = address("ws://127.0.0.1:9/connect", true).expect("this machine");
        assert_eq!(local.as_str(), "http://127.0.0.1:9/connect");
        for (endpoint, plain) in [
            ("ws://127.0.0.1:9/connect", false),
            ("ws://example.com/connect", true),
            ("https://example.com/", true),
            ("connect", true),
        ] {
            let refused = address(endpoint, plain).expect_err(endpoint).to_string();
            assert!(refused.contains("expected a wss:// address"), "{refused}");
        }
    }
}

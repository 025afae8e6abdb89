//! One call of a provider, as it goes over the connection.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use pos_protocol::event::{Event, PrintedAt};
use serde_json::json;
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::shop::{PUBLIC_URL, SQUARE_KEY};

/// A call of Square's about one payment.
#[derive(Clone, Debug)]
pub struct Call {
    body: String,
}

/// What a call was answered with, and how long after it began to connect.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// The status code.
    pub code: u16,
    /// The time from connect to the answer's end.
    pub after: Duration,
}

impl Call {
    /// That the payment of `sale` has this status. `event_id` is the call's own, the same with every
    /// try of it.
    pub fn of(sale: &Event, status: &str, event_id: &str) -> Self {
        let receipt = sale.receipt.as_ref().expect("a sale has a receipt");
        let number = receipt.number.as_deref().expect("the till counts its receipts");
        let total = receipt.total.expect("a sale has a total");
        let Some(PrintedAt::DateTime(at)) = receipt.printed_at else { panic!("a time of day") };
        let zone = jiff::tz::TimeZone::get("Asia/Hong_Kong").expect("a zone");
        let at = at.to_zoned(zone).expect("a time").timestamp();
        let money = json!({ "amount": total.minor(), "currency": "HKD" });
        let body = json!({ "merchant_id": "ML82H4QPKMGXY", "type": "payment.updated",
            "event_id": event_id, "created_at": at.to_string(),
            "data": { "type": "payment", "id": number, "object": { "payment": {
                "id": format!("payment-{number}"), "created_at": at.to_string(),
                "receipt_number": number, "status": status, "source_type": "CASH",
                "amount_money": money, "total_money": money } } } });
        Self { body: body.to_string() }
    }

    fn request(&self) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(SQUARE_KEY.as_bytes()).expect("any length");
        mac.update(PUBLIC_URL.as_bytes());
        mac.update(self.body.as_bytes());
        let code = STANDARD.encode(mac.finalize().into_bytes());
        let headers = [("x-square-hmacsha256-signature", code.as_str())];
        request("/hooks/square", &headers, &self.body)
    }

    /// Makes the call and waits for its answer.
    pub async fn make(&self, to: SocketAddr) -> io::Result<Answered> {
        let (begun, request) = (Instant::now(), self.request());
        let answer = exchange(to, &request).await?;
        Ok(Answered { code: code_of(&answer)?, after: begun.elapsed() })
    }

    /// Makes the call and gives up before the answer: whether it counted, its sender does not know.
    pub async fn give_up(&self, to: SocketAddr) -> io::Result<()> {
        let mut stream = TcpStream::connect(to).await?;
        stream.write_all(&self.request()).await
    }
}

/// Any call: its code, and the answer's body.
pub async fn post(
    to: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> io::Result<(u16, String)> {
    let answer = exchange(to, &request(path, headers, body)).await?;
    let code = code_of(&answer)?;
    Ok((code, answer.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned())))
}

fn request(path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!(
        "POST {path} HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    (text + "\r\n" + body).into_bytes()
}

async fn exchange(to: SocketAddr, request: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(to).await?;
    stream.write_all(request).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn code_of(answer: &str) -> io::Result<u16> {
    let code = answer.get(9..12).and_then(|code| code.parse().ok());
    code.ok_or_else(|| io::Error::other("expected an HTTP answer, found something else"))
}

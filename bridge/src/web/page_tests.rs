//! What the pages show of receipts that were printed, asked over the socket.

use std::sync::Arc;

use pos_protocol::event::{Event, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::profile::Profile;
use pos_protocol::session::{Boundary, Lane, Session};
use pos_protocol::time::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::harness::{Shown, shown};
use crate::journal::{Batch, Chunk, ChunkKind, Direction, NewNotice};
use crate::shop::Clerk;

/// Largest page, in bytes.
const MAX_PAGE_BYTES: usize = 100_000;

/// A receipt with somebody's number on it, and a word that would be markup.
fn receipt(number: u32) -> Vec<u8> {
    format!(
        "\x1b@LUCKY <b>STAR</b>\nNo: {number}\nCashier: Ming\nTel 9123 4567\n\
         Tea <script>alert(1)</script>  2  36.00\nTOTAL  36.00\nCASH  40.00\nCHANGE  4.00\n\n\x1dV\0"
    )
    .into_bytes()
}

/// Prints `papers`, each over a connection of its own, and keeps what comes of it as ingest does.
pub(super) async fn print(page: &Shown, papers: &[Vec<u8>]) -> Vec<Event> {
    let (journal, config) = (page.desk.journal.clone(), page.desk.live.config());
    let id = SessionId { journal: journal.uuid(), source: "till".into(), epoch: 1 };
    let mut session = Session::new(id, Arc::new(Profile::default()), Limits::default());
    let now_ms = page.desk.clock.wall_ms();
    let mut batch = Batch { shop: Some(Arc::new(Clerk::new(config))), ..Batch::default() };
    let base = jiff::Timestamp::now().as_nanosecond() as u64;
    for (conn, bytes) in (base..).zip(papers) {
        let mut start = 0;
        // In pieces, as they come off a wire.
        for piece in bytes.chunks(if bytes.len() > 10_000 { 1_000 } else { 40 }) {
            let at = Timestamp::new(conn, now_ms);
            session.receive(Lane::ToPrinter(conn), at, piece);
            batch.chunks.push(Chunk {
                source: "till".into(),
                epoch: 1,
                direction: Direction::ToPrinter,
                conn,
                start,
                kind: ChunkKind::Data,
                at,
                bytes: piece.to_vec(),
            });
            start += piece.len() as u64;
        }
        session.boundary(Lane::ToPrinter(conn), Timestamp::new(conn, now_ms), Boundary::Closed);
    }
    let events: Vec<Event> = std::iter::from_fn(|| session.poll_event()).collect();
    assert_eq!(events.len(), papers.len(), "one of each");
    batch.events.clone_from(&events);
    batch.notices = events
        .iter()
        .map(|event| NewNotice {
            event_id: event.id,
            robot: "owner".into(),
            urgent: false,
            created_ms: now_ms,
        })
        .collect();
    let committed = tokio::task::spawn_blocking(move || journal.commit(batch)).await;
    committed.expect("no panic").expect("kept");
    events
}

#[tokio::test]
async fn a_receipt_stands_beside_its_paper_with_the_bytes_of_each_word() {
    let page = shown(None).await;
    let bytes = receipt(1001);
    let events = print(&page, &[receipt(1000), bytes.clone()]).await;
    let told = page.get(&format!("/receipts/{}", events[1].id), &[]).await;
    assert_eq!(told.code, 200, "{told:?}");
    let total = told.body.split("data-field=\"total\" data-spans=\"").nth(1).expect("a total");
    let (start, end) =
        total.split('"').next().and_then(|span| span.split_once('-')).expect("bytes");
    let at = start.parse::<usize>().expect("a place")..end.parse().expect("a place");
    assert_eq!(&bytes[at], b"36.00");
    assert!(told.body.contains(&format!("data-s=\"{start}\" data-e=\"{end}\">36.00</text>")));
    for hidden in ["9123 4567", ">9123<", "<script>alert", "<b>STAR"] {
        assert!(!told.body.contains(hidden), "{hidden}");
    }
    assert!(told.body.contains(">****<") && told.body.contains("&lt;b&gt;STAR&lt;/b&gt;"));
    assert!(told.body.len() < MAX_PAGE_BYTES, "{} bytes", told.body.len());
    page.end().await;
}

#[tokio::test]
async fn paper_whose_bytes_are_forgotten_is_shown_as_text_and_nonsense_is_not_found() {
    let page = shown(None).await;
    let events = print(&page, &[receipt(1001)]).await;
    let forget = rusqlite::Connection::open(page.desk.journal.path()).expect("the journal");
    forget.execute("DELETE FROM chunk", []).expect("deleted");
    drop(forget);
    let told = page.get(&format!("/receipts/{}", events[0].id), &[]).await;
    assert!(told.code == 200 && told.body.contains("Its bytes are forgotten"), "{told:?}");
    assert!(
        told.body.contains("TOTAL  36.00") && !told.body.contains("9123 4567"),
        "{}",
        told.body
    );
    for path in [
        "/receipts/",
        "/receipts/x",
        "/receipts/8bde772f2c5a805140988f20fe9116bb",
        "/receipts/../j.db",
    ] {
        assert_eq!(page.get(path, &[]).await.code, 404, "{path}");
    }
    page.end().await;
}

#[tokio::test]
async fn the_longest_pages_stay_small() {
    let page = shown(None).await;
    let line = |n: usize| format!("Item number {n} of the very longest bill    {n}  {n}.00\n");
    let long: String = (1..2_000).map(line).collect();
    let paper = format!("\x1b@LUCKY STAR\n{long}TOTAL  1999000.00\n\x1dV\0").into_bytes();
    let mut papers: Vec<Vec<u8>> = (0..300).map(receipt).collect();
    papers.push(paper);
    let events = print(&page, &papers).await;
    let long = events.last().expect("the long one").id;
    for path in
        ["/", "/?lang=zh-HK", "/events", "/events?q=tea", "/outbox", &format!("/receipts/{long}")]
    {
        let start = std::time::Instant::now();
        let told = page.get(path, &[]).await;
        assert_eq!(told.code, 200, "{path}");
        assert!(told.body.len() < MAX_PAGE_BYTES, "{path}: {} bytes", told.body.len());
        let (bytes, ms) = (told.body.len(), start.elapsed().as_millis());
        tracing::info!("{path}: {bytes} bytes in {ms} ms");
        assert!(!told.body.contains("9123 4567") && !told.body.contains("<script>alert"), "{path}");
    }
    for (asset, text) in
        [("page.js", include_str!("pages/page.js")), ("style.css", include_str!("pages/style.css"))]
    {
        assert!(text.len() < MAX_PAGE_BYTES, "{asset}");
    }
    page.end().await;
}

#[tokio::test]
async fn records_are_found_page_by_page_each_once() {
    let page = shown(None).await;
    print(&page, &(1..=90).map(receipt).collect::<Vec<_>>()).await;
    let mut path = "/events?q=Tea".to_owned();
    let mut seen = Vec::new();
    loop {
        let told = page.get(&path, &[]).await;
        assert_eq!(told.code, 200, "{told:?}");
        let rows = told.body.split("<span class=\"number\">#").skip(1);
        seen.extend(rows.filter_map(|row| row.split('<').next()?.parse::<u32>().ok()));
        let body = told.body.replace("&#x2f;", "/").replace("&amp;", "&");
        // The link to the other language stands in the head.
        let (_, main) = body.split_once("<main").expect("a page");
        let Some(next) = main.split("href=\"/events?q").nth(1) else { break };
        path = format!("/events?q{}", next.split('"').next().expect("a link"));
        assert!(seen.len() <= 90, "{seen:?}");
    }
    assert_eq!(seen, (1..=90).rev().collect::<Vec<_>>());
    let one = page.get("/events?q=77", &[]).await;
    assert_eq!(one.body.matches("<li class=\"row").count(), 1, "{}", one.body);
    let none = page.get("/events?q=9123", &[]).await;
    assert!(none.body.contains("Nothing found"), "a telephone number finds nobody");
    page.end().await;
}

#[tokio::test]
async fn what_is_not_delivered_stands_in_the_outbox_with_its_reason() {
    let page = shown(None).await;
    assert!(page.get("/outbox", &[]).await.body.contains("Every message has gone out"));
    let events = print(&page, &[receipt(1001)]).await;
    let why = "the token is gone; call 9123 4567";
    page.desk.journal.park("owner", None, why).await.expect("parked");
    let told = page.get("/outbox", &[]).await;
    assert!(told.body.contains("#1001") && told.body.contains(&events[0].id.to_string()));
    assert!(
        told.body.contains("the token is gone") && !told.body.contains("9123 4567"),
        "{}",
        told.body
    );
    let home = page.get("/", &[]).await;
    assert!(home.body.contains("owner: 1 waiting for a person. the token is gone"));
    assert!(home.body.contains("Something needs a person"), "{}", home.body);
    page.end().await;
}

/// A live list: what came so far, and more of it until `holds`.
async fn until(stream: &mut TcpStream, seen: &mut String, holds: &str) {
    let read = async {
        let mut buffer = [0; 4096];
        while !seen.contains(holds) {
            let count = stream.read(&mut buffer).await.expect("it is open");
            assert!(count > 0, "the list ended: {seen}");
            seen.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, read).await.unwrap_or_else(|_| panic!("no {holds}"));
}

async fn listen(page: &Shown, more: &str) -> TcpStream {
    let mut stream = TcpStream::connect(page.address).await.expect("connects");
    let request = format!("GET /live HTTP/1.1\r\nHost: {}\r\n{more}\r\n", page.address);
    stream.write_all(request.as_bytes()).await.expect("room");
    stream
}

#[tokio::test]
async fn a_listener_hears_what_is_committed_and_after_a_break_what_it_missed() {
    let page = shown(None).await;
    let (mut stream, mut seen) = (listen(&page, "").await, String::new());
    until(&mut stream, &mut seen, "retry: ").await;
    assert!(seen.contains("text/event-stream") && !seen.contains("receipt"), "{seen}");
    print(&page, &[receipt(1)]).await;
    until(&mut stream, &mut seen, "#1<").await;
    drop(stream);
    print(&page, &[receipt(2)]).await;
    print(&page, &[receipt(3)]).await;
    let (mut again, mut seen) = (listen(&page, "Last-Event-ID: 1\r\n").await, String::new());
    until(&mut again, &mut seen, "#3<").await;
    assert!(seen.contains("id: 2\n") && seen.contains("#2<") && !seen.contains("#1<"), "{seen}");
    assert!(!seen.contains("<script>") && !seen.contains("9123 4567"), "{seen}");
    drop(again);
    page.end().await;
}

#[tokio::test]
async fn the_places_of_listeners_are_few() {
    let page = shown(None).await;
    let mut all = Vec::new();
    for _ in 0..super::site::MAX_LISTENERS {
        let (mut stream, mut seen) = (listen(&page, "").await, String::new());
        until(&mut stream, &mut seen, "retry: ").await;
        all.push(stream);
    }
    assert_eq!(page.get("/live", &[]).await.code, 503);
    assert_eq!(page.get("/", &[]).await.code, 200, "pages go on");
    all.clear();
    page.end().await;
}

//! `tcp-printer`: stands in the place of a printer on TCP. It keeps what the POS prints, answers
//! its questions (`answers`), and has it printed where there is paper (`paper`).
//!
//! A connection waits for no other, only for its turn at the paper; without paper nothing waits.
//! What one connection sees is `stand_in`'s.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pos_protocol::profile::Dialect;
use tokio::sync::watch;

use super::paper::Paper;
use super::recorder::Recorder;
use super::stand_in::StandIn;
use super::{listener, stop};
use crate::config::PrintOn;

/// What a stand-in is asked to be.
pub(super) struct Setup {
    pub(super) listen: SocketAddr,
    pub(super) max_connections: usize,
    pub(super) printer: Option<PrintOn>,
    /// In which language questions are asked.
    pub(super) dialect: Dialect,
    /// Pause that ends a receipt, and a turn at the paper.
    pub(super) idle: Duration,
}

/// Serves POS connections until told to stop.
pub(super) async fn serve(setup: Setup, recorder: Recorder, stop: watch::Receiver<bool>) {
    let paper = setup.printer.map(|on| Arc::new(Paper::new(on, recorder.clone())));
    let stand_in = StandIn {
        recorder: recorder.clone(),
        paper: paper.clone(),
        dialect: setup.dialect,
        idle: setup.idle,
    };
    let carry = |pos, peer| stand_in.clone().carry(pos, peer, stop.clone());
    let serving =
        listener::serve(setup.listen, setup.max_connections, &recorder, stop.clone(), carry);
    let Some(paper) = &paper else { return serving.await };
    let mut stopped = stop.clone();
    tokio::select! {
        // So that the first question finds an answer.
        () = paper.look() => {}
        () = stop::told(&mut stopped) => return,
    }
    tokio::select! {
        () = serving => {}
        () = paper.watch() => {}
    }
}

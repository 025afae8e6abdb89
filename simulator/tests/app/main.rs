//! The application's side of the mock as its client sees it: real HTTP and real websockets, one test
//! per stated fact.

mod approvals;
mod calendar;
mod cards;
mod command_line;
mod crowd;
mod openapi;
mod questions;
mod robot;
mod stream;
mod stream_faults;
mod support;
mod todo;

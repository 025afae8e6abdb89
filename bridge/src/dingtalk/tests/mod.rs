//! The client against real servers on this machine: what it makes of every answer, of every way of
//! not getting one, and that no token, secret or password comes out of it.

mod codes;
mod network;
mod proxied;
mod signed;
mod support;
mod trust;

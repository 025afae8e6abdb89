//! The client against real servers.

mod support;

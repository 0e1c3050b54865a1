//! The HTTP listener: `/metrics`, `/healthz`, `/readyz`, and what a driver adds.
//!
//! One thread with a small runtime of its own, so that an orchestrator gets an answer while every core judges. It
//! never takes more than it was built for: connections, header bytes and time per request are bounded, and scrapes
//! beyond a few per second get the text of the last one.

mod endpoint;
mod listen;
mod readiness;
mod routes;
mod server;

pub use endpoint::{Endpoint, ListenProblem};
pub use listen::{ListenAddress, NoListenAddress};
pub use readiness::Readiness;
pub use routes::routes;
pub use server::HttpServer;

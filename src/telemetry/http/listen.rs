//! Addresses to listen at, as people write them.

use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;

use thiserror::Error;

/// An address to listen at; a port alone means that of the loopback interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenAddress(pub SocketAddr);

/// Why a text is no such address.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("is neither a port nor an address with a port such as 0.0.0.0:9464 or [::1]:9464")]
pub struct NoListenAddress;

impl FromStr for ListenAddress {
    type Err = NoListenAddress;

    fn from_str(text: &str) -> Result<ListenAddress, NoListenAddress> {
        let on_loopback = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let port = text.strip_prefix(':').unwrap_or(text);
        let address =
            port.parse().map(on_loopback).or_else(|_| text.replace("localhost:", "127.0.0.1:").parse());
        address.map(ListenAddress).map_err(|_| NoListenAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_one_of_the_loopback_interface() {
        let read = |text: &str| text.parse::<ListenAddress>().map(|address| address.0.to_string());
        assert_eq!(read("9464").as_deref(), Ok("127.0.0.1:9464"));
        assert_eq!(read(":9464").as_deref(), Ok("127.0.0.1:9464"));
        assert_eq!(read("localhost:1").as_deref(), Ok("127.0.0.1:1"));
        assert_eq!(read("0.0.0.0:9464").as_deref(), Ok("0.0.0.0:9464"));
        assert_eq!(read("[::1]:0").as_deref(), Ok("[::1]:0"));
        for text in ["", "host:1", "70000", "1.2.3.4"] {
            assert_eq!(read(text), Err(NoListenAddress), "{text}");
        }
    }
}

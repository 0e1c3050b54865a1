//! An address that is listened to.

use std::io;
use std::net::{SocketAddr, TcpListener};

use thiserror::Error;

/// A bound address. Connections wait in the kernel until a server is started on it.
#[derive(Debug)]
pub struct Endpoint {
    pub(super) listener: TcpListener,
    address: SocketAddr,
}

/// Why an address cannot be listened to.
#[derive(Debug, Error)]
pub enum ListenProblem {
    /// Somebody else does.
    #[error("{0} is in use already; give another port, or port 0 for any free one")]
    Taken(SocketAddr),
    /// It is none of this machine's.
    #[error("{0} is no address of this machine")]
    NotHere(SocketAddr),
    /// Anything else.
    #[error("{address} cannot be listened to: {error}")]
    Other {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
}

impl Endpoint {
    /// Binds `address`; port 0 means any free one.
    ///
    /// # Errors
    /// The system refuses.
    pub fn bind(address: SocketAddr) -> Result<Endpoint, ListenProblem> {
        let bound = TcpListener::bind(address).and_then(|listener| {
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok(Endpoint { listener, address })
        });
        bound.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => ListenProblem::Taken(address),
            io::ErrorKind::AddrNotAvailable => ListenProblem::NotHere(address),
            _ => ListenProblem::Other { address, error },
        })
    }

    /// The address, with the port that was found if none was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

//! The thread that answers.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::endpoint::Endpoint;

/// Connections at once. If another one comes, idle ones are closed for it, and it waits in the kernel until one has gone.
const CONNECTIONS_MAX: usize = 64;
/// Bytes of a request's head, and of what is read ahead of a body.
const HEAD_BYTES_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;
/// For the head of a request to come; also how long an idle connection is kept.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// From the head of a request to its answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// After this a connection is closed between two requests, so that nobody holds one forever.
const CONNECTION_AGE_MAX: Duration = Duration::from_secs(300);
/// What open requests have to end in when the server stops.
const DRAIN_WITHIN: Duration = Duration::from_secs(2);
/// After a failed `accept`, most likely for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A running listener. Dropping it stops it.
#[derive(Debug)]
pub struct HttpServer {
    address: SocketAddr,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl HttpServer {
    /// Serves `router` at `endpoint` in a thread of its own.
    ///
    /// Handlers run in that one thread and must not block. A handler that reads a body has to bound it itself, for
    /// example with [`axum::extract::DefaultBodyLimit`].
    ///
    /// # Errors
    /// The system gives no thread or no runtime.
    pub fn start(endpoint: Endpoint, router: Router) -> io::Result<HttpServer> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (address, stop) = (endpoint.address(), CancellationToken::new());
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(endpoint.listener)?
        };
        let until = stop.clone();
        let thread = thread::Builder::new()
            .name("http".to_owned())
            .spawn(move || runtime.block_on(accept_all(listener, router, until)))?;
        Ok(HttpServer { address, stop, thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic there has been printed.
            let _ = thread.join();
        }
    }
}

async fn accept_all(listener: TcpListener, router: Router, stop: CancellationToken) {
    let (places, wanted) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), Arc::new(Notify::new()));
    while let Some(accepted) = stop.run_until_cancelled(accept(&listener, &places, &wanted)).await {
        match accepted {
            Ok((stream, place)) => {
                let (router, stop, wanted) = (router.clone(), stop.clone(), Arc::clone(&wanted));
                tokio::spawn(async move {
                    connection(stream, router, stop, wanted).await;
                    drop(place);
                });
            }
            Err(_) => sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    // All places are free when no connection is left.
    let _ = timeout(DRAIN_WITHIN, places.acquire_many(CONNECTIONS_MAX as u32)).await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    wanted: &Notify,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let (stream, _) = listener.accept().await?;
    let place = match Arc::clone(places).try_acquire_owned() {
        Ok(place) => place,
        Err(_) => {
            wanted.notify_waiters();
            Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?
        }
    };
    Ok((stream, place))
}

/// Serves a connection until its peer ends it, it is old, or its place is `wanted`: what is being asked is still answered.
async fn connection(stream: TcpStream, router: Router, stop: CancellationToken, wanted: Arc<Notify>) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        answer(router.clone(), request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_headers(HEADERS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        _ = connection.as_mut() => true,
        () = stop.cancelled() => false,
        () = wanted.notified() => false,
        () = sleep(CONNECTION_AGE_MAX) => false,
    };
    if !ended {
        connection.as_mut().graceful_shutdown();
        // A peer that neither reads nor writes any more is left at last.
        let _ = timeout(ANSWER_WITHIN, connection).await;
    }
}

async fn answer(
    router: TowerToHyperService<Router>,
    request: Request<Body>,
) -> Result<Response<Body>, Infallible> {
    let response = timeout(ANSWER_WITHIN, hyper::service::Service::call(&router, request)).await;
    response.unwrap_or_else(|_| Ok(StatusCode::REQUEST_TIMEOUT.into_response()))
}

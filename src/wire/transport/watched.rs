//! A connection that records whether anything was sent or received, which decides what a broken exchange means.

use std::cell::Cell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What went over a connection since an exchange began.
#[derive(Debug, Default)]
pub(in crate::wire) struct Traffic {
    sent: Cell<bool>,
    received: Cell<bool>,
}

impl Traffic {
    /// An exchange begins.
    pub(in crate::wire) fn reset(&self) {
        self.sent.set(false);
        self.received.set(false);
    }

    /// Whether a byte may have gone out.
    pub(in crate::wire) fn has_sent(&self) -> bool {
        self.sent.get()
    }

    /// Whether a byte came in.
    pub(in crate::wire) fn has_received(&self) -> bool {
        self.received.get()
    }
}

/// A stream whose traffic is noted.
#[derive(Debug)]
pub(in crate::wire) struct Watched<S> {
    stream: S,
    traffic: Rc<Traffic>,
}

impl<S> Watched<S> {
    pub(in crate::wire) fn new(stream: S) -> (Self, Rc<Traffic>) {
        let traffic = Rc::new(Traffic::default());
        (Self { stream, traffic: Rc::clone(&traffic) }, traffic)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.traffic.received.set(true);
        }
        done
    }
}

impl<S> Watched<S> {
    fn note(&self, done: &Poll<io::Result<usize>>) {
        if matches!(done, Poll::Ready(Ok(1..))) {
            self.traffic.sent.set(true);
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(&done);
        done
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.note(&done);
        done
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

//! Messages that nobody sends by accident, and keywords of errors where their rules demand them.

mod hostile;
mod keyword;

//! A parsed view of an exchange: what it asks for, what it changes, and which attribute an error blames. It is read once
//! for all rules.
//!
//! May use, of `requirement`: nothing else.

pub(crate) mod attribute;
pub(crate) mod blamed_attribute;
pub(crate) mod change;
pub(crate) mod facts;
pub(crate) mod reason;
pub(crate) mod shape;
pub(crate) mod view;

//! A parsed view of an exchange: what it asks, what it changes, and which attribute is blamed.

pub(crate) mod attribute;
pub(crate) mod blamed_attribute;
pub(crate) mod change;
pub(crate) mod shape;
pub(crate) mod view;

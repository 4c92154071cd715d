//! A request that is written out.

use crate::wire::{Key, Method};

use super::expect::Expect;
use super::template::Template;

/// A literal request.
#[derive(Debug, Clone)]
pub struct Literal {
    /// The method.
    pub method: Method,
    /// The target below the base.
    pub target: Template,
    /// Headers that differ from the provider's; an empty value removes a header.
    pub headers: Vec<(String, Template)>,
    /// What it shows of the target's key.
    pub key: Key,
    /// The body.
    pub body: Option<Body>,
    /// The expected response.
    pub expect: Expect,
    /// What of the answer later requests name.
    pub keep: Vec<Kept>,
    /// Whether it writes a name that stands in the file, which no run token can make unique.
    pub writes_literal_name: bool,
}

/// A literal body.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON with holes.
    Json(Template),
    /// Anything, as it is.
    Text(String),
}

/// A value of an answer that later requests name.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// The JSON Pointer to it.
    pub pointer: String,
    /// Where that is said.
    pub at: crate::diag::At,
}

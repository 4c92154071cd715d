//! A filter as a tree.

use serde_json::Number;

use crate::scim::AttrPath;

/// A filter (RFC 7644 §3.4.2.2).
///
/// Chains of `and` and `or` are flat, so that a long one is not a deep tree; build them with [`Filter::and`] and [`Filter::or`].
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// One of them matches.
    Or(Vec<Filter>),
    /// All of them match.
    And(Vec<Filter>),
    /// It does not match.
    Not(Box<Filter>),
    /// The attribute has a value that is not empty.
    Present(AttrPath),
    /// One of the attribute's values compares so; for `ne`, none is equal.
    Compare {
        /// The attribute.
        path: AttrPath,
        /// The operator.
        op: CompareOp,
        /// What it is compared with.
        value: Literal,
    },
    /// One of the attribute's values matches, all conditions at once: `emails[type eq "work" and value co "@example.com"]`.
    ValuePath {
        /// The attribute.
        path: AttrPath,
        /// The filter; its paths are the sub-attributes.
        filter: Box<Filter>,
    },
}

/// A comparison's operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

impl CompareOp {
    /// Every operator with its keyword.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Eq, "eq"),
        (Self::Ne, "ne"),
        (Self::Co, "co"),
        (Self::Sw, "sw"),
        (Self::Ew, "ew"),
        (Self::Gt, "gt"),
        (Self::Ge, "ge"),
        (Self::Lt, "lt"),
        (Self::Le, "le"),
    ];

    /// The keyword.
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find_map(|(op, word)| (op == self).then_some(word)).unwrap_or_default()
    }

    /// Whether the operator asks for an order, which booleans and binaries have not.
    pub fn is_ordering(self) -> bool {
        matches!(self, Self::Gt | Self::Ge | Self::Lt | Self::Le)
    }
}

/// What an attribute is compared with: a JSON value that is neither object nor array.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`: no value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string; dates are strings too.
    String(String),
}

impl Filter {
    /// `attr eq "value"`.
    pub fn eq(path: AttrPath, value: impl Into<String>) -> Self {
        Self::Compare { path, op: CompareOp::Eq, value: Literal::String(value.into()) }
    }

    /// All of the filters; chains are flattened. Of one filter, that filter.
    #[must_use]
    pub fn and(filters: Vec<Self>) -> Self {
        chain(
            filters,
            |filter| match filter {
                Self::And(inner) => Ok(inner),
                other => Err(other),
            },
            Self::And,
        )
    }

    /// One of the filters; chains are flattened. Of one filter, that filter.
    #[must_use]
    pub fn or(filters: Vec<Self>) -> Self {
        chain(
            filters,
            |filter| match filter {
                Self::Or(inner) => Ok(inner),
                other => Err(other),
            },
            Self::Or,
        )
    }

    /// The attribute and the string, where the whole filter is one `attr eq "string"`: an index can answer that.
    pub fn equality(&self) -> Option<(&AttrPath, &str)> {
        match self {
            Self::Compare { path, op: CompareOp::Eq, value: Literal::String(text) } => Some((path, text)),
            _ => None,
        }
    }

    /// The attributes of the resource about which the filter says something, in its order; some may stand there twice.
    pub fn paths(&self) -> Vec<&AttrPath> {
        match self {
            Self::Or(filters) | Self::And(filters) => filters.iter().flat_map(Self::paths).collect(),
            Self::Not(inner) => inner.paths(),
            Self::Present(path) | Self::Compare { path, .. } | Self::ValuePath { path, .. } => vec![path],
        }
    }

    /// The comparisons that an element must fulfil, where the filter is one `eq` or several joined by `and`.
    ///
    /// From them an element can be made that matches: `[type eq "work"]` is `{"type": "work"}`.
    pub(crate) fn equalities(&self) -> Option<Vec<(&AttrPath, &Literal)>> {
        match self {
            Self::Compare { path, op: CompareOp::Eq, value } => Some(vec![(path, value)]),
            Self::And(filters) => {
                let parts: Option<Vec<_>> = filters.iter().map(Self::equalities).collect();
                Some(parts?.into_iter().flatten().collect())
            }
            _ => None,
        }
    }
}

fn chain(
    filters: Vec<Filter>,
    open: impl Fn(Filter) -> Result<Vec<Filter>, Filter>,
    close: impl Fn(Vec<Filter>) -> Filter,
) -> Filter {
    let mut flat = Vec::with_capacity(filters.len());
    for filter in filters {
        match open(filter) {
            Ok(inner) => flat.extend(inner),
            Err(other) => flat.push(other),
        }
    }
    match flat.pop() {
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            close(flat)
        }
        None => close(flat),
    }
}

//! Versions of resources and conditional requests (RFC 7644 §3.14, RFC 9110 §8.8.3 and §13).
//!
//! RFC 9110 compares `If-Match` strongly, by which no weak tag ever matches; RFC 7644 shows weak tags in `If-Match`. SCIM
//! wins here: both headers compare weakly.

use std::fmt;

use percent_encoding::percent_encode_byte;

use super::ScimError;

/// An entity tag: the version of a resource, as it stands in `ETag` and in `meta.version`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ETag {
    /// Whether two of the same tag may differ in bytes.
    pub weak: bool,
    /// What stands between the quotes.
    pub tag: String,
}

impl ETag {
    /// The weak tag of a version. What may not stand in a tag is percent-encoded, so that different versions stay different.
    ///
    /// A version that is a tag already (`W/"1"`, `"1"`) stays that tag.
    pub fn of_version(version: &str) -> Self {
        if let Some(tag) = Self::parse(version) {
            return tag;
        }
        let mut tag = String::with_capacity(version.len());
        for byte in version.bytes() {
            if matches!(byte, 0x21 | 0x23..=0x24 | 0x26..=0x7e) {
                tag.push(char::from(byte));
            } else {
                tag.push_str(percent_encode_byte(byte));
            }
        }
        Self { weak: true, tag }
    }

    /// The tag that the text is: `W/"…"` or `"…"`.
    pub fn parse(text: &str) -> Option<Self> {
        let (tag, rest) = Self::take(text.trim())?;
        rest.is_empty().then_some(tag)
    }

    /// Whether both are the same tag, weak or not (RFC 9110 §8.8.3.2).
    pub fn matches_weakly(&self, other: &Self) -> bool {
        self.tag == other.tag
    }

    /// The tag at the beginning of the text, and what follows it.
    fn take(text: &str) -> Option<(Self, &str)> {
        let (weak, quoted) = match text.strip_prefix("W/") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (tag, rest) = quoted.strip_prefix('"')?.split_once('"')?;
        let fits = tag.chars().all(|c| c > ' ' && c != '\u{7f}');
        fits.then(|| (Self { weak, tag: tag.to_owned() }, rest))
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\"{}\"", if self.weak { "W/" } else { "" }, self.tag)
    }
}

/// The value of `If-Match` or `If-None-Match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// `*`: any version, as long as there is one.
    Any,
    /// One of these versions.
    Tags(Vec<ETag>),
}

impl Condition {
    /// Reads all lines of the header; none where there is no line.
    ///
    /// 400 where a line is no list of tags: a condition that cannot be read must not count as fulfilled.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>, ScimError> {
        let mut tags = Vec::new();
        let (mut any, mut given) = (false, false);
        for line in lines {
            given = true;
            if line.trim() == "*" {
                any = true;
                continue;
            }
            let mut rest = line;
            loop {
                rest = rest.trim_start_matches([' ', '\t', ',']);
                if rest.is_empty() {
                    break;
                }
                let (tag, behind) = ETag::take(rest).ok_or_else(|| malformed(line))?;
                let behind = behind.trim_start_matches([' ', '\t']);
                if !(behind.is_empty() || behind.starts_with(',')) {
                    return Err(malformed(line));
                }
                tags.push(tag);
                rest = behind;
            }
        }
        match (given, any, tags.is_empty()) {
            (false, ..) => Ok(None),
            (true, true, true) => Ok(Some(Self::Any)),
            (true, false, false) => Ok(Some(Self::Tags(tags))),
            (true, ..) => Err(malformed("")),
        }
    }

    /// Whether the resource's version is meant; no version where there is no resource.
    pub fn matches(&self, current: Option<&ETag>) -> bool {
        match (self, current) {
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::Tags(tags), Some(current)) => tags.iter().any(|tag| tag.matches_weakly(current)),
        }
    }
}

fn malformed(line: &str) -> ScimError {
    ScimError::new(400, format!("{line:?} is neither * nor a list of entity tags such as W/\"1\""))
}

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The request is carried out.
    Proceed,
    /// 304: the client has this version already.
    NotModified,
    /// 412: the resource is not what the client thinks.
    PreconditionFailed,
}

/// The conditions of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preconditions {
    /// `If-Match`: only if this is still the version.
    pub if_match: Option<Condition>,
    /// `If-None-Match`: only if this is not the version.
    pub if_none_match: Option<Condition>,
}

impl Preconditions {
    /// Reads the lines of both headers; the error is that of [`Condition::parse`].
    pub fn parse<'a>(
        if_match: impl IntoIterator<Item = &'a str>,
        if_none_match: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ScimError> {
        Ok(Self { if_match: Condition::parse(if_match)?, if_none_match: Condition::parse(if_none_match)? })
    }

    /// The condition of an operation in a bulk request: its `version` is an `If-Match` (RFC 7644 §3.7).
    pub fn of_version(version: &str) -> Self {
        Self { if_match: Some(Condition::Tags(vec![ETag::of_version(version)])), if_none_match: None }
    }

    /// Judges the conditions in the order of RFC 9110 §13.2.2; `is_read` says whether the request is a GET or HEAD.
    pub fn judge(&self, is_read: bool, current: Option<&ETag>) -> Outcome {
        if self.if_match.as_ref().is_some_and(|condition| !condition.matches(current)) {
            return Outcome::PreconditionFailed;
        }
        match &self.if_none_match {
            Some(condition) if condition.matches(current) && is_read => Outcome::NotModified,
            Some(condition) if condition.matches(current) => Outcome::PreconditionFailed,
            _ => Outcome::Proceed,
        }
    }

    /// The conditions of a request that writes: 412 where one fails.
    pub fn check_write(&self, current: Option<&ETag>) -> Result<(), ScimError> {
        match (self.judge(false, current), current) {
            (Outcome::Proceed, _) => Ok(()),
            (_, Some(current)) => {
                let detail =
                    format!("the version of the resource is {current}, which does not match the condition");
                Err(ScimError::precondition_failed(detail))
            }
            (_, None) => Err(ScimError::precondition_failed("there is no such resource")),
        }
    }
}

#[cfg(test)]
mod tests;

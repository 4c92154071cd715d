//! From text to a filter or a path: recursive descent, bounded in depth and length so that no text can exhaust anything.

use std::ops::Range;

use serde_json::Number;

use super::instant::instant;
use super::{CompareOp, Filter, FilterError, Literal};
use crate::scim::resource::attribute::boolean_word;
use crate::scim::schema::{self, AttributeDef, AttributeType};
use crate::scim::{AttrPath, Leniency, PathError, ResourceKind};

/// How deep parentheses, brackets and `not` may nest.
pub const MAX_DEPTH: usize = 64;
/// How many comparisons one filter may have.
pub const MAX_TERMS: usize = 1024;

type Result<T> = std::result::Result<T, FilterError>;

/// The parts of a PATCH operation's path: the attribute, the filter between the brackets, the sub-attribute behind them.
type PathParts = (AttrPath, Option<Filter>, Option<String>);

impl Filter {
    /// Parses a filter. [`FilterError`] says which bytes are wrong.
    pub fn parse(text: &str, leniency: &Leniency) -> Result<Self> {
        match plain_equality(text, leniency) {
            Some(filter) => Ok(filter),
            None => Parser::new(text, leniency).filter(),
        }
    }
}

/// The filter of a lookup, `attr eq "text"` without anything that has to be looked at closely: what providers ask for most.
fn plain_equality(text: &str, leniency: &Leniency) -> Option<Filter> {
    let (name, rest) = text.split_once(' ')?;
    let value = rest.strip_prefix("eq \"")?.strip_suffix('"')?;
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // A boolean in quotes may be refused.
    (is_name && leniency.string_booleans && !value.bytes().any(is_escaped))
        .then(|| Filter::eq(AttrPath::of(name), value))
}

/// Reads one text.
pub(crate) struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    terms: usize,
    leniency: &'a Leniency,
    /// The attribute in whose brackets the parser is.
    parent: Option<AttrPath>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, leniency: &'a Leniency) -> Self {
        Self { text, at: 0, depth: 0, terms: 0, leniency, parent: None }
    }

    /// The whole text as a filter.
    pub(crate) fn filter(mut self) -> Result<Filter> {
        let filter = self.or()?;
        self.skip_spaces();
        match self.peek() {
            None => Ok(filter),
            Some(')') => Err(self.here("this parenthesis has no opening one")),
            Some(']') => Err(self.here("this bracket has no opening one")),
            Some(_) => Err(FilterError::new(self.word_span(), "expected \"and\", \"or\" or the end")),
        }
    }

    /// The whole text as the path of a PATCH operation.
    pub(crate) fn path(mut self) -> std::result::Result<PathParts, PathError> {
        self.skip_spaces();
        let span = self.word_span();
        self.at = span.end;
        let start = span.start;
        let attr = AttrPath::parse_with(&self.text[span], self.leniency)
            .map_err(|error| PathError { span: error.span.start + start..error.span.end + start, ..error })?;
        let (mut filter, mut sub) = (None, None);
        if self.peek() == Some('[') {
            if attr.sub.is_some() || attr.is_container() {
                return Err(PathError::new(
                    start..self.at,
                    "only an attribute can be followed by a value filter",
                ));
            }
            filter = Some(self.brackets(&attr)?);
            sub = self.sub_attribute()?;
        }
        self.skip_spaces();
        if self.at < self.text.len() {
            let rest = self.at..self.text.len();
            return Err(PathError::new(rest, "expected the end of the path"));
        }
        Ok((attr, filter, sub))
    }

    fn or(&mut self) -> Result<Filter> {
        let mut filters = vec![self.and()?];
        while self.keyword("or") {
            filters.push(self.and()?);
        }
        Ok(Filter::or(filters))
    }

    fn and(&mut self) -> Result<Filter> {
        let mut filters = vec![self.factor()?];
        while self.keyword("and") {
            filters.push(self.factor()?);
        }
        Ok(Filter::and(filters))
    }

    /// A group, a negated group, or one expression about an attribute.
    fn factor(&mut self) -> Result<Filter> {
        self.skip_spaces();
        if self.peek() == Some('(') {
            return self.nested(')', Self::or);
        }
        let start = self.at;
        if self.keyword("not") {
            self.skip_spaces();
            if self.peek() == Some('(') {
                return Ok(Filter::Not(Box::new(self.nested(')', Self::or)?)));
            }
            self.at = start;
        }
        self.expression()
    }

    fn expression(&mut self) -> Result<Filter> {
        self.terms += 1;
        if self.terms > MAX_TERMS {
            return Err(self.here(format!("more than {MAX_TERMS} comparisons")));
        }
        let span = self.word_span();
        if span.is_empty() {
            return Err(self.here("expected an attribute"));
        }
        let path = AttrPath::parse_with(&self.text[span.clone()], self.leniency)
            .map_err(|error| FilterError::of_path(error, span.start))?;
        self.at = span.end;
        if self.peek() == Some('[') {
            return self.value_path(path);
        }
        self.comparison(path)
    }

    /// `emails[…]`, and where it is allowed `emails[…].value eq "…"`, which means `emails[… and value eq "…"]`.
    fn value_path(&mut self, path: AttrPath) -> Result<Filter> {
        if self.parent.is_some() {
            return Err(self.here("a value filter cannot contain another one"));
        }
        let mut filter = self.brackets(&path)?;
        let dot = self.at;
        let sub = self.sub_attribute().map_err(|error| FilterError::new(error.span, error.message))?;
        if let Some(sub) = sub {
            if !self.leniency.value_path_in_filter {
                return Err(FilterError::new(
                    dot..self.at,
                    "a sub-attribute is not allowed after this value filter",
                ));
            }
            self.parent = Some(path.clone());
            let comparison = self.comparison(AttrPath::of(sub));
            self.parent = None;
            filter = Filter::and(vec![filter, comparison?]);
        }
        Ok(Filter::ValuePath { path, filter: Box::new(filter) })
    }

    fn brackets(&mut self, path: &AttrPath) -> Result<Filter> {
        self.parent = Some(path.clone());
        let filter = self.nested(']', Self::or);
        self.parent = None;
        filter
    }

    /// `.value` behind a bracket.
    fn sub_attribute(&mut self) -> std::result::Result<Option<String>, PathError> {
        if self.peek() != Some('.') {
            return Ok(None);
        }
        let span = self.at + 1..self.word_span().end;
        let name = &self.text[span.clone()];
        match AttrPath::parse(name) {
            Ok(AttrPath { schema: None, name, sub: None }) => {
                self.at = span.end;
                Ok(Some(name))
            }
            _ => Err(PathError::new(span, "expected a sub-attribute")),
        }
    }

    fn comparison(&mut self, path: AttrPath) -> Result<Filter> {
        self.skip_spaces();
        let span = self.word_span();
        let word = &self.text[span.clone()];
        if word.eq_ignore_ascii_case("pr") {
            self.at = span.end;
            return Ok(Filter::Present(path));
        }
        let op =
            CompareOp::ALL.into_iter().find_map(|(op, name)| word.eq_ignore_ascii_case(name).then_some(op));
        let Some(op) = op else {
            let message = "expected an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr";
            return Err(FilterError::new(span, message));
        };
        self.at = span.end;
        self.skip_spaces();
        let start = self.at;
        let value = self.literal()?;
        self.check_types(&path, op, &value, start..self.at)?;
        Ok(Filter::Compare { path, op, value })
    }

    /// RFC 7644 §3.4.2.2: a comparison by order fails for booleans and binaries, and a date is compared with dates.
    fn check_types(&self, path: &AttrPath, op: CompareOp, value: &Literal, span: Range<usize>) -> Result<()> {
        let data_type = self.definition(path).map(|def| def.data_type);
        let is_boolean = data_type == Some(AttributeType::Boolean);
        let unordered = is_boolean || data_type == Some(AttributeType::Binary);
        let literal_unordered = matches!(value, Literal::Bool(_) | Literal::Null);
        if op.is_ordering() && (unordered || literal_unordered) {
            let message = format!("\"{}\" cannot compare this", op.as_str());
            return Err(FilterError::new(span, message));
        }
        if data_type == Some(AttributeType::DateTime)
            && let Literal::String(text) = value
            && !matches!(op, CompareOp::Co | CompareOp::Sw | CompareOp::Ew)
            && instant(text).is_none()
        {
            return Err(FilterError::new(
                span,
                "this is not a date and time such as \"2026-01-31T09:30:00Z\"",
            ));
        }
        let spelled = matches!(value, Literal::String(_)) && is_boolean;
        if spelled && !self.leniency.string_booleans {
            let message = "a boolean must be true or false, without quotes";
            return Err(FilterError::new(span, message));
        }
        Ok(())
    }

    /// What any kind's schema says about the attribute: the text alone does not say which kind it is about.
    fn definition(&self, path: &AttrPath) -> Option<&'static AttributeDef> {
        let full = match &self.parent {
            Some(parent) if path.sub.is_none() => AttrPath { sub: Some(path.name.clone()), ..parent.clone() },
            Some(_) => return None,
            None => path.clone(),
        };
        ResourceKind::ALL.into_iter().find_map(|kind| schema::attribute(kind, &full))
    }

    fn literal(&mut self) -> Result<Literal> {
        match self.peek() {
            Some('"') => return self.string().map(Literal::String),
            Some('\'') => return Err(self.here("a string has double quotes")),
            _ => {}
        }
        let span = self.word_span();
        let word = &self.text[span.clone()];
        self.at = span.end;
        let exact = matches!(word, "true" | "false");
        if let Some(flag) = boolean_word(word)
            && (exact || self.leniency.string_booleans)
        {
            return Ok(Literal::Bool(flag));
        }
        match word {
            "null" => Ok(Literal::Null),
            "" => Err(FilterError::new(span, "expected a value")),
            _ => number(word).map(Literal::Number).ok_or_else(|| {
                let message = "expected a value: a string in double quotes, a number, true, false or null";
                FilterError::new(span, message)
            }),
        }
    }

    /// A JSON string.
    fn string(&mut self) -> Result<String> {
        let start = self.at;
        let mut escaped = false;
        for (offset, c) in self.text[start + 1..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let end = start + 1 + offset + 1;
                    self.at = end;
                    return serde_json::from_str(&self.text[start..end]).map_err(|_| {
                        FilterError::new(
                            start..end,
                            "this is not a JSON string: \" and \\ need a \\ before them",
                        )
                    });
                }
                _ => {}
            }
        }
        let message = "this string is not closed";
        Err(FilterError::new(start..self.text.len(), message))
    }

    /// What stands between the character here and the closing one.
    fn nested(&mut self, close: char, inner: impl Fn(&mut Self) -> Result<Filter>) -> Result<Filter> {
        let open = self.at;
        if self.depth == MAX_DEPTH {
            return Err(self.here(format!("nested deeper than {MAX_DEPTH}")));
        }
        self.at += 1;
        self.depth += 1;
        let filter = inner(self)?;
        self.depth -= 1;
        self.skip_spaces();
        match self.peek() {
            Some(c) if c == close => {
                self.at += 1;
                Ok(filter)
            }
            Some(_) => {
                Err(FilterError::new(self.word_span(), format!("expected \"and\", \"or\" or \"{close}\"")))
            }
            None => Err(FilterError::new(open..open + 1, format!("the \"{close}\" for this is missing"))),
        }
    }

    /// Steps over the keyword, if it stands here.
    fn keyword(&mut self, keyword: &str) -> bool {
        let start = self.at;
        self.skip_spaces();
        let span = self.word_span();
        let found = self.text[span.clone()].eq_ignore_ascii_case(keyword);
        self.at = if found { span.end } else { start };
        found
    }

    /// The characters up to a space, a parenthesis, a bracket or a quote; or the one such character.
    fn word_span(&self) -> Range<usize> {
        let rest = &self.text[self.at..];
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
        self.at..self.at + rest.find(ends).unwrap_or(rest.len())
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip_spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn here(&self, message: impl Into<String>) -> FilterError {
        let width = self.peek().map_or(0, char::len_utf8);
        FilterError::new(self.at..self.at + width, message)
    }
}

/// A JSON number, read to the last digit.
fn number(word: &str) -> Option<Number> {
    let checked: Number = serde_json::from_str(word).ok()?;
    if checked.is_f64() { Number::from_f64(word.parse().ok()?) } else { Some(checked) }
}

#[cfg(test)]
mod tests;

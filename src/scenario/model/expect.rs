//! What must come back for a literal request.

use serde_json::Value;

use crate::diag::At;
use crate::scim::resource::attribute;
use crate::scim::urn;

use super::template::Template;

/// The expected response to a literal request.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// The statuses that are right, and where that is said.
    pub status: Option<(Vec<u16>, At)>,
    /// The scimType that is right, and where that is said.
    pub scim_type: Option<(String, At)>,
    /// Headers with how their values begin, and where that is said.
    pub headers: Vec<(String, String, At)>,
    /// What must hold in the body, where the answer is no error, or only errors are right.
    pub body: Vec<Check>,
    /// A stricter expectation for the reference endpoint, where other endpoints may differ.
    pub reference: Option<Box<Expect>>,
}

impl Expect {
    /// Whether a status is right. Where a request may be refused with 400, an endpoint may also say that it does not do such
    /// things (501, RFC 7644 §3.12).
    pub fn takes(&self, status: u16) -> bool {
        self.status
            .as_ref()
            .is_none_or(|(right, _)| right.contains(&status) || (status == 501 && right.contains(&400)))
    }

    /// Whether an answer is right that the reference endpoint would not give: what comes after it is another story.
    pub fn departs(&self, status: u16) -> bool {
        self.takes(status) && self.reference.as_ref().is_some_and(|reference| !reference.takes(status))
    }

    /// Whether `body` is about an answer of that status: where a success and an error are both right it is about the success,
    /// and where an answer with a body and one without (204) are both right, about the one with.
    pub fn has_body(&self, status: u16) -> bool {
        let Some((right, _)) = &self.status else { return true };
        let other = |kind: fn(u16) -> bool| right.iter().any(|status| kind(*status));
        match status {
            204 => !other(|status| status < 400 && status != 204),
            400.. => !other(|status| status < 400),
            _ => true,
        }
    }

    /// The errors that are right beside something else.
    pub fn refusals(&self) -> Vec<String> {
        let Some((right, _)) = self.status.as_ref().filter(|_| self.takes_success()) else {
            return Vec::new();
        };
        let errors =
            (400..600).filter(|status| (right.contains(status) || *status == 501) && self.takes(*status));
        errors.map(|status| status.to_string()).collect()
    }

    /// Whether some status is right that is no error.
    pub fn takes_success(&self) -> bool {
        self.status.as_ref().is_none_or(|(right, _)| right.iter().any(|status| *status < 400))
    }
}

/// A condition for a value in a body.
#[derive(Debug, Clone)]
pub struct Check {
    /// The place, as a JSON Pointer (RFC 6901); names are compared without case (RFC 7643 §2.1).
    pub pointer: String,
    /// What must hold.
    pub condition: Condition,
    /// Where that is said.
    pub at: At,
}

/// What must hold. Templates are JSON.
#[derive(Debug, Clone)]
pub enum Condition {
    /// There is a value that says something.
    Filled,
    /// There is none.
    Absent,
    /// The value is a string.
    String,
    /// The value is a number.
    Number,
    /// The value is a boolean.
    Boolean,
    /// The value is an array.
    Array,
    /// It is this.
    Equals(Template),
    /// It is not this.
    Differs(Template),
    /// Something in it is this, or has at least these members.
    Has(Template),
    /// Nothing in it is this, or has these members.
    Lacks(Template),
    /// It has so many elements.
    Length(usize),
    /// It has so many elements, or is so large, or more.
    AtLeast(usize),
}

/// The value at a JSON Pointer (RFC 6901). Names of attributes are compared without case (RFC 7643 §2.1).
pub fn value_at<'a>(body: &'a Value, pointer: &str) -> Option<&'a Value> {
    let Some(path) = pointer.strip_prefix('/') else {
        return pointer.is_empty().then_some(body);
    };
    path.split('/').map(|word| word.replace("~1", "/").replace("~0", "~")).try_fold(body, |value, word| {
        match value {
            Value::Array(elements) => elements.get(word.parse::<usize>().ok()?),
            Value::Object(_) => attribute::get(value, &word),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    })
}

/// Whether `value` is `wanted`, or, of objects, has at least its members.
pub fn covers(value: &Value, wanted: &Value) -> bool {
    match wanted {
        Value::Object(members) if value.is_object() => members
            .iter()
            .all(|(name, wanted)| attribute::get(value, name).is_some_and(|value| covers(value, wanted))),
        _ => is_same(value, wanted),
    }
}

/// Whether two values are the same. URNs have no case (RFC 8141 §3.1, RFC 7643 §2.1), be they values or names.
fn is_same(value: &Value, wanted: &Value) -> bool {
    let same_name = |one: &str, other: &str| {
        one == other || (urn::is_urn(one) && urn::is_urn(other) && one.eq_ignore_ascii_case(other))
    };
    match (value, wanted) {
        (Value::String(one), Value::String(other)) => same_name(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| {
                    let other = other.get(name).or_else(|| {
                        other.iter().find_map(|(key, value)| same_name(name, key).then_some(value))
                    });
                    other.is_some_and(|other| is_same(one, other))
                })
        }
        _ => value == wanted,
    }
}

impl Condition {
    /// The template of what it compares with, where it compares.
    pub fn template(&self) -> Option<&Template> {
        match self {
            Self::Equals(wanted) | Self::Differs(wanted) | Self::Has(wanted) | Self::Lacks(wanted) => {
                Some(wanted)
            }
            Self::Filled
            | Self::Absent
            | Self::String
            | Self::Number
            | Self::Boolean
            | Self::Array
            | Self::Length(_)
            | Self::AtLeast(_) => None,
        }
    }

    /// Whether it holds of what is at its place. `wanted` is what its template came to; null where it has none.
    pub fn holds(&self, value: Option<&Value>, wanted: &Value) -> bool {
        let assigned = value.filter(|value| !attribute::is_unassigned(value));
        let elements = value.and_then(Value::as_array);
        let among = || elements.is_some_and(|all| all.iter().any(|element| covers(element, wanted)));
        match self {
            Self::Filled => assigned.is_some(),
            Self::Absent => assigned.is_none(),
            Self::String => value.is_some_and(Value::is_string),
            Self::Number => value.is_some_and(Value::is_number),
            Self::Boolean => value.is_some_and(Value::is_boolean),
            Self::Array => elements.is_some(),
            Self::Equals(_) => value.is_some_and(|value| is_same(value, wanted)),
            Self::Differs(_) => value.is_some_and(|value| !is_same(value, wanted)),
            Self::Has(_) => among(),
            Self::Lacks(_) => !among(),
            Self::Length(length) => elements.map_or(0, Vec::len) == *length,
            Self::AtLeast(least) => match value {
                Some(Value::Number(number)) => {
                    number.as_u64().is_some_and(|number| number >= u64::try_from(*least).unwrap_or(u64::MAX))
                }
                _ => elements.map_or(0, Vec::len) >= *least,
            },
        }
    }

    /// What it asks for, in words.
    pub fn says(&self, wanted: &Value) -> String {
        match self {
            Self::Filled => "something".to_owned(),
            Self::Absent => "nothing".to_owned(),
            Self::String => "a string".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::Array => "an array".to_owned(),
            Self::Equals(_) => wanted.to_string(),
            Self::Differs(_) => format!("something other than {wanted}"),
            Self::Has(_) => format!("an array with {wanted} in it"),
            Self::Lacks(_) => format!("an array without {wanted} in it"),
            Self::Length(length) => format!("an array of length {length}"),
            Self::AtLeast(least) => format!("at least {least}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_reads_names_without_case() {
        let body = json!({"Resources": [{"name": {"givenName": "Ada"}, "a/b": 1}]});
        assert_eq!(value_at(&body, "/resources/0/name/GIVENNAME"), Some(&json!("Ada")));
        assert_eq!(value_at(&body, "/Resources/0/a~1b"), Some(&json!(1)));
        assert_eq!(value_at(&body, "/Resources/1"), None);
        assert_eq!(value_at(&body, ""), Some(&body));
    }

    #[test]
    fn conditions_hold_of_what_they_say_and_of_nothing_else() {
        let wanted = || Template::parse("1").unwrap();
        let members = json!([{"value": "1", "display": "Ada"}, {"value": "2"}]);
        for (condition, value, wanted, holds) in [
            (Condition::Filled, Some(json!(false)), Value::Null, true),
            (Condition::Filled, Some(json!("")), Value::Null, false),
            (Condition::Filled, None, Value::Null, false),
            (Condition::Absent, None, Value::Null, true),
            (Condition::Absent, Some(json!([])), Value::Null, true),
            (Condition::Absent, Some(json!(0)), Value::Null, false),
            (Condition::Number, Some(json!("1")), Value::Null, false),
            (Condition::Boolean, Some(json!("true")), Value::Null, false),
            (Condition::Equals(wanted()), Some(json!(1)), json!(1), true),
            (Condition::Equals(wanted()), Some(json!("1")), json!(1), false),
            (Condition::Equals(wanted()), None, Value::Null, false),
            (Condition::Equals(wanted()), Some(json!(["URN:a:B"])), json!(["urn:a:b"]), true),
            (Condition::Equals(wanted()), Some(json!({"URN:a": "x"})), json!({"urn:A": "x"}), true),
            (Condition::Equals(wanted()), Some(json!("Ada")), json!("ada"), false),
            (Condition::Differs(wanted()), Some(json!("URN:a")), json!("urn:a"), false),
            (Condition::Has(wanted()), Some(json!(["x", "URN:a:B"])), json!("urn:a:b"), true),
            (Condition::Lacks(wanted()), Some(json!(["URN:a:B"])), json!("urn:a:b"), false),
            (Condition::Differs(wanted()), None, json!(1), false),
            (Condition::Has(wanted()), Some(members.clone()), json!({"value": "1"}), true),
            (Condition::Has(wanted()), Some(members.clone()), json!({"value": "3"}), false),
            (Condition::Lacks(wanted()), Some(members.clone()), json!({"value": "2"}), false),
            (Condition::Lacks(wanted()), None, json!({"value": "2"}), true),
            (Condition::Length(2), Some(members.clone()), Value::Null, true),
            (Condition::Length(1), Some(members.clone()), Value::Null, false),
            (Condition::AtLeast(2), Some(json!(2)), Value::Null, true),
            (Condition::AtLeast(3), Some(members), Value::Null, false),
        ] {
            assert_eq!(condition.holds(value.as_ref(), &wanted), holds, "{condition:?} of {value:?}");
        }
    }
}

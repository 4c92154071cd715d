//! What a user's attributes say about the customer (docs/jira-service-management.md#attributes).

use crate::reference::knobs::Knobs;
use crate::reference::provisioning::attributes::Attributes;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::json::Json;

/// The customer's side of a SCIM user.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) user_name: String,
    /// The value of the one primary element of `emails`; where none is required, of the first, or else `userName`.
    pub(crate) email: String,
    pub(crate) external_id: Option<String>,
    /// `displayName`, or else the formatted name, or else given and family name, or else the address.
    pub(crate) display_name: String,
    pub(crate) active: bool,
    pub(crate) time_zone: Option<String>,
}

impl Profile {
    /// Reads the profile.
    ///
    /// # Errors
    /// `invalidValue` if `userName` is missing, or if `emails` has not exactly one primary element with a value although the
    /// knobs ask for one.
    pub(crate) fn read(attributes: &impl Attributes, knobs: &Knobs) -> Result<Self, ScimError> {
        let user_name = text(attributes, "userName").ok_or_else(|| invalid("userName is required"))?;
        let email = match primary_email(attributes) {
            Err(error) if knobs.emails_required => return Err(error),
            Err(_) => first_email(attributes).unwrap_or_else(|| user_name.clone()),
            Ok(email) => email,
        };
        let display_name = display_name(attributes).unwrap_or_else(|| email.clone());
        Ok(Self {
            user_name,
            external_id: text(attributes, "externalId"),
            display_name,
            active: attributes.attribute("active").and_then(Json::flag).unwrap_or(true),
            time_zone: text(attributes, "timezone"),
            email,
        })
    }
}

fn display_name(attributes: &impl Attributes) -> Option<String> {
    text(attributes, "displayName").or_else(|| {
        let name = attributes.attribute("name")?;
        let part = |part| said(name.attribute(part));
        part("formatted").or_else(|| {
            let parts: Vec<String> = ["givenName", "familyName"].into_iter().filter_map(part).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        })
    })
}

fn primary_email(attributes: &impl Attributes) -> Result<String, ScimError> {
    let emails = attributes.attribute("emails").and_then(Json::elements).unwrap_or_default();
    if emails.is_empty() {
        return Err(invalid("emails is required"));
    }
    let mut primary = emails.iter().filter(|email| {
        email.attribute("primary").is_some_and(|value| match value.text() {
            Some(word) => word.eq_ignore_ascii_case("true"),
            None => value.flag() == Some(true),
        })
    });
    match (primary.next(), primary.next()) {
        (Some(email), None) => {
            said(email.attribute("value")).ok_or_else(|| invalid("the primary e-mail address has no value"))
        }
        (Some(_), Some(_)) => Err(invalid("emails has more than one primary element")),
        (None, _) => Err(invalid("emails has no primary element")),
    }
}

fn first_email(attributes: &impl Attributes) -> Option<String> {
    let emails = attributes.attribute("emails")?.elements()?;
    emails.iter().find_map(|email| said(email.attribute("value")))
}

fn text(attributes: &impl Attributes, name: &str) -> Option<String> {
    said(attributes.attribute(name))
}

/// A string that is not blank.
fn said<J: Json>(value: Option<&J>) -> Option<String> {
    let text = value?.text()?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

fn invalid(detail: &str) -> ScimError {
    ScimError::bad_request(ScimType::InvalidValue, detail)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Profile;
    use crate::reference::knobs::{self, Knobs};

    fn display_name(extra: &Value) -> String {
        let mut user = json!({"userName": "ada", "emails": [{"value": "ada@example.com", "primary": true}]});
        for (name, value) in extra.as_object().unwrap() {
            user[name] = value.clone();
        }
        Profile::read(&user, &Knobs::default()).unwrap().display_name
    }

    #[test]
    fn the_name_that_people_see_is_the_best_there_is() {
        let name = json!({"givenName": "Ada", "familyName": "Byron"});
        assert_eq!(display_name(&json!({"displayName": "Ada B", "name": name})), "Ada B");
        assert_eq!(display_name(&json!({"name": {"formatted": "Countess"}})), "Countess");
        assert_eq!(display_name(&json!({"displayName": "", "name": name})), "Ada Byron");
        assert_eq!(display_name(&json!({})), "ada@example.com");
    }

    #[test]
    fn one_primary_address_is_required() {
        let refused = |emails: Value| {
            let user = json!({"userName": "ada", "emails": emails});
            Profile::read(&user, &Knobs::default()).unwrap_err().to_value()["scimType"] == "invalidValue"
        };
        assert!(refused(json!([])));
        assert!(refused(json!(null)));
        assert!(refused(json!([{"value": "a@example.com"}])));
        assert!(refused(json!([{"primary": true}])));
        let two =
            json!([{"value": "a@example.com", "primary": true}, {"value": "b@example.com", "primary": true}]);
        assert!(refused(two));
    }

    #[test]
    fn plain_scim_asks_for_no_address() {
        let email = |user: Value| Profile::read(&user, &Knobs::of(knobs::Profile::Rfc)).unwrap().email;
        assert_eq!(email(json!({"userName": "ada"})), "ada");
        let emails = json!([{"type": "work"}, {"value": "a@example.com"}, {"value": "b@example.com"}]);
        assert_eq!(email(json!({"userName": "ada", "emails": emails})), "a@example.com");
    }
}

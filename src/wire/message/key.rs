//! How a request shows the target's key: as a provider does, or in a way that an endpoint has to tell apart.

/// What the header `Authorization` holds of a bearer token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Key {
    /// The key, under its scheme.
    #[default]
    Whole,
    /// Nothing of it: the request brings a header of its own, or none.
    Absent,
    /// The key, under its scheme in small letters. Schemes have no case (RFC 9110 §11.1).
    SmallLetters,
    /// The key, under another scheme.
    OtherScheme,
    /// The key alone.
    NoScheme,
    /// The key without its last character.
    Shortened,
    /// The key, and a character more.
    Extended,
}

impl Key {
    /// The ways that a scenario can ask for, apart from headers of its own.
    pub const ALTERED: [Self; 5] =
        [Self::SmallLetters, Self::OtherScheme, Self::NoScheme, Self::Shortened, Self::Extended];

    /// Its name in files, reports and scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Absent => "absent",
            Self::SmallLetters => "small-letters",
            Self::OtherScheme => "other-scheme",
            Self::NoScheme => "no-scheme",
            Self::Shortened => "shortened",
            Self::Extended => "extended",
        }
    }

    /// What is unusual about it, in words.
    pub fn says(self) -> Option<&'static str> {
        match self {
            Self::Whole | Self::Absent => None,
            Self::SmallLetters => Some("the scheme of the key in small letters"),
            Self::OtherScheme => Some("the key under another scheme"),
            Self::NoScheme => Some("the key without a scheme"),
            Self::Shortened => Some("the last character of the key missing"),
            Self::Extended => Some("one character more behind the key"),
        }
    }

    /// Whether it is a bearer token in another form.
    pub fn is_altered(self) -> bool {
        Self::ALTERED.contains(&self)
    }

    /// The header's value for a bearer token (RFC 6750 §2.1).
    pub(in crate::wire) fn header(self, token: &str) -> Option<String> {
        Some(match self {
            Self::Absent => return None,
            Self::Whole => format!("Bearer {token}"),
            Self::SmallLetters => format!("bearer {token}"),
            Self::OtherScheme => format!("Token {token}"),
            Self::NoScheme => token.to_owned(),
            Self::Shortened => format!("Bearer {}", shortened(token)),
            Self::Extended => format!("Bearer {token}x"),
        })
    }
}

/// The token without its last character.
pub(in crate::wire) fn shortened(token: &str) -> &str {
    let mut characters = token.chars();
    characters.next_back();
    characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn each_way_has_a_value_of_its_own() {
        let values = Key::ALTERED.map(|key| key.header("abc").unwrap());
        assert_eq!(values, ["bearer abc", "Token abc", "abc", "Bearer ab", "Bearer abcx"]);
        assert_eq!(Key::Whole.header("abc").unwrap(), "Bearer abc");
        assert_eq!(Key::Absent.header("abc"), None);
    }
}

//! Sources of secrets: an environment variable or a file, never an argument or the settings file itself.

use std::path::PathBuf;

use crate::context::Context;
use crate::files::input;
use crate::wire::Secret;

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An environment variable.
    Env(String),
    /// A file that holds the secret and nothing else.
    File(PathBuf),
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// What should be the name of a variable is none, and may be the token.
    #[error("what was given as the name of an environment variable looks like the secret itself")]
    NotAName,
    /// A variable is not set, or cannot be read.
    #[error("the environment variable `{name}` {why}")]
    NoVariable {
        /// Its name.
        name: String,
        /// Why it cannot be used.
        why: &'static str,
    },
    /// A file cannot be read.
    #[error("the token file `{path}` cannot be read ({error})")]
    NoFile {
        /// The file.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A file is empty.
    #[error("the token file `{0}` is empty")]
    EmptyFile(String),
}

impl CredentialError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotAName => {
                "name the variable that holds it, and treat it as exposed: shells keep what was typed in their history"
            }
            Self::NoVariable { .. } => {
                "set it, for example: `SCIM_TOKEN=… scimsnap run --target URL --token-env SCIM_TOKEN`"
            }
            Self::NoFile { .. } | Self::EmptyFile(_) => "the file must contain the token and nothing else",
        }
    }
}

impl Place {
    /// Reads the secret.
    pub fn read(&self, context: &Context) -> Result<Secret, CredentialError> {
        match self {
            Self::Env(name) => {
                let secret = Secret::new(context.var(name).unwrap_or_default());
                if secret.is_empty() && !is_name(name) {
                    return Err(CredentialError::NotAName);
                }
                if secret.is_empty() {
                    let why = context.without(name);
                    return Err(CredentialError::NoVariable { name: name.clone(), why });
                }
                Ok(secret)
            }
            Self::File(path) => {
                let shown = path.display().to_string();
                let text = input::text_or_stream(&context.cwd.join(path), input::SECRET)
                    .map_err(|error| CredentialError::NoFile { path: shown.clone(), error })?;
                let secret = Secret::new(&text);
                if secret.is_empty() { Err(CredentialError::EmptyFile(shown)) } else { Ok(secret) }
            }
        }
    }
}

/// Whether a text is the name of a variable rather than a token: no variable has such characters in its name, or as long
/// a word without an underscore.
pub fn is_name(text: &str) -> bool {
    const LONGEST_WORD: usize = 20;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mixes = |word: &str| {
        let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
        has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
            || has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)
    };
    !text.is_empty()
        && text.bytes().all(is_name)
        && text.split('_').all(|word| word.len() < LONGEST_WORD || !mixes(word))
        && text.len() <= 3 * LONGEST_WORD
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn a_token_is_told_from_the_name_of_a_variable() {
        for name in ["SCIM_TOKEN", "T", "my_token2", "STAGING_EU_CENTRAL_1_SCIM_BEARER_TOKEN", "scimtoken"] {
            assert!(is_name(name), "{name}");
        }
        for token in [
            "eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo",
            "d2f0c1b7e8a94b6f9d3c5a7e1f2b4c6d",
            "00ua1b2C3d4E5f6G7h8I9j0",
            "Bearer abc",
            "sk-live-123",
            "abc=",
        ] {
            assert!(!is_name(token), "{token}");
        }
    }
}

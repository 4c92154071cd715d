//! A text that is looked for in many others, made ready for it once.

use memchr::memmem::Finder;

/// What is looked for.
#[derive(Clone)]
pub(super) struct Needle {
    text: String,
    finder: Finder<'static>,
}

impl Needle {
    pub(super) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let finder = Finder::new(&text).into_owned();
        Self { text, finder }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it begins first, in bytes.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        self.finder.find(text.as_bytes())
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
}

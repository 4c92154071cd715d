//! Names on somebody's endpoint: each carries a token of the run and the pair, put in before the first character that
//! is not a space, so that case twins, trailing spaces, prefixes and Unicode forms keep their meaning.

/// How names are written at the endpoint and read back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Naming {
    token: Option<String>,
}

impl Naming {
    /// Names as they are, for an endpoint of our own.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Names with a token: lower-case letters and digits.
    pub fn with_token(token: &str) -> Self {
        Self { token: Some(token.to_lowercase()) }
    }

    /// The token, where there is one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// A name as it is written at the endpoint: `k3f92a-Acme`, `k3f92a.ada@example.com`.
    pub fn write(&self, name: &str) -> String {
        let Some(token) = &self.token else { return name.to_owned() };
        let rest = name.trim_start_matches(' ');
        let (spaces, rest) = name.split_at(name.len() - rest.len());
        let joint = if rest.contains('@') { '.' } else { '-' };
        format!("{spaces}{token}{joint}{rest}")
    }

    /// A name as the scenario knows it. The endpoint may have changed its case.
    pub fn read(&self, name: &str) -> String {
        let Some(token) = &self.token else { return name.to_owned() };
        let start = name.len() - name.trim_start_matches(' ').len();
        let end = start + token.len() + 1;
        match name.get(start..end) {
            Some(head)
                if head.is_char_boundary(token.len())
                    && head[..token.len()].eq_ignore_ascii_case(token)
                    && head.ends_with(['-', '.']) =>
            {
                format!("{}{}", &name[..start], &name[end..])
            }
            Some(_) | None => name.to_owned(),
        }
    }

    /// A text that quotes names, with every name as the scenario knows it: what is said of one pair reads the same for
    /// another.
    pub fn read_all(&self, text: &str) -> String {
        let Some(token) = &self.token else { return text.to_owned() };
        let mut read = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let joint = rest.as_bytes().get(token.len());
            let is_name = matches!(joint, Some(b'-' | b'.'))
                && rest.get(..token.len()).is_some_and(|head| head.eq_ignore_ascii_case(token));
            if is_name {
                rest = &rest[token.len() + 1..];
            } else {
                let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
                read.push_str(&rest[..next]);
                rest = &rest[next..];
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Naming;

    #[test]
    fn a_quoted_name_loses_its_token_wherever_it_stands() {
        let naming = Naming::with_token("kab1x02");
        let said = "a POST of \"kab1x02-Äcme\", which KAB1X02.ada@example.com has, and kab1x020 has not";
        assert_eq!(
            naming.read_all(said),
            "a POST of \"Äcme\", which ada@example.com has, and kab1x020 has not"
        );
        assert_eq!(Naming::plain().read_all(said), said);
    }

    #[test]
    fn a_token_goes_before_the_first_character_that_is_not_a_space() {
        let naming = Naming::with_token("k3f92a");
        assert_eq!(naming.write("Acme"), "k3f92a-Acme");
        assert_eq!(naming.write("  Acme "), "  k3f92a-Acme ");
        assert_eq!(naming.write("ada@example.com"), "k3f92a.ada@example.com");
        assert_eq!(naming.read("K3F92A.ADA@EXAMPLE.COM"), "ADA@EXAMPLE.COM");
        assert_eq!(naming.read("Globex"), "Globex");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(name in "[ ]{0,2}\\PC{0,12}") {
            let naming = Naming::with_token("k3f92a");
            prop_assert_eq!(naming.read(&naming.write(&name)), name);
        }
    }
}

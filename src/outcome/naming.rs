//! Names on a foreign endpoint. Each carries a token of the run and the pair directly before the first character that is not
//! a space, so that case twins, trailing spaces, prefixes and Unicode forms keep their meaning. A name that begins with a
//! digit still does: the digit is repeated before the token.

/// How names are written at the endpoint and read back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Naming {
    token: Option<String>,
    /// The mail domain that stands in for that of the scenarios.
    domain: Option<String>,
}

/// The mail domain of the scenarios.
const DOMAIN: &str = "example.com";

impl Naming {
    /// Names as they are, for an endpoint of our own.
    pub fn plain() -> Self {
        Self::default()
    }

    /// Names with a token: lower-case letters and digits.
    pub fn with_token(token: &str) -> Self {
        Self { token: Some(token.to_lowercase()), domain: None }
    }

    /// Names whose mail domain is another one than the scenarios'.
    #[must_use]
    pub fn in_domain(mut self, domain: Option<&str>) -> Self {
        self.domain = domain.map(str::to_owned);
        self
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
        let rest = self
            .domain
            .as_deref()
            .and_then(|domain| moved(rest, DOMAIN, domain))
            .unwrap_or_else(|| rest.to_owned());
        let digit = first_digit(&rest).map(String::from).unwrap_or_default();
        format!("{spaces}{digit}{token}{joint}{rest}")
    }

    /// A name as the scenario knows it. The endpoint may have changed its case.
    pub fn read(&self, name: &str) -> String {
        let Some(token) = &self.token else { return name.to_owned() };
        let marked = name.trim_start_matches(' ');
        let spaces = &name[..name.len() - marked.len()];
        let repeated = first_digit(marked).and_then(|digit| {
            let rest = without_token(&marked[1..], token)?;
            rest.starts_with(digit).then_some(rest)
        });
        let Some(rest) = without_token(marked, token).or(repeated) else { return name.to_owned() };
        let moved = self.domain.as_deref().and_then(|domain| moved(rest, domain, DOMAIN));
        format!("{spaces}{}", moved.as_deref().unwrap_or(rest))
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
                if first_digit(rest).is_some_and(|digit| read.ends_with(digit)) {
                    read.pop();
                }
                // Up to where the name must end, its domain is put back too.
                let end = rest
                    .find(|c: char| c.is_whitespace() || "\"'`,;<>()[]{}".contains(c))
                    .unwrap_or(rest.len());
                let name = self.domain.as_deref().and_then(|domain| moved(&rest[..end], domain, DOMAIN));
                if let Some(name) = name {
                    read.push_str(&name);
                    rest = &rest[end..];
                }
            } else {
                let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
                read.push_str(&rest[..next]);
                rest = &rest[next..];
            }
        }
        read
    }
}

/// The digit that a name begins with.
fn first_digit(name: &str) -> Option<char> {
    name.chars().next().filter(char::is_ascii_digit)
}

/// A name without the token that it begins with.
fn without_token<'a>(name: &'a str, token: &str) -> Option<&'a str> {
    let (head, rest) = name.split_at_checked(token.len())?;
    let rest = rest.strip_prefix(['-', '.']).filter(|_| head.eq_ignore_ascii_case(token))?;
    Some(rest)
}

/// An address that is moved from one mail domain to another; in capitals where it stood in capitals.
fn moved(address: &str, from: &str, to: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let rest = domain.trim_start_matches(|c: char| !c.is_whitespace());
    let domain = &domain[..domain.len() - rest.len()];
    if !domain.eq_ignore_ascii_case(from) {
        return None;
    }
    let capitals = !domain.chars().any(char::is_lowercase);
    let to = if capitals { to.to_uppercase() } else { to.to_owned() };
    Some(format!("{local}@{to}{rest}"))
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

    #[test]
    fn a_name_that_begins_with_a_digit_still_does() {
        let naming = Naming::with_token("k3f92a");
        assert_eq!(naming.write(" 3rd Line"), " 3k3f92a-3rd Line");
        assert_eq!(naming.read(" 3K3F92A-3rd Line"), " 3rd Line");
        assert_eq!(naming.read("2k3f92a-3rd Line"), "2k3f92a-3rd Line");
        assert_eq!(naming.read_all("the group `3k3f92a-3rd Line`"), "the group `3rd Line`");
    }

    #[test]
    fn people_are_moved_to_the_domain_that_the_target_wants() {
        let naming = Naming::with_token("k3f92a").in_domain(Some("staging.app.test"));
        assert_eq!(naming.write("ada@example.com"), "k3f92a.ada@staging.app.test");
        assert_eq!(naming.write(" ADA@EXAMPLE.COM "), " k3f92a.ADA@STAGING.APP.TEST ");
        assert_eq!(naming.write("ada@elsewhere.test"), "k3f92a.ada@elsewhere.test");
        assert_eq!(naming.read("K3F92A.ADA@STAGING.APP.TEST"), "ADA@EXAMPLE.COM");
        assert_eq!(naming.read("bob@staging.app.test"), "bob@staging.app.test");
        let said = "`k3f92a.ada@staging.app.test` and \"k3f92a-Acme\"";
        assert_eq!(naming.read_all(said), "`ada@example.com` and \"Acme\"");
    }

    proptest! {
        #[test]
        fn addresses_are_read_back(local in "[a-zA-Z.+]{1,8}", spaces in "[ ]{0,2}") {
            let naming = Naming::with_token("k3f92a").in_domain(Some("staging.app.test"));
            let address = format!("{spaces}{local}@example.com");
            prop_assert_eq!(naming.read(&naming.write(&address)), address);
        }

        #[test]
        fn what_is_written_is_read_back(name in "[ ]{0,2}\\PC{0,12}") {
            let naming = Naming::with_token("k3f92a");
            prop_assert_eq!(naming.read(&naming.write(&name)), name);
        }
    }
}

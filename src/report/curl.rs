//! A request as a curl line that repeats it, with `$TOKEN` for the token.

use crate::wire::{Redactor, Request, Surface};

/// The curl line of a request. `base` is the SCIM base URL, or a variable that stands for it.
pub fn curl(request: &Request, base: &str, redactor: &Redactor) -> String {
    let mut line = format!("curl -sS -X {} \"{base}{}\"", request.method, double_quoted(&request.target));
    let authorization = match request.surface {
        _ if request.anonymous => "",
        Surface::Scim => " -H \"Authorization: Bearer $TOKEN\"",
        Surface::Rest => " -u \"$REST_USER:$REST_TOKEN\"",
    };
    line.push_str(authorization);
    for (name, value) in &request.headers {
        let skip = ["accept-charset", "accept-encoding", "connection", "user-agent"];
        // curl sends that of its own accord.
        let is_default = name.eq_ignore_ascii_case("accept") && value == "*/*";
        if !is_default && !skip.contains(&name.to_ascii_lowercase().as_str()) {
            line.extend([" -H '", name, ": ", value, "'"]);
        }
    }
    for name in ["Accept", "User-Agent"] {
        // An endpoint may break because it is missing, and curl sends one unless it is told not to.
        if request.header_value(name).is_none() {
            line.extend([" -H '", name, ":'"]);
        }
    }
    if let Some(body) = &request.body {
        line.extend([" -d ", single_quoted(&redactor.body(body)).as_str()]);
    }
    redactor.text(&line).into_owned()
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn double_quoted(text: &str) -> String {
    text.replace(['"', '$', '`', '\\'], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Method, Secret};

    #[test]
    fn a_shell_reads_it_as_it_was_sent() {
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary"));
        let request = Request::new(Method::Patch, "/Users/1?a=b%22")
            .header("User-Agent", "Okta SCIM Client 1.0.0")
            .header("Accept", "application/scim+json")
            .header("Content-Type", "application/scim+json")
            .body(r#"{"userName":"o'hara","token":"canary"}"#);
        assert_eq!(
            curl(&request, "https://a.example/scim", &redactor),
            r#"curl -sS -X PATCH "https://a.example/scim/Users/1?a=b%22" -H "Authorization: Bearer $TOKEN" -H 'Accept: application/scim+json' -H 'Content-Type: application/scim+json' -d '{"userName":"o'\''hara","token":"***"}'"#
        );
    }

    #[test]
    fn what_was_not_sent_is_not_sent_by_curl_either() {
        let line = |request| curl(&request, "$BASE", &Redactor::default());
        let read = Request::new(Method::Get, "/Users/1");
        let bare = r#"curl -sS -X GET "$BASE/Users/1" -H "Authorization: Bearer $TOKEN""#;
        assert_eq!(line(read.clone()), format!("{bare} -H 'Accept:' -H 'User-Agent:'"));
        assert_eq!(line(read.header("Accept", "*/*").header("User-Agent", "x/1")), bare);
    }
}

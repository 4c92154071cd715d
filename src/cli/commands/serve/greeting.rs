//! What `serve` prints when it is ready, and how to reach it.

use std::io::Write as _;
use std::net::SocketAddr;

use super::args::Args;
use crate::foreign::{Printable, json};
use crate::printable;
use crate::reference::SiteAccess;

/// Prints the greeting, or the line for scripts. An error is an error: nobody could find the endpoint.
#[expect(
    clippy::disallowed_methods,
    reason = "what is written is a `Printable`, and whether it arrives counts"
)]
pub(super) fn greet(address: SocketAddr, access: &SiteAccess, args: &Args) -> std::io::Result<()> {
    let text = if args.ready_json { ready_line(address, access) } else { greeting(address, access, args) };
    let mut out = std::io::stdout().lock();
    text.write_to(&mut out)?;
    out.flush()
}

fn ready_line(address: SocketAddr, access: &SiteAccess) -> Printable {
    let line = serde_json::json!({
        "scim": (!access.scim_path.is_empty()).then(|| format!("http://{address}{}", access.scim_path)),
        "token": (!access.token.is_empty()).then_some(&access.token),
        "rest": format!("http://{address}/rest/servicedeskapi"),
        "rest_user": access.rest_user,
        "rest_token": access.rest_token,
    });
    printable!("{}\n", Printable::verbatim(json(&line).unwrap_or_default()))
}

fn greeting(address: SocketAddr, access: &SiteAccess, args: &Args) -> Printable {
    let token_env = args.token_env.as_deref();
    let scim = match access.scim_path.as_str() {
        "" => "none: no directory is connected".to_owned(),
        path => format!("http://{address}{path}"),
    };
    let (shown, used) = match token_env {
        Some(name) => (format!("the value of {name}"), format!("${name}")),
        None if access.token.is_empty() => {
            ("the one that was shown at the first start".to_owned(), "KEY".to_owned())
        }
        None => (access.token.clone(), access.token.clone()),
    };
    printable!(
        "The reference endpoint is ready.\n\n\
         \x20 SCIM base URL  {}\n\
         \x20 API key        {}\n\
         \x20 REST API       http://{}/rest/servicedeskapi\n\
         \x20 REST user      {}\n\
         \x20 REST token     {}\n\n\
         Try:\n\n\
         \x20 curl -H \"Authorization: Bearer {}\" {}/Users\n\n{}Stop with Ctrl-C.\n",
        scim,
        shown,
        address,
        access.rest_user,
        access.rest_token,
        used,
        scim,
        notes(address, args),
    )
}

/// What is to know about the state file, and about being reached from elsewhere.
fn notes(address: SocketAddr, args: &Args) -> Printable {
    let mut notes = Printable::default();
    if let Some(state) = &args.state {
        notes += printable!(
            "Changes reach the disk within half a second, in {} or in a journal beside it.\n\n",
            state.display().to_string()
        );
    }
    if !address.ip().is_loopback() {
        let names = if args.allowed_hosts.is_empty() {
            String::new()
        } else {
            format!(", and {}", args.allowed_hosts.join(", "))
        };
        notes += printable!(
            "The endpoint accepts requests for its IP addresses and localhost{}; other host names need --allow-host NAME.\n\n",
            names
        );
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::ready_line;
    use crate::context::Clock;
    use crate::reference::{Reference, SiteOptions};

    #[test]
    fn the_ready_line_has_what_a_script_needs() {
        let reference = Reference::new(Clock::system());
        let options = SiteOptions { directory: Some("d1".to_owned()), ..SiteOptions::default() };
        let access = reference.create_site(options);
        let line = ready_line("127.0.0.1:9".parse().unwrap(), &access);
        assert_eq!(line.lines().count(), 1);
        let line = line.as_str();
        let read: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(read["scim"], "http://127.0.0.1:9/scim/directory/d1");
        assert_eq!(read["rest"], "http://127.0.0.1:9/rest/servicedeskapi");
        for field in ["token", "rest_user", "rest_token"] {
            assert!(read[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
        }
    }
}

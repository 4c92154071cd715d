//! URNs have no case (RFC 8141 §3.1, RFC 7643 §2.1), be they in `schemas`, names of extensions, or parts of paths.

use crate::support::{Folder, Proxy, Reply, Scimsnap, Served, send};

/// An answer with each URN of SCIM as `spell` spells it.
fn respelled(reply: &Reply, spell: fn(&str) -> String) -> Reply {
    const URN: &str = "urn:ietf:params:scim:";
    let mut body = String::new();
    let mut rest = reply.body.as_str();
    while let Some(at) = rest.find(URN) {
        body.push_str(&rest[..at]);
        let end = rest[at..].find(|c: char| !c.is_ascii_alphanumeric() && !":.".contains(c));
        let end = end.map_or(rest.len(), |end| at + end);
        body.push_str(&spell(&rest[at..end]));
        rest = &rest[end..];
    }
    body.push_str(rest);
    Reply { body, ..reply.clone() }
}

#[test]
fn an_endpoint_may_spell_urns_as_it_likes() {
    let spellings: [fn(&str) -> String; 3] =
        [str::to_uppercase, str::to_lowercase, |urn| urn.replacen("urn:ietf:params", "URN:IETF:PARAMS", 1)];
    for spell in spellings {
        let (folder, served) = (Folder::new(), Served::new(&[]));
        let origin = served.origin.clone();
        let proxy = Proxy::new(move |_, call| Some(respelled(&send(&origin, call), spell)));
        let url = format!("{}{}", proxy.origin, served.path());
        let words = [
            "run",
            "users/attributes-without-a-place-are-kept",
            "users/profile-change-arrives",
            "entra/enterprise-attributes-change",
            "groups/member-removed",
            "suites/okta-spec/04-created-user",
            "--json",
            "out.json",
        ];
        Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(0);
        let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
        let pairs = report["scenarios"].as_array().unwrap();
        assert!(pairs.len() > 10);
        assert!(pairs.iter().all(|pair| pair["findings"].as_array().unwrap().is_empty()), "{report}");
    }
}

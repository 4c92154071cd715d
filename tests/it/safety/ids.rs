//! Ids that do not stay in their segment of a path where they are written without care. Whatever the endpoint hands out,
//! no request goes anywhere but to one segment below a collection, and a 404 to such an id does not mean that what it
//! stood for is gone.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::aftermath::Aftermath;
use super::answers::error;
use super::endpoint::Tenant;
use super::process::ended;
use super::scene::{Conduct, Scene};
use super::strangers::text;
use crate::support::{Call, Folder, Reply, Served};

const PLAYED: [&str; 4] =
    ["users/new-user-becomes-customer", "groups/new-group-becomes-organization", "--idp", "okta-oin,entra"];

/// Makes a test of each id.
macro_rules! ids {
    ($($name:ident: $id:expr,)*) => {
        $(
            #[test]
            fn $name() {
                stays_in_its_segment($id);
            }
        )*
    };
}

ids! {
    one_dot: ".",
    two_dots: "..",
    three_dots: "...",
    nothing: "",
    a_space: " ",
    a_slash: "/",
    two_segments: "a/b",
    up_and_down: "../Users",
    up_to_another_collection: "../Groups/x",
    down_and_up: "x/..",
    an_encoded_dot: "%2e",
    two_encoded_dots: "%2E%2e",
    an_encoded_slash: "..%2f",
    a_percent_sign: "%",
    a_query: "?count=1",
    a_fragment: "#",
    a_semicolon: "..;",
    a_backslash: "..\\",
    a_null_character: "\0",
    dots_and_a_null_character: "..\0",
    a_new_line: "\n",
    dots_and_a_tab: "..\t",
    another_request: " HTTP/1.1\r\nHost: elsewhere.example\r\n\r\nDELETE /Users/",
    a_zero_width_space: "..\u{200b}",
    full_width_dots: "\u{ff0e}\u{ff0e}",
    a_whole_address: "https://elsewhere.example/Users/1",
}

fn stays_in_its_segment(id: &'static str) {
    let tenant = Tenant::with(Served::new(&[]), 3, 1, &handing_out(id));
    let folder = Folder::new();
    let limits = ["--read-lag", "0", "--max-wait", "1", "--update", "no"];
    let words: Vec<&str> = ["run"].into_iter().chain(PLAYED).chain(limits).collect();
    let outcome = ended(tenant.scimsnap(folder.path(), &words));
    assert!(![0, 70].contains(&outcome.code), "{}\n{}{}", outcome.code, outcome.stdout, outcome.stderr);
    assert!(tenant.lies() > 0, "no such id was handed out");
    let base = tenant.scene.base().to_owned();
    let stray: Vec<String> = tenant
        .proxy
        .calls()
        .into_iter()
        .filter(|call| !is_in_place(&call.target, &base))
        .map(|call| format!("{} {:?}", call.method, call.target))
        .collect();
    assert!(stray.is_empty(), "{} requests went elsewhere: {:#?}", stray.len(), &stray[..stray.len().min(5)]);
    tenant.assert_untouched();
    let after = Aftermath { tenant: &tenant, folder: &folder, product: false, lasts: false };
    after.nothing_is_forgotten(&outcome);
}

/// Whether a raw target is a collection, one segment below it, or what the endpoint says of itself.
fn is_in_place(target: &str, base: &str) -> bool {
    let Some(path) = target.split('?').next().and_then(|path| path.strip_prefix(base)) else { return false };
    let is_clean = |segment: &str| {
        let is_text = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:".contains(&byte);
        !["", ".", ".."].contains(&segment) && segment.bytes().all(is_text)
    };
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match segments[..] {
        ["Users" | "Groups" | "ServiceProviderConfig" | "ResourceTypes" | "Schemas"] => true,
        ["Users" | "Groups" | "ResourceTypes" | "Schemas", id] => is_clean(id),
        _ => false,
    }
}

/// What is ours has this id wherever it is shown, and under this id nothing is found.
fn handing_out(id: &'static str) -> Conduct {
    Arc::new(move |scene, call| {
        if scene.names(call).is_some_and(|(_, asked)| asked == id) {
            return Some(error(404));
        }
        Some(with_ids(scene, call, |_| id.to_owned()))
    })
}

/// The endpoint's answer, with other ids for what is ours.
fn with_ids(scene: &Scene, call: &Call, id: impl Fn(&str) -> String) -> Reply {
    let reply = scene.pass(call);
    if reply.body.is_empty() {
        return reply;
    }
    let mut body = reply.json();
    let rename = |resource: &mut Value| {
        let real = text(&resource["id"]);
        if scene.is_ours(&real) {
            resource["id"] = json!(id(&real));
            scene.lie();
        }
    };
    rename(&mut body);
    body["Resources"].as_array_mut().into_iter().flatten().for_each(rename);
    Reply { body: body.to_string(), ..reply }
}

/// What ids begin with that need encoding.
const ODD: &str = "a/../ü %2e?";

/// An endpoint whose ids need encoding, and which knows them.
fn needing_encoding() -> Conduct {
    Arc::new(|scene, call| {
        let named = scene.names(call).and_then(|(_, id)| id.strip_prefix(ODD).map(str::to_owned));
        let call = named.map_or_else(|| call.clone(), |id| Scene::renamed(call, &id));
        let mut reply = scene.pass(&Call { body: call.body.replace(ODD, ""), ..call });
        let encoded = utf8_percent_encode(ODD, NON_ALPHANUMERIC).to_string();
        for id in scene.memory.lock().unwrap().created.keys() {
            let address = |text: &str| text.replace(&format!("/{id}"), &format!("/{encoded}{id}"));
            reply.body = address(&reply.body).replace(&format!("\"{id}\""), &format!("\"{ODD}{id}\""));
            for (_, value) in &mut reply.headers {
                *value = address(value);
            }
        }
        Some(reply)
    })
}

#[test]
fn ids_that_need_encoding_work_where_the_endpoint_knows_them() {
    let tenant = Tenant::with(Served::new(&[]), 3, 1, &needing_encoding());
    let folder = Folder::new();
    let words: Vec<&str> = ["run"].into_iter().chain(PLAYED).chain(["--read-lag", "0"]).collect();
    let outcome = ended(tenant.scimsnap(folder.path(), &words));
    assert!(tenant.left().is_empty(), "{:?}\n{}", tenant.left(), outcome.stdout);
    outcome.exits(0);
    assert!(folder.ledgers().is_empty());
    let encoded = tenant.proxy.calls().into_iter().filter(|call| call.target.contains("/a%2F"));
    assert!(encoded.count() > 10);
    tenant.assert_untouched();
}

#[test]
fn only_one_segment_below_a_collection_is_in_place() {
    let base = "/scim/v2";
    for right in
        ["/scim/v2/Users", "/scim/v2/Users?filter=x", "/scim/v2/Groups/a%2Fb", "/scim/v2/Users/%2E%2E"]
    {
        assert!(is_in_place(right, base), "{right}");
    }
    for wrong in ["/scim/v2", "/scim/v2/", "/scim/v2/Users/", "/scim/v2/Users/..", "/scim/v2/Users/.?x", "/x"]
    {
        assert!(!is_in_place(wrong, base), "{wrong}");
    }
    for wrong in
        ["/scim/v2/Users/a/b", "/scim/v2/Users/../Users", "/scim/v2/Users/x#", "/scim/v2/Users/\u{e9}"]
    {
        assert!(!is_in_place(wrong, base), "{wrong}");
    }
}

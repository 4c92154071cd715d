//! The life of a connection: L-01 to L-04 of docs/jira-service-management.md#life-cycle-cases, and what administrators do.

use scimsnap::context::Clock;
use scimsnap::reference::{AdminError, Reference, SiteOptions};

use serde_json::json;

use crate::reference::endpoint::{Endpoint, group_body, user_body};

#[tokio::test]
async fn l01_a_key_holds_for_a_year() {
    let mut endpoint = Endpoint::start().await;
    endpoint.clock.advance(364 * 24 * 3600);
    endpoint.get("/Users").await.expect(200);
    endpoint.clock.advance(24 * 3600);
    endpoint.get("/Users").await.expect(403);
    endpoint.access.token = endpoint.reference.regenerate_key(&endpoint.access.site);
    endpoint.get("/Users").await.expect(200);
}

#[tokio::test]
async fn l02_a_regenerated_key_replaces_the_old_one_at_once() {
    let mut endpoint = Endpoint::start().await;
    let new = endpoint.reference.regenerate_key(&endpoint.access.site);
    endpoint.get("/Users").await.expect(403);
    endpoint.access.token = new;
    endpoint.get("/Users").await.expect(200);
}

#[tokio::test]
async fn l03_reconnecting_and_pushing_again_leads_back_to_the_same_outcome() {
    let mut endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    endpoint.group("Acme", &[&ada]).await;
    let before = endpoint.outcome().await;
    let old_path = endpoint.access.scim_path.clone();
    endpoint.access = endpoint.reference.reconnect(&endpoint.access.site);
    assert_ne!(endpoint.access.scim_path, old_path);
    assert_eq!(endpoint.outcome().await, ["Acme (manual): ada", "ada"]);
    assert_eq!(endpoint.get("/Users").await.expect(200)["totalResults"], 0);
    let again = endpoint.user("ada").await;
    assert_ne!(ada, again);
    endpoint.group("Acme", &[&again]).await;
    assert_eq!(endpoint.outcome().await, before);
}

#[tokio::test]
async fn l04_a_disconnected_site_keeps_everything_and_syncs_nothing() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    endpoint.group("Acme", &[&ada]).await;
    endpoint.reference.disconnect(&endpoint.access.site);
    endpoint.get("/Users").await.expect(404);
    assert_eq!(endpoint.outcome().await, ["Acme (manual): ada", "ada"]);
    assert_eq!(endpoint.reference.regenerate_key(&endpoint.access.site), "");
}

#[tokio::test]
async fn an_organization_is_renamed_by_hand() {
    let endpoint = Endpoint::start().await;
    endpoint.manual_organization("Acme", &[]).await;
    endpoint.manual_organization("Beta", &[]).await;
    let rename =
        |from: &str, to: &str| endpoint.reference.rename_organization(&endpoint.access.site, from, to);
    rename("Acme", "Gamma").unwrap();
    assert_eq!(endpoint.outcome().await, ["Beta (manual):", "Gamma (manual):"]);
    assert_eq!(rename("Acme", "Delta"), Err(AdminError::UnknownOrganization("Acme".to_owned())));
    assert_eq!(rename("Gamma", "beta"), Err(AdminError::NameTaken("beta".to_owned())));
    endpoint.group("Acme", &[]).await;
    assert_eq!(endpoint.outcome().await.len(), 3);
}

#[tokio::test]
async fn sites_do_not_see_each_other() {
    let mut endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    let first = endpoint.access.clone();
    endpoint.access = endpoint.reference.create_site(SiteOptions::default());
    assert_eq!(endpoint.outcome().await, Vec::<String>::new());
    endpoint.user("ada").await;
    endpoint.access.token.clone_from(&first.token);
    endpoint.get("/Users").await.expect(403);
    endpoint.reference.remove_site(&first.site);
    endpoint.access = first;
    endpoint.get("/Users").await.expect(404);
}

#[test]
fn one_seed_makes_the_same_site_in_every_run() {
    let make = |seed, name: &str| {
        let options = SiteOptions { seed, name: name.to_owned(), ..SiteOptions::default() };
        Reference::new(Clock::system()).create_site(options)
    };
    assert_eq!(make(1, "a"), make(1, "a"));
    assert_ne!(make(1, "a").token, make(2, "a").token);
    assert_ne!(make(1, "a").site, make(1, "b").site);
}

#[test]
fn a_site_may_bring_its_own_directory_and_key_and_does_not_print_it() {
    let access = Reference::new(Clock::system()).create_site(SiteOptions {
        directory: Some("d1".to_owned()),
        token: Some("chosen".into()),
        ..SiteOptions::default()
    });
    assert_eq!(access.scim_path, "/scim/directory/d1");
    assert_eq!(access.token, "chosen");
    assert!(!format!("{access:?}").contains("chosen"));
    assert!(!format!("{access:?}").contains(&access.rest_token));
}

#[tokio::test]
async fn a_knob_of_a_site_that_is_gone_cannot_be_turned() {
    let endpoint = Endpoint::start().await;
    let site = endpoint.access.site.clone();
    let slip = endpoint.reference.set_knob(&site, "page.maxx", "1").unwrap_err();
    assert!(slip.to_string().contains("did you mean `page.max`?"), "{slip}");
    endpoint.reference.remove_site(&site);
    let gone = endpoint.reference.set_knob(&site, "page.max", "1").unwrap_err();
    assert_eq!(gone.to_string(), format!("there is no site with the id `{site}`"));
}

#[tokio::test]
async fn a_site_has_one_identity_provider_at_a_time() {
    let mut endpoint = Endpoint::start().await;
    let site = endpoint.access.site.clone();
    assert_eq!(endpoint.reference.connect(&site, None), Err(AdminError::Connected));
    endpoint.admin("POST", "/directory", Some(json!({}))).await.expect(409);
    let old = endpoint.access.scim_path.rsplit('/').next().unwrap().to_owned();
    endpoint.user("ada").await;
    endpoint.admin("DELETE", "/directory", None).await.expect(204);
    endpoint.admin("GET", "/directory", None).await.expect(404);
    endpoint.admin("POST", "/directory/key", None).await.expect(404);
    endpoint.admin("POST", "/directory", Some(json!({"directoryId": "a/b"}))).await.expect(400);
    let made = endpoint.admin("POST", "/directory", Some(json!({"directoryId": "chosen"}))).await.expect(201);
    assert_ne!(old, "chosen");
    endpoint.access.scim_path = made["scimPath"].as_str().unwrap().to_owned();
    endpoint.access.token = made["key"].as_str().unwrap().to_owned();
    assert_eq!(endpoint.access.scim_path, "/scim/directory/chosen");
    assert_eq!(endpoint.get("/Users").await.expect(200)["totalResults"], 0);
    assert_eq!(endpoint.outcome().await, ["ada"]);
    let other =
        endpoint.reference.create_site(SiteOptions { name: "b".to_owned(), ..SiteOptions::default() });
    endpoint.reference.disconnect(&other.site);
    let taken = endpoint.reference.connect(&other.site, Some("chosen"));
    assert_eq!(taken, Err(AdminError::DirectoryId("chosen".to_owned())));
}

#[tokio::test]
async fn a_key_tells_when_it_expires_and_is_shown_once() {
    let mut endpoint = Endpoint::start().await;
    endpoint.user("ada").await;
    let told = endpoint.admin("GET", "/directory", None).await;
    assert!(!told.text.contains(&endpoint.access.token));
    let told = told.expect(200);
    assert_eq!(told["keyExpires"], "2027-01-01T00:00:00Z");
    assert_eq!((&told["users"], &told["groups"]), (&json!(1), &json!(0)));
    endpoint.clock.advance(10 * 24 * 3600);
    let new = endpoint.admin("POST", "/directory/key", None).await.expect(201);
    assert_eq!(new["keyExpires"], "2027-01-11T00:00:00Z");
    endpoint.get("/Users").await.expect(403);
    endpoint.access.token = new["key"].as_str().unwrap().to_owned();
    endpoint.get("/Users").await.expect(200);
    assert!(
        !String::from_utf8(endpoint.reference.state().unwrap()).unwrap().contains(&endpoint.access.token)
    );
}

#[tokio::test]
async fn a_key_of_another_kind_is_403_and_only_administrators_administer() {
    let endpoint = Endpoint::start().await;
    let path = format!("{}/Users", endpoint.access.scim_path);
    let other_kind = format!("Bearer {}", endpoint.access.rest_token);
    endpoint.raw("GET", &path, &[("Authorization", &other_kind)], "").await.expect(403);
    let path = format!("/ex/jira/{}/rest/provisioning/directory", endpoint.access.site);
    let bearer = format!("Bearer {}", endpoint.access.token);
    for headers in [&[][..], &[("Authorization", bearer.as_str())][..]] {
        endpoint.raw("DELETE", &path, headers, "").await.expect(401);
    }
    endpoint.get("/Users").await.expect(200);
}

#[tokio::test]
async fn everything_is_there_again_after_it_was_written_down() {
    let endpoint = Endpoint::start().await;
    let ada = endpoint.user("ada").await;
    let bob = endpoint.manual_customer("bob").await;
    endpoint.manual_organization("By hand", &[&bob]).await;
    let gone = endpoint.group("Gone", &[]).await;
    endpoint.group("Acme", &[&ada]).await;
    endpoint.delete(&format!("/Groups/{gone}")).await.expect(204);
    endpoint.reference.set_knob(&endpoint.access.site, "conflict.setting", "skip").unwrap();
    let lists = async |endpoint: &Endpoint| {
        json!([
            endpoint.get("/Users").await.expect(200),
            endpoint.get("/Groups").await.expect(200),
            endpoint.values("/organization").await,
            endpoint.outcome().await,
        ])
    };
    let before = lists(&endpoint).await.to_string().replace(&endpoint.origin(), "");
    let written = endpoint.reference.state().unwrap();
    let again = endpoint.restored(&written).await;
    assert_eq!(lists(&again).await.to_string().replace(&again.origin(), ""), before);
    // All but how many secrets were made: the REST token is another one.
    let state = |text: &[u8]| {
        let mut state: serde_json::Value = serde_json::from_slice(text).unwrap();
        state["sites"][0]["secrets"].take();
        state
    };
    assert_eq!(state(&again.reference.state().unwrap()), state(&written));
    assert_ne!(again.access.rest_token, endpoint.access.rest_token);
    for token in [&endpoint.access.rest_token, &again.access.rest_token] {
        assert!(!String::from_utf8_lossy(&written).contains(token.as_str()));
    }
    let found = again.get("/Groups?filter=displayName%20eq%20%22acme%22").await.expect(200);
    assert_eq!(found["totalResults"], 1);
    again.post("/Users", user_body("ADA")).await.refused(409, "uniqueness");
    again.post("/Groups", group_body("By hand", &[])).await.refused(409, "uniqueness");
    assert_ne!(again.user("eve").await, ada);
    let old = again.access.token.clone();
    assert_ne!(again.reference.regenerate_key(&again.access.site), old);
}

#[test]
fn what_is_no_state_is_refused() {
    let restore = |text: &str| {
        Reference::restore(Clock::system(), text.as_bytes(), 0).map(|_| ()).map_err(|error| error.to_string())
    };
    assert!(restore("").is_err() && restore("{}").is_err() && restore("{\"format\":1}").is_err());
    assert!(restore("{\"format\":9,\"sites\":[]}").unwrap_err().contains("format 9"));
    let empty = Reference::new(Clock::system()).state().unwrap();
    assert_eq!(restore(std::str::from_utf8(&empty).unwrap()), Ok(()));
}

//! The life of a connection: L-01 to L-04 of the fact sheet, and what administrators do.

use scimsnap::context::Clock;
use scimsnap::reference::{AdminError, Reference, SiteOptions};

use crate::endpoint::Endpoint;

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
    assert_eq!(gone.to_string(), format!("no site has the id `{site}`"));
}

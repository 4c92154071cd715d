//! A lookup finds who was looked for, and nobody else.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::counted::counted;
use crate::requirement::exchange::view::{Seen, folded, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::filter::Filter;
use crate::scim::{AttrPath, ResourceKind};

use crate::requirement::rules::Rule;

const FILTER_FILTERS: Requirement = Requirement {
    id: "filter-filters",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a lookup returns only matching resources",
    source: "RFC 7644 §3.4.2.2 (only those resources that match SHALL be returned); every provider links what a lookup answers with (docs/providers/entra.md#match-request-answered-with-one, docs/providers/okta.md#lookup-that-finds-somebody)",
    reasoning: "the provider links a person to somebody else's account and overwrites it",
};

/// Strangers that are remembered, for a write that is withheld.
const MOST: usize = 64;

/// The longest of their ids.
const LONGEST: usize = 256;

/// A lookup that was answered with a stranger.
#[derive(Debug, Clone)]
struct Lookup {
    number: usize,
    filter: String,
    /// What it looks for by what. The literal is another one each time, the cause is the same.
    key: String,
    clue: Option<Clue>,
}

#[derive(Debug, Default)]
pub(crate) struct FilterFilters {
    /// Which lookup was answered with a resource that was not created here.
    strangers: BTreeMap<(ResourceKind, String), Lookup>,
}

impl Rule for FilterFilters {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&FILTER_FILTERS]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.is_withheld() {
            if let Some((kind, id)) = seen.target()
                && let Some(lookup) = self.strangers.get(&(kind, id.to_owned()))
            {
                let message = format!(
                    "the lookup for `{}` returned a resource that this run did not create; the write to it was withheld",
                    lookup.filter
                );
                report
                    .raise_as(&FILTER_FILTERS, lookup.key.clone(), message)
                    .shown_at(lookup.number, lookup.clue.clone());
            }
            return;
        }
        let (Some((kind, list)), Some(text)) = (seen.list(), &seen.query.filter) else { return };
        let filter = seen.filter();
        let clue = || filter.and_then(other_than);
        let path =
            filter.and_then(Filter::equality).map_or_else(|| text.clone(), |(path, _)| path.to_string());
        let key = format!("{} {path}", kind.endpoint());
        for id in list.ids() {
            let created = mirror.get(kind, id).is_some_and(|known| known.created);
            if !created && self.strangers.len() < MOST && id.len() <= LONGEST {
                let number = seen.exchange.number;
                let lookup = Lookup { number, filter: text.clone(), key: key.clone(), clue: clue() };
                self.strangers.insert((kind, id.to_owned()), lookup);
            }
        }
        let Some(filter) = filter else { return };
        let resources = list.resources();
        let odd = resources.iter().filter(|resource| contradicts(kind, filter, resource)).count();
        if odd > 0 {
            let returned = returned(list.count(), odd, list.left_out().is_some());
            let message = format!("the lookup for `{text}` returned {returned}");
            let one_of_ours = odd_one(kind, filter, resources, mirror);
            report.raise_as(&FILTER_FILTERS, key, message).shown_about(
                other_than(filter).or_else(|| one_of_ours.map(|id| Clue::there("body/Resources/*/id", id))),
                one_of_ours,
            );
        }
    }
}

/// How many of all resources do not match.
fn returned(all: usize, odd: usize, left_out: bool) -> String {
    let counted = counted(all, "resource");
    let do_not = if odd == 1 { "does not" } else { "do not" };
    if odd == all {
        return format!("{counted} that {do_not} match");
    }
    // Whoever was left out does not bear the name either, and was not looked at.
    let at_least = if left_out { "at least " } else { "" };
    format!("{counted}, {at_least}{odd} of which {do_not} match")
}

/// One of ours that does not match, by its id.
fn odd_one<'a>(
    kind: ResourceKind,
    filter: &Filter,
    resources: &'a [Value],
    mirror: &Mirror,
) -> Option<&'a str> {
    let mut odd = resources.iter().filter(|resource| contradicts(kind, filter, resource)).filter_map(id_of);
    odd.find(|id| mirror.get(kind, id).is_some_and(|known| known.created))
}

/// A resource has another value than the filter asks for. Only an attribute with one value tells.
fn other_than(filter: &Filter) -> Option<Clue> {
    const SINGLE: [&str; 5] = ["userName", "displayName", "externalId", "name.familyName", "name.givenName"];
    let (path, wanted) = filter.equality()?;
    let at = SINGLE.into_iter().find(|name| path.is(name))?;
    let at = format!("body/Resources/*/{}", at.replace('.', "/"));
    Some(Clue::Other { at, value: Value::from(wanted), ignoring_case: true })
}

/// Whether a resource shows that it does not match. One that does not show the attribute shows nothing, unless it is
/// the name that each has.
pub(in crate::requirement) fn contradicts(kind: ResourceKind, filter: &Filter, resource: &Value) -> bool {
    if !resource.is_object() || id_of(resource).is_none() {
        return false;
    }
    if let Some((path, wanted)) = filter.equality() {
        let values = path.resolve(resource);
        let texts: Vec<&str> = values.iter().filter_map(|value| text(value)).collect();
        if texts.is_empty() {
            let key = match kind {
                ResourceKind::User => "userName",
                ResourceKind::Group => "displayName",
            };
            return path.is(key)
                && values.is_empty()
                && resource.as_object().is_some_and(|object| object.len() > 3);
        }
        // Also where the attribute is exact: an endpoint that is generous with case links no stranger.
        return !texts.iter().any(|text| folded(text) == folded(wanted));
    }
    shows(filter, resource) && !filter.matches(kind, resource)
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| crate::scim::resource::attribute::get(value, "value")?.as_str())
}

/// Whether the resource has all attributes that the filter asks about.
fn shows(filter: &Filter, resource: &Value) -> bool {
    let has = |path: &AttrPath| !path.resolve(resource).is_empty();
    match filter {
        Filter::And(filters) => filters.iter().all(|filter| shows(filter, resource)),
        Filter::ValuePath { path, .. } | Filter::Compare { path, .. } => has(path),
        // Providers ask nothing else.
        Filter::Or(_) | Filter::Not(_) | Filter::Present(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list, user};
    use crate::wire::{Answer, Method, Withheld};

    fn judged(target: &str, found: &[Value]) -> Vec<String> {
        let mut story = Story::new(ClientName::Entra);
        story.get(target, 200, &list(found));
        story.raised("filter-filters").into_iter().map(str::to_owned).collect()
    }

    const PROBE: &str = "/Users?filter=userName+eq+%22c0ffee00-0000-4000-8000-000000000000%22";
    const BY_MAIL: &str = "/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22ada%40example.com%22";

    #[test]
    fn fires() {
        assert_eq!(
            judged(PROBE, &[user("1", "ada"), user("2", "bob")]),
            [
                "the lookup for `userName eq \"c0ffee00-0000-4000-8000-000000000000\"` returned 2 resources that do not match"
            ]
        );
        for (target, found) in [
            ("/Users?filter=userName%20eq%20%22ada%22", user("1", "ada")),
            ("/Users?filter=externalId+eq+%22other%22", user("1", "ada")),
            (
                "/Groups?excludedAttributes=members&filter=displayName+eq+%22Acme%22",
                group("1", "Acme Labs", &[]),
            ),
            (BY_MAIL, user("1", "bob")),
            ("/Users?filter=id+eq+%221%22+and+userName+eq+%22bob%40example.com%22", user("1", "ada")),
        ] {
            assert_eq!(judged(target, &[found]).len(), 1, "{target}");
        }
    }

    #[test]
    fn stays_silent() {
        for (target, found) in [
            (PROBE, vec![]),
            ("/Users?filter=userName+eq+%22ADA%40example.com%22", vec![user("1", "ada")]),
            ("/Users?filter=externalId+eq+%2200U1%22", vec![user("1", "ada")]),
            (BY_MAIL, vec![user("1", "ada")]),
            ("/Users?startIndex=1&count=2", vec![user("1", "ada")]),
            // Nothing to compare.
            ("/Users?filter=title+eq+%22x%22", vec![user("1", "ada")]),
            ("/Users?attributes=id&filter=userName+eq+%22x%22", vec![json!({"id": "1", "schemas": []})]),
            (
                "/Groups?filter=displayName+eq+%22acme%22",
                vec![group("1", "Acme", &[]), group("2", "ACME ", &[])],
            ),
        ] {
            assert_eq!(judged(target, &found), [""; 0], "{target}");
        }
    }

    #[test]
    fn a_withheld_write_tells_of_its_lookup() {
        let mut story = Story::new(ClientName::Entra);
        let by_name = "/Users?filter=userName+eq+%22ada%40example.com%22";
        story.get(by_name, 200, &list(&[user("7", "ada")]));
        story.broken(Method::Patch, "/Users/8", Answer::Withheld(Withheld::NotOurs("not ours".to_owned())));
        assert_eq!(story.said(), [""; 0]);
        story.broken(Method::Patch, "/Users/7", Answer::Withheld(Withheld::NotOurs("not ours".to_owned())));
        assert_eq!(
            story.said(),
            [
                "filter-filters: the lookup for `userName eq \"ada@example.com\"` returned a resource that this run did not create; the write to it was withheld"
            ]
        );
    }
}

//! What a filter finds: by an index where it is one `eq` on an indexed attribute, else by looking at everything.

use std::borrow::Cow;

use serde_json::Value;

use crate::reference::knobs::FilterAttrs;
use crate::reference::site::{Directory, Site};
use crate::scim::AttrPath;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::Filter;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;
use crate::scim::schema::{self, Returned};

/// A resource: its kind, and its slot among those.
pub(crate) type Entry = (ResourceKind, u32);

/// What a query finds.
pub(crate) enum Found {
    /// Everything, so that a page can be cut out without looking at the rest.
    All,
    /// These, in this order.
    Only(Vec<Entry>),
}

impl Found {
    /// How much that is.
    pub(crate) fn len(&self, directory: &Directory, kinds: &[ResourceKind]) -> usize {
        match self {
            Self::All => kinds.iter().map(|kind| count(directory, *kind)).sum(),
            Self::Only(entries) => entries.len(),
        }
    }

    /// All of it.
    pub(crate) fn entries(self, directory: &Directory, kinds: &[ResourceKind]) -> Vec<Entry> {
        match self {
            Self::All => self.page(directory, kinds, 0, usize::MAX).into_owned(),
            Self::Only(entries) => entries,
        }
    }

    /// A part of it: at most `count` behind the first `start`.
    pub(crate) fn page(
        &self,
        directory: &Directory,
        kinds: &[ResourceKind],
        start: usize,
        count: usize,
    ) -> Cow<'_, [Entry]> {
        let Self::Only(entries) = self else {
            let mut page = Vec::new();
            let mut before = 0;
            for &kind in kinds {
                let skipped = start.saturating_sub(before);
                let wanted = count.saturating_sub(page.len());
                match kind {
                    ResourceKind::User => page
                        .extend(directory.users.skipping(skipped).take(wanted).map(|(slot, _)| (kind, slot))),
                    ResourceKind::Group => page.extend(
                        directory.groups.skipping(skipped).take(wanted).map(|(slot, _)| (kind, slot)),
                    ),
                }
                before += self::count(directory, kind);
            }
            return page.into();
        };
        let behind = entries.get(start..).unwrap_or_default();
        behind.get(..count).unwrap_or(behind).into()
    }

    /// At most `count`, from an entry on or from the first behind it. What is found is in the order of creation.
    pub(crate) fn from(
        &self,
        directory: &Directory,
        kinds: &[ResourceKind],
        first: Entry,
        count: usize,
    ) -> Vec<Entry> {
        if let Self::Only(entries) = self {
            return entries.iter().filter(|entry| **entry >= first).take(count).copied().collect();
        }
        let mut page = Vec::new();
        for &kind in kinds.iter().filter(|kind| **kind >= first.0) {
            let slot = if kind == first.0 { first.1 } else { 0 };
            let wanted = count - page.len();
            match kind {
                ResourceKind::User => {
                    page.extend(directory.users.from(slot).take(wanted).map(|(slot, _)| (kind, slot)));
                }
                ResourceKind::Group => {
                    page.extend(directory.groups.from(slot).take(wanted).map(|(slot, _)| (kind, slot)));
                }
            }
        }
        page
    }
}

fn count(directory: &Directory, kind: ResourceKind) -> usize {
    match kind {
        ResourceKind::User => directory.users.len(),
        ResourceKind::Group => directory.groups.len(),
    }
}

/// Where a filter came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The request's URL, which others write down.
    Url,
    /// The body of a search.
    Body,
}

/// What the filter finds among resources of these kinds; everything where there is none.
///
/// # Errors
/// 400 `invalidFilter` for a filter that cannot be read, or that the knob does not allow; 400 `tooMany` where it finds more
/// than the knob allows. A filter on a secret is 403 `sensitive` in a URL, and `invalidFilter` elsewhere.
pub(crate) fn found(
    site: &Site,
    directory: &Directory,
    kinds: &[ResourceKind],
    filter: Option<(&str, Source)>,
    view: impl Fn(Entry) -> Option<Value>,
) -> Result<Found, ScimError> {
    let Some((text, source)) = filter else {
        return Ok(Found::All);
    };
    let filter = Filter::parse(text, &site.leniency()).map_err(|error| {
        if site.knobs.filter_attrs == FilterAttrs::Documented { undocumented(kinds) } else { error.into() }
    })?;
    let mut entries = Vec::new();
    match site.knobs.filter_attrs {
        FilterAttrs::Documented if !kinds.iter().all(|kind| is_documented(*kind, &filter)) => {
            return Err(undocumented(kinds));
        }
        FilterAttrs::Any if let Some(secret) = secret(kinds, &filter) => {
            return Err(refused_secret(secret, source));
        }
        FilterAttrs::Documented | FilterAttrs::Any => {}
    }
    for &kind in kinds {
        let mut of_kind = match kind {
            ResourceKind::User => users_equal(site, directory, &filter).unwrap_or_else(|| {
                scan(directory.users.iter().map(|(slot, _)| (kind, slot)), &filter, &view)
            }),
            ResourceKind::Group => groups_equal(site, directory, &filter).unwrap_or_else(|| {
                scan(directory.groups.iter().map(|(slot, _)| (kind, slot)), &filter, &view)
            }),
        };
        if entries.is_empty() {
            entries = of_kind;
        } else {
            entries.append(&mut of_kind);
        }
    }
    if let Some(most) = site.knobs.filter_max.filter(|most| entries.len() > *most) {
        return Err(ScimError::too_many(format!("the filter matches more than {most} resources")));
    }
    Ok(Found::Only(entries))
}

/// Whether a user is active; a group always is.
pub(crate) fn is_active(directory: &Directory, (kind, slot): Entry) -> bool {
    kind == ResourceKind::Group
        || directory.users.get(slot).is_some_and(|user| {
            attribute::get(&user.attributes.value(), "active").and_then(Value::as_bool) != Some(false)
        })
}

/// An attribute of the filter that nobody ever reads, such as a password.
fn secret<'f>(kinds: &[ResourceKind], filter: &'f Filter) -> Option<&'f AttrPath> {
    let is_secret = |path: &&AttrPath| {
        let of_kind = |kind: &ResourceKind| schema::attribute(*kind, path);
        kinds.iter().filter_map(of_kind).any(|definition| definition.returned == Returned::Never)
    };
    filter.paths().into_iter().find(is_secret)
}

/// RFC 7644 §7.5.2: in a URL a secret is told to everybody on the way. In a body it is not, but what is not kept cannot be
/// compared.
fn refused_secret(secret: &AttrPath, source: Source) -> ScimError {
    match source {
        Source::Url => ScimError::sensitive(format!("{secret} is not allowed in a URL")),
        Source::Body => {
            let detail = format!("{secret} is not stored and cannot be searched");
            ScimError::bad_request(ScimType::InvalidFilter, detail)
        }
    }
}

/// The vendor's words for a filter that it does not know.
fn undocumented(kinds: &[ResourceKind]) -> ScimError {
    let resource = kinds.first().map_or("RESOURCE".to_owned(), |kind| kind.name().to_uppercase());
    ScimError::bad_request(ScimType::InvalidFilter, format!("Resource [{resource}] invalid filter"))
}

/// Exactly one `eq` on an attribute that the vendor documents.
fn is_documented(kind: ResourceKind, filter: &Filter) -> bool {
    let names: &[&str] = match kind {
        ResourceKind::User => &["userName", "externalId"],
        ResourceKind::Group => &["displayName"],
    };
    filter.equality().is_some_and(|(path, _)| names.iter().any(|name| path.is(name)))
}

/// The users that an equality on an indexed attribute finds; none if it is not on one.
fn users_equal(site: &Site, directory: &Directory, filter: &Filter) -> Option<Vec<Entry>> {
    let entry = |slot| (ResourceKind::User, slot);
    let (path, value) = filter.equality()?;
    let users = &directory.users;
    if path.is("userName") {
        let key = site.user_key(value);
        if site.defects.at.lookup.prefix {
            return Some(users.user_name_starting_with(&key).map(entry).collect());
        }
        let exact = site.defects.at.lookup.case_sensitive;
        let same = |slot: &u32| {
            let user = users.get(*slot).filter(|_| exact);
            let name = user.and_then(|user| user.attributes.user_name());
            let is_same = |name| serde_json::from_str(name).is_ok_and(|name: String| name == value);
            user.is_none() || name.is_some_and(is_same)
        };
        return Some(users.by_user_name(&key).filter(same).map(entry).collect());
    }
    if path.is("externalId") {
        return Some(users.by_external_id(value).map(entry).collect());
    }
    path.is("id").then(|| users.by_id(value).into_iter().map(entry).collect())
}

/// The groups that an equality on an indexed attribute finds; none if it is not on one.
fn groups_equal(site: &Site, directory: &Directory, filter: &Filter) -> Option<Vec<Entry>> {
    let entry = |slot| (ResourceKind::Group, slot);
    let (path, value) = filter.equality()?;
    let groups = &directory.groups;
    if path.is("displayName") {
        let key = site.name_key(value);
        if site.defects.at.lookup.prefix {
            return Some(groups.name_starting_with(&key).map(entry).collect());
        }
        // The index forgives space around a name, which `eq` does not.
        let same = |slot: &u32| {
            groups.get(*slot).is_some_and(|group| {
                let exact = site.defects.at.lookup.case_sensitive;
                filter.matches(ResourceKind::Group, &group.attributes)
                    && (!exact || group.display_name == value)
            })
        };
        return Some(groups.by_name(&key).filter(same).map(entry).collect());
    }
    path.is("id").then(|| groups.by_id(value).into_iter().map(entry).collect())
}

fn scan(
    all: impl Iterator<Item = Entry>,
    filter: &Filter,
    view: impl Fn(Entry) -> Option<Value>,
) -> Vec<Entry> {
    all.filter(|entry| view(*entry).is_some_and(|resource| filter.matches(entry.0, &resource))).collect()
}

//! Scenario files as they are written, with positions. What they mean is in [`super::model`].
//!
//! Enums are externally tagged and nothing is flattened, so that every value keeps its line and column.

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};
use serde_saphyr::Spanned;

/// A word with its position.
pub(crate) type Word = Spanned<String>;

/// A scenario file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Scenario")]
pub(crate) struct ScenarioDto {
    /// What happens, in a sentence.
    pub(crate) title: String,
    /// Where the expectation comes from, and how sure it is.
    pub(crate) evidence: EvidenceDto,
    /// The names under which the fact sheets speak of it, such as C-01.
    #[serde(default)]
    pub(crate) covers: Vec<String>,
    /// Families or exact clients that play it.
    #[schemars(with = "Vec<String>")]
    pub(crate) idps: Vec<Word>,
    /// What the target must let us do or see.
    #[serde(default)]
    pub(crate) requires: Vec<Capability>,
    /// The behaviour that its alternatives tell apart, for the behaviour card.
    pub(crate) behaviour: Option<String>,
    /// Further fields of customers that are compared.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) compare: Vec<Word>,
    /// Client settings that differ from the provider's defaults.
    #[serde(default)]
    pub(crate) settings: SettingsDto,
    /// What stands at the endpoint before the IdP arrives.
    #[serde(default)]
    pub(crate) given: GivenDto,
    /// The people of the directory, by the name that the steps use.
    #[serde(default)]
    pub(crate) people: IndexMap<String, PersonDto>,
    /// The groups of the directory, by the name that the steps use.
    #[serde(default)]
    pub(crate) groups: IndexMap<String, GroupDto>,
    /// What happens, in order.
    #[schemars(with = "Vec<StepDto>")]
    pub(crate) steps: Vec<Spanned<StepDto>>,
    /// Outcomes that are all possible, by name.
    #[serde(default)]
    pub(crate) alternatives: IndexMap<String, AlternativeDto>,
    /// Clients that leave another outcome, and why.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) differs: IndexMap<String, Word>,
}

/// Where an expectation comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Evidence")]
pub(crate) struct EvidenceDto {
    /// How sure it is.
    pub(crate) mark: Mark,
    /// The document, capture or report.
    pub(crate) source: String,
    /// What of it is inferred, where the mark alone would say too much.
    pub(crate) note: Option<String>,
}

/// How sure an expectation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// The vendor's documentation says so.
    Documented,
    /// It was seen on the wire.
    Captured,
    /// Users or issue threads report it.
    Reported,
    /// It follows from the above, or from a neighbouring product; nobody has said it.
    Inferred,
}

/// What a target lets us do or see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// It serves `/Groups`.
    Groups,
    /// It filters.
    Filter,
    /// DELETE removes.
    Delete,
    /// The product's own REST API can be used.
    ProductView,
    /// Its settings can be changed.
    Settings,
    /// Its clock can be moved.
    Clock,
    /// Nobody else uses it.
    Exclusive,
}

/// Client settings.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Settings")]
pub(crate) struct SettingsDto {
    /// Okta: whether a linked group at the endpoint is renamed after the pushed one (default: yes).
    pub(crate) rename_groups: Option<bool>,
    /// Okta: whether imports read groups (default: no).
    pub(crate) import_groups: Option<bool>,
}

/// What stands at the endpoint before the IdP arrives.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Given")]
pub(crate) struct GivenDto {
    /// Settings of the endpoint, where they can be set.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) knobs: IndexMap<String, Word>,
    /// Organizations.
    #[serde(default)]
    pub(crate) organizations: Vec<GivenOrganizationDto>,
    /// Customers who need not be in an organization.
    #[serde(default)]
    pub(crate) customers: Vec<GivenCustomerDto>,
}

/// Where something that is given was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// By hand, in the product: a SCIM lookup does not find it.
    Product,
    /// By another SCIM client: a lookup finds it, and the provider links.
    Scim,
}

/// An organization that is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GivenOrganization")]
pub(crate) struct GivenOrganizationDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// Where it was made.
    #[serde(rename = "in")]
    pub(crate) place: Place,
    /// The mail addresses of its customers, made in the same place unless they are listed themselves.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) customers: Vec<Word>,
}

/// A customer who is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "GivenCustomer")]
pub(crate) struct GivenCustomerDto {
    /// The mail address.
    #[schemars(with = "String")]
    pub(crate) email: Word,
    /// Where they were made.
    #[serde(rename = "in")]
    pub(crate) place: Place,
    /// The name to show (default: the mail address's local part).
    pub(crate) display_name: Option<String>,
    /// The first name, `in: scim` only.
    pub(crate) given_name: Option<String>,
    /// The last name, `in: scim` only.
    pub(crate) family_name: Option<String>,
    /// Whether they may log in (default: yes).
    pub(crate) active: Option<bool>,
}

/// A person of the directory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Person")]
pub(crate) struct PersonDto {
    /// The login name.
    #[schemars(with = "String")]
    pub(crate) user_name: Word,
    /// The mail address (default: the login name).
    pub(crate) email: Option<String>,
    /// The first name.
    pub(crate) given_name: String,
    /// The last name.
    pub(crate) family_name: String,
    /// The name to show (default: first and last name).
    pub(crate) display_name: Option<String>,
    /// The title.
    pub(crate) title: Option<String>,
    /// The department.
    pub(crate) department: Option<String>,
    /// The employee number.
    pub(crate) employee_number: Option<String>,
    /// The preferred language.
    pub(crate) preferred_language: Option<String>,
    /// The nickname.
    pub(crate) nick_name: Option<String>,
    /// The manager, by name.
    #[schemars(with = "Option<String>")]
    pub(crate) manager: Option<Word>,
}

/// A group of the directory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Group")]
pub(crate) struct GroupDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) display_name: Word,
    /// Its members, by name.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) members: Vec<Word>,
}

/// An outcome that is possible.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Alternative")]
pub(crate) struct AlternativeDto {
    /// What it is, in a sentence.
    pub(crate) says: String,
    /// The knobs of the reference endpoint that lead to it.
    #[serde(default)]
    pub(crate) when: BTreeMap<String, String>,
    /// Whether no setting of the reference endpoint leads to it, and only others show it.
    #[serde(default)]
    pub(crate) elsewhere: bool,
    /// For whom it is legal.
    pub(crate) legal: LegalDto,
}

/// For whom an alternative is legal. Whoever is not named is not concerned.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Legal")]
pub(crate) struct LegalDto {
    /// Jira Service Management's documentation.
    pub(crate) jsm: Option<Legality>,
    /// Okta.
    pub(crate) okta: Option<Legality>,
    /// Entra.
    pub(crate) entra: Option<Legality>,
    /// Google.
    pub(crate) google: Option<Legality>,
}

/// Whether an alternative may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Legality {
    /// It may.
    Yes,
    /// It may, and somebody will be surprised.
    Warn,
    /// It may not.
    No,
}

/// A step: a verb with its object, or a verb alone; beside it, for whom the step is.
#[derive(Debug)]
pub(crate) struct StepDto {
    pub(crate) verb: VerbDto,
    pub(crate) only: Option<Vec<Word>>,
    pub(crate) within: Option<Vec<Word>>,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum VerbDto {
    /// An event without an object: `connect`, `import`, `force-sync`, `cycle`, `restart`.
    Bare(String),
    /// An event of a person or a group: `assign: ada`, `push: acme`.
    Of(String, Word),
    Update(UpdateDto),
    RenameUser(RenameUserDto),
    AddMember(MembershipDto),
    RemoveMember(MembershipDto),
    RenameGroup(RenameGroupDto),
    Unlink(UnlinkDto),
    Together(Vec<Spanned<StepDto>>),
    Admin(AdminDto),
    Request(Box<RequestDto>),
    AtOnce(Vec<Spanned<RequestDto>>),
    Checkpoint(Word),
}

/// Verbs without an object.
pub(crate) const BARE: [&str; 5] = ["connect", "import", "force-sync", "cycle", "restart"];

/// Verbs whose object is a person.
pub(crate) const OF_PERSON: [&str; 7] =
    ["assign", "suspend", "unsuspend", "unassign", "reassign", "delete-user", "on-demand"];

/// Verbs whose object is a group.
pub(crate) const OF_GROUP: [&str; 2] = ["push", "push-now"];

/// Verbs whose object has parts.
const WITH_PARTS: [&str; 11] = [
    "update",
    "rename-user",
    "add-member",
    "remove-member",
    "rename-group",
    "unlink",
    "together",
    "admin",
    "request",
    "at-once",
    "checkpoint",
];

/// Every verb.
pub(crate) fn verbs() -> Vec<&'static str> {
    BARE.into_iter().chain(OF_PERSON).chain(OF_GROUP).chain(WITH_PARTS).collect()
}

/// New values of profile attributes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Update")]
pub(crate) struct UpdateDto {
    /// Who, by name.
    #[schemars(with = "String")]
    pub(crate) person: Word,
    /// The attributes by name; an empty value clears one.
    #[schemars(with = "BTreeMap<String, String>")]
    pub(crate) set: IndexMap<String, Word>,
}

/// A new login name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RenameUser")]
pub(crate) struct RenameUserDto {
    /// Who, by name.
    #[schemars(with = "String")]
    pub(crate) person: Word,
    /// The new login name.
    #[schemars(with = "String")]
    pub(crate) to: Word,
}

/// Who joins or leaves which group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Membership")]
pub(crate) struct MembershipDto {
    /// The group, by name.
    #[schemars(with = "String")]
    pub(crate) group: Word,
    /// Who, by name.
    #[schemars(with = "String")]
    pub(crate) person: Word,
}

/// A new name for a group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RenameGroup")]
pub(crate) struct RenameGroupDto {
    /// The group, by name.
    #[schemars(with = "String")]
    pub(crate) group: Word,
    /// Its new name.
    #[schemars(with = "String")]
    pub(crate) to: Word,
}

/// How a group stops being pushed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Unlink")]
pub(crate) enum UnlinkDto {
    /// The group stays at the endpoint.
    #[schemars(with = "String")]
    Leave(Word),
    /// It is deleted there.
    #[schemars(with = "String")]
    Delete(Word),
}

/// What an administrator does at the endpoint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Admin")]
pub(crate) enum AdminDto {
    /// Settings are changed.
    #[schemars(with = "IndexMap<String, String>")]
    Set(IndexMap<String, Word>),
    /// An organization is made by hand.
    CreateOrganization(AdminOrganizationDto),
    /// An organization is renamed by hand.
    RenameOrganization(AdminRenameDto),
    /// An organization is deleted by hand.
    #[schemars(with = "String")]
    DeleteOrganization(Word),
    /// A customer is put into an organization by hand.
    AddCustomer(AdminMembershipDto),
    /// A customer is taken out of an organization by hand.
    RemoveCustomer(AdminMembershipDto),
    /// A customer's access is revoked, by mail address.
    #[schemars(with = "String")]
    Revoke(Word),
    /// The API key is made anew; the old one dies at once, and the IdP gets the new one.
    RegenerateKey,
    /// The IdP directory is disconnected.
    Disconnect,
    /// An IdP directory is connected again.
    Reconnect,
    /// Time passes at the endpoint: `30d`, `12h`.
    #[schemars(with = "String")]
    Advance(Word),
}

/// An organization made by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminOrganization")]
pub(crate) struct AdminOrganizationDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// The mail addresses of its customers.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) customers: Vec<Word>,
}

/// An organization renamed by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminRename")]
pub(crate) struct AdminRenameDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// Its new name.
    #[schemars(with = "String")]
    pub(crate) to: Word,
}

/// Who is put into which organization, or taken out of it, by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminMembership")]
pub(crate) struct AdminMembershipDto {
    /// The organization's name.
    #[schemars(with = "String")]
    pub(crate) organization: Word,
    /// The customer's mail address.
    #[schemars(with = "String")]
    pub(crate) email: Word,
}

/// A literal request, where the point is the payload.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Request")]
pub(crate) struct RequestDto {
    /// Families or exact clients for whom it is sent.
    #[schemars(with = "Option<Vec<String>>")]
    pub(crate) only: Option<Vec<Word>>,
    /// Alternatives in which it is sent.
    #[serde(rename = "in")]
    #[schemars(with = "Option<Vec<String>>")]
    pub(crate) within: Option<Vec<Word>>,
    /// Method and target: `PATCH /Groups/{{ groups.acme.id }}`.
    #[schemars(with = "String")]
    pub(crate) send: Word,
    /// Headers that differ from the provider's; an empty value leaves one out.
    #[serde(default)]
    pub(crate) headers: IndexMap<String, String>,
    /// The body, as JSON text.
    #[schemars(with = "Option<String>")]
    pub(crate) json: Option<Word>,
    /// What must come back.
    #[serde(default)]
    pub(crate) expect: ExpectDto,
}

/// What must come back for a literal request.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Expect")]
pub(crate) struct ExpectDto {
    /// The statuses that are right.
    #[schemars(with = "Option<Vec<u16>>")]
    pub(crate) status: Option<Spanned<Vec<u16>>>,
    /// The scimType that is right, where the answer is an error.
    #[schemars(with = "Option<String>")]
    pub(crate) scim_type: Option<Word>,
}

impl<'de> Deserialize<'de> for StepDto {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StepVisitor)
    }
}

struct StepVisitor;

impl<'de> Visitor<'de> for StepVisitor {
    type Value = StepDto;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step such as `connect`, `assign: ada` or `checkpoint: created`")
    }

    fn visit_str<E: de::Error>(self, verb: &str) -> Result<StepDto, E> {
        if BARE.contains(&verb) {
            Ok(StepDto { verb: VerbDto::Bare(verb.to_owned()), only: None, within: None })
        } else if verbs().contains(&verb) {
            Err(E::custom(format_args!("`{verb}` needs an object, as in `{verb}: name`")))
        } else {
            Err(E::custom(unknown_verb(verb)))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StepDto, A::Error> {
        let (mut verb, mut only, mut within) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "only" => only = Some(map.next_value()?),
                "in" => within = Some(map.next_value()?),
                _ if verb.is_some() => {
                    return Err(de::Error::custom(format_args!(
                        "a step does one thing; `{key}` is a second one"
                    )));
                }
                _ => verb = Some(read_verb(&key, &mut map)?),
            }
        }
        let verb = verb.ok_or_else(|| de::Error::custom("the step says for whom, but not what"))?;
        Ok(StepDto { verb, only, within })
    }
}

fn read_verb<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<VerbDto, A::Error> {
    Ok(match key {
        "update" => VerbDto::Update(map.next_value()?),
        "rename-user" => VerbDto::RenameUser(map.next_value()?),
        "add-member" => VerbDto::AddMember(map.next_value()?),
        "remove-member" => VerbDto::RemoveMember(map.next_value()?),
        "rename-group" => VerbDto::RenameGroup(map.next_value()?),
        "unlink" => VerbDto::Unlink(map.next_value()?),
        "together" => VerbDto::Together(map.next_value()?),
        "admin" => VerbDto::Admin(map.next_value()?),
        "request" => VerbDto::Request(map.next_value()?),
        "at-once" => VerbDto::AtOnce(map.next_value()?),
        "checkpoint" => VerbDto::Checkpoint(map.next_value()?),
        _ if OF_PERSON.contains(&key) || OF_GROUP.contains(&key) => {
            VerbDto::Of(key.to_owned(), map.next_value()?)
        }
        _ if BARE.contains(&key) => {
            return Err(de::Error::custom(format_args!("`{key}` takes no object: write `- {key}`")));
        }
        _ => return Err(de::Error::custom(unknown_verb(key))),
    })
}

fn unknown_verb(verb: &str) -> String {
    match super::nearest::nearest(verb, verbs()) {
        Some(near) => format!("there is no step `{verb}`; did you mean `{near}`?"),
        None => format!("there is no step `{verb}`; steps are {}", verbs().join(", ")),
    }
}

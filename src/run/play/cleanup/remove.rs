//! Removes one resource: a read shows whose it is, then it is deleted, then another read shows that it is gone.

use std::sync::Arc;

use serde_json::Value;

use crate::scim::resource::attribute::get;
use crate::wire::message::encode::{path_segment, stays_in_its_segment};
use crate::wire::safety::proof;
use crate::wire::safety::proof::{List, neutral, neutral_rest};
use crate::wire::{Answer, Created, Exchange, Method, Reading, Request, Trace, id_in, raw_id};

use super::sweep::MOST_PAGES;
use crate::event::STILL_THERE;

use super::{Silent, Sweeper};

/// Why something is left that is known by its name only.
const UNUSABLE_ID: &str = "its id is not allowed in a path, so it can be neither read nor deleted";

/// How often a name is looked for while more of it turns up.
pub(super) const ROUNDS: usize = 3;

/// How an attempt to remove something ended.
#[derive(Debug)]
pub(super) enum Removal {
    /// It is gone, or never was ours.
    Gone,
    /// Nobody was found there, by an answer that may be said of anything.
    NotFound,
    /// It is still there, and another attempt would not change that.
    Lasts(String),
    /// It may be there.
    Left(String),
}

/// Why something that was created is left alone: the endpoint may have renamed it, or given its id to somebody else.
const RENAMED: &str = "it is shown under another name now, so that nothing proves that it is this run's";

impl Sweeper<'_> {
    /// Sends a request. Once nothing is answered, nothing more is asked.
    pub(super) async fn send(&self, request: Request) -> Result<Arc<Exchange>, Silent> {
        let exchange = self.wire.send(request).await;
        if matches!(exchange.answer, Answer::Failed(_)) { Err(Silent) } else { Ok(exchange) }
    }

    /// Removes what has an id.
    pub(super) async fn remove(&mut self, kind: Created, id: &str) -> Result<Removal, Silent> {
        let known = self.wire.ownership().fresh_reading(kind, id);
        // What was deleted before may have gone in the meantime.
        let is_new = self.tried.insert((kind, Trace::Id(id.to_owned())));
        let found = match known.filter(|_| is_new) {
            // Whatever a list shows, its own address may show somebody else.
            Some(Reading::Listed) | None => self.read(kind, id).await?.0,
            Some(reading) => Some(reading),
        };
        match found {
            Some(Reading::Gone) => return Ok(Removal::Gone),
            Some(Reading::Theirs) => return Ok(Removal::Lasts(RENAMED.to_owned())),
            Some(Reading::NotFound) => return Ok(Removal::NotFound),
            Some(Reading::Ours | Reading::Listed) => {}
            Some(Reading::Unnamed) if self.wire.ownership().is_proved(kind, id) => {}
            Some(Reading::Unnamed) => {
                return Ok(Removal::Left("nothing shows that it belongs to this run".to_owned()));
            }
            None if kind == Created::Customer => {
                let why = "the product cannot delete customers; the service desk does not list this one, so it keeps its access";
                return Ok(Removal::Lasts(why.to_owned()));
            }
            None => return Ok(Removal::Left("it cannot be read".to_owned())),
        }
        if kind == Created::Customer {
            return self.revoke(id).await;
        }
        self.learn_part_filter(kind, id).await;
        self.delete(kind, id).await
    }

    async fn delete(&mut self, kind: Created, id: &str) -> Result<Removal, Silent> {
        let target = proof::location(kind, id);
        let request = match kind {
            Created::Organization => neutral_rest(Method::Delete, target),
            _ => neutral(Method::Delete, target),
        };
        let deleted = self.send(request).await?;
        if let Answer::Withheld(why) = &deleted.answer {
            return Ok(Removal::Left(why.to_string()));
        }
        let (reading, active) = self.read(kind, id).await?;
        Ok(match reading {
            Some(Reading::Gone) => Removal::Gone,
            Some(Reading::Theirs) => Removal::Lasts(RENAMED.to_owned()),
            Some(Reading::NotFound) => Removal::NotFound,
            Some(Reading::Ours | Reading::Listed | Reading::Unnamed)
                if active == Some(false) && (deleted.is_success() || deleted.status() == 404) =>
            {
                Removal::Lasts(format!("DELETE returned {} but only deactivated it", deleted.status()))
            }
            Some(Reading::Ours | Reading::Listed | Reading::Unnamed) => {
                Removal::Left(format!("DELETE returned {}, but it is still there", deleted.status()))
            }
            None => Removal::Left(format!("DELETE returned {}, and it cannot be read", deleted.status())),
        })
    }

    /// The product has no way to delete a customer; taking the access away is the most there is.
    async fn revoke(&mut self, account: &str) -> Result<Removal, Silent> {
        let target = format!("/customer/user/{}/revoke-portal-only-access", path_segment(account));
        let revoked = self.send(neutral_rest(Method::Put, target)).await?;
        Ok(match &revoked.answer {
            Answer::Withheld(why) => Removal::Left(why.to_string()),
            _ if revoked.is_success() => {
                Removal::Lasts("the product cannot delete customers; its access is revoked".to_owned())
            }
            _ => Removal::Left(format!("revoking its access returned {}", revoked.status())),
        })
    }

    /// Reads what stands under an id, by a list with its name where it has no page, and whether it is active.
    async fn read(&mut self, kind: Created, id: &str) -> Result<(Option<Reading>, Option<bool>), Silent> {
        if kind == Created::Customer {
            self.list_customers().await?;
            return Ok((self.wire.ownership().fresh_reading(kind, id), None));
        }
        let read = self.send(self.wire.seeker().read(kind, id)).await?;
        let active = read.json().and_then(|body| get(body, "active")).and_then(Value::as_bool);
        match self.wire.ownership().fresh_reading(kind, id) {
            Some(Reading::Listed) if !read.is_success() => return Ok((Some(Reading::Listed), active)),
            Some(Reading::Listed) | None => {}
            reading => return Ok((reading, active)),
        }
        if matches!(read.answer, Answer::Withheld(_)) {
            return Ok((None, None));
        }
        // An endpoint that cannot be read by id may be so by name.
        let listed = self.send(self.wire.seeker().look_for_token(kind, 0)).await?;
        let is_listed = proof::list(&listed).is_some();
        let reading = self.wire.ownership().fresh_reading(kind, id).filter(|_| is_listed);
        Ok((reading, None))
    }

    /// Lists the service desk's customers, everybody's: the one whom a query shows under our name may be shown there under
    /// another one, too. Where there are too many, the query has to do.
    async fn list_customers(&mut self) -> Result<(), Silent> {
        if std::mem::replace(&mut self.has_listed_customers, true) {
            return Ok(());
        }
        let seeker = self.wire.seeker();
        let mut after = 0;
        for _ in 0..MOST_PAGES {
            let listed = self.send(seeker.page(Created::Customer, after)).await?;
            let Some(list) = proof::list(&listed) else { break };
            if list.is_whole || list.shown == 0 {
                return Ok(());
            }
            after += list.shown;
        }
        self.send(seeker.look_for_token(Created::Customer, 0)).await?;
        Ok(())
    }

    /// Looks for a name, and removes what is ours under it. Says whether nobody has it.
    pub(super) async fn name(&mut self, kind: Created, name: &str) -> Result<bool, Silent> {
        for _ in 0..ROUNDS {
            let found = self.send(self.wire.seeker().look_for(kind, name)).await?;
            let Some(list) = proof::list(&found) else {
                self.explain_name(kind, name, &format!("the lookup returned {}", found.status()));
                return Ok(false);
            };
            let ours = self.ours(kind, &list);
            if self.shows_unusable_id(kind, &list) {
                self.explain_name(kind, name, UNUSABLE_ID);
                return Ok(false);
            }
            if ours.is_empty() {
                if !list.is_whole {
                    self.explain_name(
                        kind,
                        name,
                        "the lookup returned other resources, and an incomplete list",
                    );
                }
                return Ok(list.is_whole);
            }
            let mut left = false;
            for id in ours {
                self.id(kind, &id).await?;
                left |= self.is_left(kind, &id);
            }
            if left {
                self.explain_name(kind, name, STILL_THERE);
                return Ok(false);
            }
        }
        self.explain_name(kind, name, "each lookup found more of them");
        Ok(false)
    }

    fn explain_name(&self, kind: Created, name: &str, why: &str) {
        self.register.explain(kind, &Trace::Name(name.to_owned()), why);
    }

    /// The ids of the run's resources in a list, but for those that nobody can remove.
    pub(super) fn ours(&self, kind: Created, list: &List<'_>) -> Vec<String> {
        let ids = self.all_ours(kind, list).filter_map(|resource| id_in(kind, resource));
        ids.filter(|id| !self.register.is_lasting(kind, id)).collect()
    }

    /// Whether something of ours is in a list with an id that can never be asked for.
    pub(super) fn shows_unusable_id(&self, kind: Created, list: &List<'_>) -> bool {
        self.all_ours(kind, list)
            .any(|resource| raw_id(kind, resource).is_some_and(|id| !stays_in_its_segment(&id)))
    }

    fn all_ours<'l>(&self, kind: Created, list: &List<'l>) -> impl Iterator<Item = &'l Value> {
        list.resources.iter().filter(move |resource| self.wire.ownership().is_ours(kind, resource))
    }

    /// Whether an id that was to be removed may still be there.
    pub(super) fn is_left(&self, kind: Created, id: &str) -> bool {
        let not_found = self.not_found.iter().any(|(other, not_found)| *other == kind && not_found == id);
        !not_found && self.register.find_open(kind, &Trace::Id(id.to_owned())).is_some()
    }

    /// Learns, once a run and while something is there, whether a filter by a part of the name shows it.
    async fn learn_part_filter(&self, kind: Created, id: &str) {
        if !matches!(kind, Created::User | Created::Group)
            || self.register.does_part_filter_find(kind).is_some()
        {
            return;
        }
        // Others that are removed at the same time need not ask again.
        self.register.part_filter_finds(kind, false);
        // Which pair asks is chance, so the question is in nobody's transcript.
        let Ok(listed) = self.wire.ask(self.wire.seeker().look_for_token(kind, 0)).await else {
            return;
        };
        let finds = proof::list(&listed).is_some_and(|list| {
            let all_ours =
                list.resources.iter().all(|resource| self.wire.ownership().is_ours(kind, resource));
            list.is_whole && all_ours && self.ours(kind, &list).iter().any(|other| other == id)
        });
        self.register.part_filter_finds(kind, finds);
    }
}

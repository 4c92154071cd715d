//! *Import now*: everything, page by page.

use std::collections::BTreeSet;

use crate::directory::Person;
use crate::idp::kit::resource::{id, list};
use crate::idp::{Broken, Session};

use super::patience::send;
use super::request::get;
use super::state::Okta;

/// Okta's page size.
const PAGE: u64 = 100;
/// The percentage of missing users at which an import stops, where nothing else is set.
const SAFEGUARD: u8 = 20;
/// More pages than any scenario needs; an endpoint whose total never comes true ends here.
const MAX_PAGES: u64 = 1000;

impl Okta {
    /// Reads all users, and all groups where that is set. A linked user who does not come back loses the assignment,
    /// and nothing is sent to them any more; where so many are missing that the safeguard stops the import, nobody does.
    pub(crate) async fn import(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        let assigned: Vec<(&Person, String)> = session
            .directory
            .people
            .iter()
            .filter_map(|person| Some((person, self.assigned_id(&person.key)?)))
            .collect();
        let wanted = assigned.iter().map(|(_, id)| id.clone()).collect();
        let Some((found, last)) = self.pages("/Users", wanted, session).await? else {
            return Ok(());
        };
        let missing: Vec<&Person> =
            assigned.iter().filter(|(_, id)| !found.contains(id)).map(|(person, _)| *person).collect();
        let safeguard = usize::from(self.settings.import_safeguard.unwrap_or(SAFEGUARD));
        let stops = missing.len() * 100 > assigned.len() * safeguard;
        for person in &missing {
            self.notices.add(&last, format!("Import: user {} is no longer in the app", person.user_name));
            if !stops {
                self.note_unassigned(&person.key);
            }
        }
        if stops {
            let message = format!(
                "Import stopped by the safeguard: {} of {} assignments would be removed, which is more than {safeguard} %",
                missing.len(),
                assigned.len()
            );
            self.notices.add(&last, message);
            return Ok(());
        }
        if self.settings.imports_groups() {
            self.pages("/Groups", BTreeSet::new(), session).await?;
        }
        Ok(())
    }

    /// Which of these ids all pages together show.
    async fn pages(
        &mut self,
        collection: &str,
        wanted: BTreeSet<String>,
        session: &Session<'_>,
    ) -> Result<Option<(BTreeSet<String>, std::sync::Arc<crate::wire::Exchange>)>, Broken> {
        let mut found = BTreeSet::new();
        let mut page = 0;
        loop {
            let start = page * PAGE + 1;
            let target = format!("{collection}?startIndex={start}&count={PAGE}");
            let exchange = send(session, get(target)).await?;
            if !self.accepted(&exchange, "Import failed") {
                return Ok(None);
            }
            let Some(resources) = self.listed(&exchange) else {
                return Ok(None);
            };
            found.extend(
                resources.iter().filter_map(id).filter(|id| wanted.contains(*id)).map(ToOwned::to_owned),
            );
            page += 1;
            let total = exchange.json().and_then(list).and_then(|list| list.total).unwrap_or(0);
            if resources.is_empty() || page * PAGE >= total || page == MAX_PAGES {
                return Ok(Some((found, exchange)));
            }
        }
    }
}

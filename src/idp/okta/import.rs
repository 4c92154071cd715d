//! *Import now*: everything, page by page.

use std::collections::BTreeSet;

use crate::idp::resource::{id, list};
use crate::idp::{Broken, Session};

use super::request::get;
use super::state::Okta;

/// Okta's page size.
const PAGE: u64 = 100;
/// More pages than any scenario needs; an endpoint whose total never comes true ends here.
const MAX_PAGES: u64 = 1000;

impl Okta {
    /// Reads all users, and all groups where that is set. A linked user who does not come back is told of: the
    /// assignment would be removed, were it not for the safeguard of 20 %.
    pub(crate) async fn import(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        let Some((found, last)) = self.pages("/Users", session).await? else {
            return Ok(());
        };
        for person in &session.directory.people {
            if let Some(id) = self.assigned_id(&person.key)
                && !found.contains(&id)
            {
                self.notices.add(&last, format!("Import: user {} is no longer in the app", person.user_name));
            }
        }
        if self.settings.import_groups {
            self.pages("/Groups", session).await?;
        }
        Ok(())
    }

    async fn pages(
        &mut self,
        collection: &str,
        session: &Session<'_>,
    ) -> Result<Option<(BTreeSet<String>, std::rc::Rc<crate::wire::Exchange>)>, Broken> {
        let mut found = BTreeSet::new();
        let mut page = 0;
        loop {
            let start = page * PAGE + 1;
            let target = format!("{collection}?startIndex={start}&count={PAGE}");
            let exchange = session.send(get(target)).await?;
            if !self.accepted(&exchange, "Import failed") {
                return Ok(None);
            }
            let Some(resources) = self.listed(&exchange) else {
                return Ok(None);
            };
            found.extend(resources.iter().filter_map(id).map(ToOwned::to_owned));
            page += 1;
            let total = exchange.json().and_then(list).and_then(|list| list.total).unwrap_or(0);
            if resources.is_empty() || page * PAGE >= total || page == MAX_PAGES {
                return Ok(Some((found, exchange)));
            }
        }
    }
}

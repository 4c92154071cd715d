//! Lets a request leave only if it changes nothing of other people's, and reads whose a resource is where nothing has shown
//! it yet.

use std::time::Instant;

use super::Wire;
use crate::wire::message::created::Created;
use crate::wire::message::exchange::{Answer, Exchange, Withheld};
use crate::wire::message::request::Request;
use crate::wire::safety::ownership::{NOT_OURS, Permit, Reading};
use crate::wire::safety::proof::{self, Seeker};

impl Wire {
    /// Waits until a request may be sent. A write must change nothing of other people's.
    pub(in crate::wire) async fn leave(&self, request: &Request) -> Result<(), Withheld> {
        self.turn(request).await?;
        self.permission(request).await
    }

    /// Waits for a request's turn, where the target's rate is limited.
    pub(in crate::wire) async fn turn(&self, request: &Request) -> Result<(), Withheld> {
        let pace = self.target.borrow().pace.clone();
        match pace {
            Some(pace) => pace.turn(request).await.map_err(Withheld::Limit),
            None => Ok(()),
        }
    }

    /// Makes sure that a write changes nothing of other people's.
    async fn permission(&self, request: &Request) -> Result<(), Withheld> {
        loop {
            match self.ownership.permit(request) {
                Permit::Now => return Ok(()),
                Permit::Never(withheld) => return Err(withheld),
                // It is rarely unknown, and what is held for it is large.
                first => {
                    if Box::pin(self.find_out(request, first)).await? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Reads whose a resource is, or whether a name is free. Says whether a request may be sent although no read can tell.
    async fn find_out(&self, request: &Request, first: Permit) -> Result<bool, Withheld> {
        match first {
            Permit::Now | Permit::Never(_) => Ok(false),
            Permit::AfterReading(kind, id) => {
                // Of several writes at once, the first one finds out for all.
                let _turn = self.asking.lock().await;
                match self.ownership.permit(request) {
                    Permit::AfterReading(..) => {}
                    permit => return Ok(matches!(permit, Permit::Now)),
                }
                self.ask(self.seeker().read(kind, &id)).await?;
                match self.ownership.permit(request) {
                    Permit::AfterReading(again, same) if again == kind && same == id => {}
                    // That nobody is there is a permit for once, which is not to be asked for twice.
                    permit => return Ok(matches!(permit, Permit::Now)),
                }
                let reading = self.ownership.fresh_reading(kind, &id);
                if reading == Some(Reading::NotFound) && self.says_not_found_truly(kind).await? {
                    return Ok(true);
                }
                if self.ownership.trusts_unread(request, kind, &id) {
                    return Ok(true);
                }
                Err(self.ownership.refuse(request, NOT_OURS))
            }
            Permit::AfterLookingFor(kind, name) => {
                let found = self.ask(self.seeker().look_for(kind, &name)).await?;
                if !proof::is_vacant(kind, &name, &found) {
                    return Err(self.ownership.refuse(request, "uses a name that may be taken"));
                }
                self.ownership.found_vacant(kind, &name)?;
                self.marks.add_part(&name);
                Ok(false)
            }
        }
    }

    /// The requests that find out whose a resource is.
    pub fn seeker(&self) -> Seeker {
        let service_desk = self.target.borrow().rest.as_ref().map_or(1, |rest| rest.service_desk);
        Seeker { service_desk, token: self.ownership.token().to_owned() }
    }

    /// Whether "not found" can be believed in whatever form it is said: the endpoint says so of an id that nobody has, and
    /// right after that still serves a list.
    pub(crate) async fn says_not_found_truly(&self, kind: Created) -> Result<bool, Withheld> {
        let unknown = self.ask(self.seeker().read(kind, proof::random_id())).await?;
        let listed = self.ask(self.seeker().sample(kind)).await?;
        Ok(matches!(unknown.status(), 404 | 410) && proof::list(&listed).is_some())
    }

    /// Reads something for the sake of safety. The provider would not, so nobody is shown the exchange.
    pub(crate) async fn ask(&self, mut request: Request) -> Result<Exchange, Withheld> {
        request.marks = Some(self.marks.clone());
        self.turn(&request).await?;
        let started = Instant::now();
        let answer = self.deliver(&request).await.map_or_else(Answer::Failed, Answer::Response);
        let number = self.sent.get() + 1;
        let mut exchange = Exchange { number, request, answer, took: started.elapsed(), overlaps: false };
        self.ownership.note(&mut exchange, self.sent.get());
        Ok(exchange)
    }
}

//! How long a body may take, and how much memory all of them together.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::connection::Phase;
use super::crowd::Seat;
use crate::scim::error::ScimError;

/// So much of a body is read without asking: nearly every request fits into it.
pub(crate) const FREE: usize = 64 * 1024;

/// The connection that a body comes by.
#[derive(Debug, Clone)]
pub(crate) struct Intake(pub(super) Arc<Seat>);

impl Intake {
    /// Reads a body in the time that there is for it.
    ///
    /// # Errors
    /// 408 for one that takes longer, and those of the reading.
    pub(crate) async fn within<T>(
        &self,
        reading: impl Future<Output = Result<T, ScimError>>,
    ) -> Result<T, ScimError> {
        let Seat { connection, crowd, .. } = &*self.0;
        connection.enter(Phase::Body);
        let read = timeout(crowd.limits.body, reading).await;
        connection.enter(Phase::Work);
        read.unwrap_or_else(|_| {
            let seconds = crowd.limits.body.as_secs_f32();
            Err(ScimError::new(408, format!("the body did not arrive within {seconds} seconds")))
        })
    }

    /// Waits for room for a body of that length.
    ///
    /// # Errors
    /// 503 where others use it for too long.
    pub(crate) async fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ScimError> {
        let crowd = &self.0.crowd;
        let most = crowd.limits.bodies / 1024;
        let kibibytes = u32::try_from(bytes.div_ceil(1024).min(most)).unwrap_or(u32::MAX);
        let room = Arc::clone(&crowd.bodies).acquire_many_owned(kibibytes);
        match timeout(crowd.limits.wait, room).await {
            Ok(Ok(room)) => Ok(room),
            _ => Err(ScimError::new(503, "too many large requests are in progress; try again later")),
        }
    }
}

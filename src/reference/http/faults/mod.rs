//! What a deliberate bug does to requests and answers before and after they are handled.

pub(crate) mod gate;
pub(crate) mod lag;
pub(crate) mod race;
pub(crate) mod request;
pub(crate) mod response;

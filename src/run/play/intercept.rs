//! Has somebody between the provider and the endpoint answer.

use crate::idp::Links;
use crate::scenario::Interception;
use crate::wire::Wire;

use super::directory_state::World;
use super::literal::name_of;

/// Has the provider's next such requests answered so. What it names that was never linked is the error.
pub(in crate::run) fn intercept(
    it: &Interception,
    world: &World,
    links: &Links,
    wire: &Wire,
) -> Result<(), String> {
    for loss in it.losses(|variable| world.value(variable, links)).map_err(name_of)? {
        wire.lose(loss);
    }
    Ok(())
}

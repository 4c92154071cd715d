//! Points in time as they are shown: to the microsecond.

use std::fmt;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A time in half the bytes of a [`Timestamp`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    microseconds: i64,
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self { microseconds: at.as_microsecond() }
    }
}

impl From<Moment> for Timestamp {
    fn from(at: Moment) -> Self {
        // The last timestamp of all is refused although it was one.
        let end = if at.microseconds < 0 { Self::MIN } else { Self::MAX };
        Self::from_microsecond(at.microseconds).unwrap_or(end)
    }
}

impl Moment {
    /// Adds the time as it is shown, with six digits behind the seconds (RFC 3339).
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
        // Into memory writing does not fail.
        let _ = PRINTER.print_timestamp(&self.into(), out);
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Timestamp::from(*self).fmt(out)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Timestamp::from(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Timestamp::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::Moment;

    fn written(at: Timestamp) -> String {
        let mut out = Vec::new();
        Moment::from(at).write(&mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn a_moment_is_written_as_its_timestamp(
            microsecond in Timestamp::MIN.as_microsecond()..Timestamp::MAX.as_microsecond(),
        ) {
            let at = Timestamp::from_microsecond(microsecond).unwrap();
            prop_assert_eq!(written(at), format!("{at:.6}"));
        }
    }

    #[test]
    fn a_microsecond_is_kept() {
        let shown = "2026-11-22T01:02:03.456789Z";
        let at: Timestamp = "2026-11-22T01:02:03.456789123Z".parse().unwrap();
        assert_eq!(format!("{:.6}", Timestamp::from(Moment::from(at))), shown);
        let written = serde_json::to_string(&Moment::from(at)).unwrap();
        assert_eq!(serde_json::from_str::<Moment>(&written).unwrap(), Moment::from(at));
        for edge in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Timestamp::from(Moment::from(edge)).as_microsecond(), edge.as_microsecond());
        }
    }
}

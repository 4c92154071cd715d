//! Points in time as they are shown: to the microsecond.

use std::fmt;
use std::io::Write as _;

use jiff::Timestamp;
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
        const DAY: i64 = 86_400_000_000;
        let (days, rest) = (self.microseconds.div_euclid(DAY), self.microseconds.rem_euclid(DAY));
        let (year, month, day) = date(days);
        if !(0..=9999).contains(&year) {
            // Into memory writing does not fail.
            let _ = write!(out, "{:.6}", Timestamp::from(self));
            return;
        }
        let seconds = rest / 1_000_000;
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let parts = [
            (0, 4, year),
            (5, 2, month),
            (8, 2, day),
            (11, 2, seconds / 3600),
            (14, 2, seconds / 60 % 60),
            (17, 2, seconds % 60),
            (20, 6, rest % 1_000_000),
        ];
        for (start, length, value) in parts {
            let mut value = value;
            for digit in text.iter_mut().skip(start).take(length).rev() {
                *digit = b'0' + u8::try_from(value % 10).unwrap_or_default();
                value /= 10;
            }
        }
        out.extend(text);
    }
}

/// Year, month and day of a day counted from 1970-01-01, by the calendar of years that begin in March.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
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
    fn leap_days_and_the_ends_of_years_are_right() {
        for at in [
            "2024-02-29T23:59:59.999999Z",
            "2000-12-31T00:00:00.000000Z",
            "1900-03-01T12:00:00.000001Z",
            "0000-01-01T00:00:00.000000Z",
            "9999-12-30T21:00:00.000000Z",
        ] {
            assert_eq!(written(at.parse().unwrap()), at);
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

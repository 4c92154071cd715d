//! How much the report says, and how wide its lines are.

/// How much the report says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The verdict, and a line for each cause.
    Quiet,
    /// The verdict, and a block for each cause.
    #[default]
    Brief,
    /// Also a line for each scenario, its differences, the behaviour card, and bodies as they were.
    Verbose,
    /// Also every exchange.
    Everything,
}

impl Detail {
    /// Whether each scenario has its lines.
    pub fn is_verbose(self) -> bool {
        self >= Self::Verbose
    }
}

/// How the report is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// How much it says.
    pub detail: Detail,
    /// The width of the terminal in columns. Nothing is folded where there is none.
    pub width: Option<usize>,
    /// Whether what should be so fails the run, so that it is shown like what must be so.
    pub strict: bool,
}

/// Where values are cut if there is no terminal, in columns.
const WIDTH: usize = 100;

impl Layout {
    /// Where lines are folded.
    pub(super) fn fold(&self) -> usize {
        self.width.unwrap_or(usize::MAX)
    }

    /// Where values are cut.
    pub(super) fn cut(&self) -> usize {
        self.width.unwrap_or(WIDTH)
    }
}

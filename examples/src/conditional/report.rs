use std::fmt;

use super::{Decision, Outcome, Risk, Route};

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  risk      {}", self.risk)?;
        writeln!(f, "  route     {}", self.route)?;
        writeln!(f, "  decision  {}", self.decision)?;
        write!(f, "  message   {}", self.message)
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.score())?;
        for (index, (_, sign)) in self.reasons.iter().enumerate() {
            write!(f, "{} {sign}", if index == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standard => "standard",
            Self::Review => "manual review",
            Self::Investigation => "fraud investigation",
        })
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { reference } => write!(f, "accepted, paid as {reference}"),
            Self::Approved => f.write_str("approved, paid by invoice"),
            Self::AwaitsDeposit(deposit) => write!(f, "waits for {deposit} in advance"),
            Self::Investigated { case } => write!(f, "held back, investigated as {case}"),
        }
    }
}

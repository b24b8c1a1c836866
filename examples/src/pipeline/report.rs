use std::fmt;

use super::Summary;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = self.loaded + self.rejected.len();
        writeln!(f, "{read} rows read, {} loaded, {} rejected", self.loaded, self.rejected.len())?;

        writeln!(
            f,
            "\n{:<12}{:>8}{:>8}{:>8}{:>8}",
            "Region", "records", "lowest", "mean", "highest"
        )?;
        for region in &self.regions {
            writeln!(
                f,
                "{:<12}{:>8}{:>8}{:>8}{:>8}",
                region.name, region.records, region.lowest, region.mean, region.highest,
            )?;
        }

        writeln!(f, "\nRejected")?;
        for rejection in &self.rejected {
            writeln!(f, "  line {:>3}  {}", rejection.line, rejection.reason)?;
        }
        Ok(())
    }
}

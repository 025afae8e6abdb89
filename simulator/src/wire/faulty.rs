//! A cable that misbehaves according to plan, and writes down what it did.

use std::fmt;
use std::io::Write;

use serde::Serialize;
use serde_json::json;

use super::error::WireError;
use super::fault::{Damage, Fault, FaultPlan};
use super::line::{Line, Printed};

/// A cable with faults.
pub struct FaultyLine {
    line: Line,
    plan: FaultPlan,
    receipt: u64,
    log: Option<Box<dyn Write + Send>>,
}

impl FaultyLine {
    /// `line` with the faults of `plan`. The plan, and then each fault before it happens, go
    /// to `log` as lines of JSON, so that the log is complete whenever the program ends.
    pub fn new(
        line: Line,
        plan: FaultPlan,
        log: Option<Box<dyn Write + Send>>,
    ) -> Result<Self, WireError> {
        let mut faulty = Self { line, plan, receipt: 0, log };
        let (plan, seed) = (faulty.plan.specification(), faulty.plan.seed());
        faulty.write(&json!({"plan": plan, "seed": seed}))?;
        Ok(faulty)
    }

    /// Carries the next receipt, with whatever goes wrong with it.
    pub async fn print(&mut self, receipt: &[u8]) -> Result<Printed, WireError> {
        self.receipt += 1;
        let damaged = self.plan.damage(self.receipt, receipt);
        for fault in &damaged.faults {
            self.write(fault)?;
        }
        let printed = self.line.carry(receipt, &damaged.pieces).await?;
        if printed.torn > 0 {
            let damage = Damage::Reprint { torn: printed.torn };
            self.write(&Fault { receipt: self.receipt, damage })?;
        }
        Ok(printed)
    }

    /// Waits until nothing is on its way any more, so that the cable may be pulled.
    pub async fn drained(&self) -> Result<(), WireError> {
        self.line.drained().await
    }

    fn write(&mut self, fault: &impl Serialize) -> Result<(), WireError> {
        let Some(log) = &mut self.log else { return Ok(()) };
        let line = serde_json::to_string(fault).map_err(|bad| WireError::FaultLog(bad.into()))?;
        writeln!(log, "{line}").and_then(|()| log.flush()).map_err(WireError::FaultLog)
    }
}

impl fmt::Debug for FaultyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, plan, receipt, .. } = self;
        f.debug_struct("FaultyLine")
            .field("line", line)
            .field("plan", plan)
            .field("receipt", receipt)
            .finish_non_exhaustive()
    }
}

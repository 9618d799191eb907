import { setTimeout as waitFor } from 'node:timers/promises';
import type { ApplyPorts } from '../plan/applyPlan.ts';
import type { PlanUse } from '../plan/openPlan.ts';
import type { RehearsePorts } from '../plan/rehearsePlan.ts';
import { charterDigest, packVersions, ruleSetVersions } from '../retention/plan.ts';
import { createRetentionGuard } from '../retention/retentionGuard.ts';
import { productVersion } from './demo/runCommand.ts';
import type { Law } from './loadLaw.ts';
import type { Ports } from './ports.ts';
import { openRehearsalTwin } from './rehearsalTwin.ts';

/** The version a plan is bound to. */
export const toolVersion = productVersion;

/** What a plan must be bound to, as this machine has it now. */
export const planUse = (law: Law): Pick<PlanUse, 'toolVersion' | 'charterDigest' | 'packs' | 'ruleSets'> => ({
  toolVersion: toolVersion(),
  charterDigest: charterDigest(law.charter),
  packs: packVersions(law),
  ruleSets: ruleSetVersions(law),
});

/** What carries a plan out on the real org. */
export const applyPorts = (ports: Ports, law: Law): ApplyPorts => ({
  ...ports,
  createGuard: createRetentionGuard(law, ports.clock.now),
  wait: (milliseconds) => waitFor(milliseconds),
});

/** What rehearses a plan on a twin in this process's memory. */
export const rehearsePorts = (ports: Ports, law: Law): RehearsePorts => ({
  ...ports,
  createGuard: createRetentionGuard(law, ports.clock.now),
  openRehearsal: openRehearsalTwin,
});

import { localDateOf } from '../kernel/legalPeriod.ts';
import { valueOf } from '../kernel/result.ts';
import type { Forecast } from '../model/forecast.ts';
import type { LawSeen } from '../model/plannedLaw.ts';
import type { ReportProgress } from '../model/progress.ts';
import { forecastRetention, type ForecastInput, type ForecastPorts } from './forecast.ts';
import { lawBefore, lawChanges, type LawChange } from './lawChange.ts';
import { readLawMemory, recordLawSeen } from './lawMemory.ts';
import { rulesInForce } from './rules.ts';

export type ShownLaw = {
  /** Under the law of the last plan, and with its variant under the law of today; today's alone when nothing changed. */
  readonly forecast: Forecast;
  readonly changes: readonly LawChange[];
  /** Undefined: nothing changed, so nothing was recorded. */
  readonly seen?: LawSeen;
};

/**
 * RET-10: what a changed law does to the people of this org, beside the law that the last plan was made under, and the
 * record that the running user was shown it. Errors: those of forecastRetention, PlannedLawUnreadable, RuleSetNotRecorded.
 */
export const showLawChange = async (
  { policy, months }: Omit<ForecastInput, 'variant'>,
  ports: ForecastPorts,
  tell: ReportProgress = () => undefined,
): Promise<ShownLaw> => {
  const { charter, ruleSets } = policy;
  const asOf = localDateOf(ports.clock.now(), charter.controller.timeZone);
  const rules = valueOf(rulesInForce(charter, ruleSets, asOf));
  const { orgId } = await ports.org.identity();
  const memory = await readLawMemory(ports, orgId);
  const changes = lawChanges(rules, memory);
  if (changes.length === 0) return { forecast: await forecastRetention({ policy, months }, ports, tell), changes };
  const compared = { policy: lawBefore(policy, changes), variant: policy, months };
  const forecast = await forecastRetention(compared, ports, tell);
  return { forecast, changes, seen: await recordLawSeen(ports, changes, memory) };
};

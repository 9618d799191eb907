import { parseRecordId, type RecordId } from '../kernel/recordId.ts';
import { GardeError } from '../kernel/result.ts';
import { soqlString } from '../kernel/soql.ts';
import type { Forecast } from '../model/forecast.ts';
import type { Org } from '../org/port.ts';

const OBJECT = 'GardeFigure__c';
/** Keys of the figures: this and a month, `2027-03`; the page of the package reads them by it. */
const PREFIX = 'retention-due-';

const refusal = (codes: readonly string[]): GardeError =>
  new GardeError([
    {
      code: 'ForecastNotPublished',
      subject: OBJECT,
      message: `The org refused to record the forecast: ${[...new Set(codes)].sort().join(', ')}.`,
      actions: ['Deploy the package and assign the permission set GardeAdmin, or forecast without --publish.'],
    },
  ]);

/**
 * Records the forecast of this charter as one figure a month in `GardeFigure__c`, those of earlier forecasts removed:
 * counts only. What is due today counts with the first month. Error: ForecastNotPublished.
 */
export const publishForecast = async (org: Org, forecast: Forecast, at: string): Promise<void> => {
  const { policy, months } = forecast;
  const rows = months.map((month, place) => ({
    Key__c: `${PREFIX}${month}`,
    Value__c: (policy.byMonth[place] ?? 0) + (place === 0 ? policy.dueNow : 0),
    AsOf__c: at,
    IsIncomplete__c: !forecast.complete,
  }));
  const current = new Set(rows.map(({ Key__c }) => Key__c));
  const old: RecordId[] = [];
  const soql = `SELECT Id, Key__c FROM ${OBJECT} WHERE Key__c LIKE ${soqlString(`${PREFIX}%`)}`;
  for await (const row of org.query(soql)) {
    const id = typeof row['Id'] === 'string' ? parseRecordId(row['Id']) : undefined;
    const key = row['Key__c'];
    if (id !== undefined && (typeof key !== 'string' || !current.has(key))) old.push(id);
  }
  const outcomes = [...(await org.upsert(OBJECT, 'Key__c', rows)), ...(old.length === 0 ? [] : await org.delete(old))];
  const refused = outcomes.flatMap(({ errors }) => errors.map(({ code }) => code));
  if (refused.length > 0) throw refusal(refused);
};

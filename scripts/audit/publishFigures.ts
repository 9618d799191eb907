import { GardeError } from '../kernel/result.ts';
import type { AuditReport } from '../model/auditReport.ts';
import type { Org, WriteOutcome } from '../org/port.ts';
import { figuresOf } from '../reports/auditFigures.ts';

const refused = (outcomes: readonly WriteOutcome[]): GardeError | undefined => {
  const codes = [...new Set(outcomes.flatMap((outcome) => outcome.errors.map((error) => error.code)))];
  return codes.length === 0
    ? undefined
    : new GardeError([
        {
          code: 'FiguresRefused',
          subject: 'GardeFigure__c',
          message: `The org refused the figures of the audit: ${codes.join(', ')}.`,
          actions: ['Assign the permission set GardeAdmin to the running user: "garde deploy --assign GardeAdmin".'],
        },
      ]);
};

/**
 * Shows the audit's two figures on the officer's page: people held and fields of special categories in use, counts
 * only, with their instant and whether something was hidden. Errors: FiguresHaveNoPlace, FiguresRefused.
 */
export const publishFigures = async (org: Pick<Org, 'describe' | 'upsert'>, report: AuditReport): Promise<void> => {
  if ((await org.describe('GardeFigure__c')) === undefined) {
    throw new GardeError([
      {
        code: 'FiguresHaveNoPlace',
        subject: 'GardeFigure__c',
        message: 'The figures cannot be published: the org does not show the object GardeFigure__c to this user.',
        actions: ['Deploy the package and assign its permission sets: "garde deploy --assign GardeAdmin".'],
      },
    ]);
  }
  const { people, special } = figuresOf(report);
  const common = { AsOf__c: report.at, IsIncomplete__c: report.completeness.state === 'incomplete' };
  const outcomes = await org.upsert('GardeFigure__c', 'Key__c', [
    { Key__c: 'people-held', Value__c: people, ...common },
    { Key__c: 'special-category-fields', Value__c: special, ...common },
  ]);
  const error = refused(outcomes);
  if (error !== undefined) throw error;
};

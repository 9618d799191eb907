import type { AuditField, AuditObject, AuditReport } from '../model/auditReport.ts';
import type { Sensitivity } from '../model/referenceLists.ts';

export type LocatedField = AuditField & { readonly object: string; readonly rows: number | null };

/** Fields that hold personal data, with their object. */
export const personalFields = (report: AuditReport): readonly LocatedField[] =>
  report.objects.flatMap(({ object, rows, fields }) =>
    fields.filter((field) => field.level !== 'technical').map((field) => ({ ...field, object, rows })),
  );

/** Values held at each level of one object. */
export const valuesByLevel = (object: AuditObject): Readonly<Record<Sensitivity, number>> => {
  const sum = { special: 0, high: 0, personal: 0, technical: 0 };
  for (const field of object.fields) sum[field.level] += field.filled ?? 0;
  return sum;
};

/** Values held per category, the first of each field, largest first. */
export const valuesByCategory = (report: AuditReport): readonly (readonly [string, number])[] => {
  const sum = new Map<string, number>();
  for (const field of personalFields(report)) {
    const key = field.categories[0]?.split('.').slice(0, 3).join('.');
    if (key !== undefined) sum.set(key, (sum.get(key) ?? 0) + (field.filled ?? 0));
  }
  return [...sum].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
};

export type AuditFigures = {
  readonly people: number;
  readonly objects: number;
  readonly fields: number;
  readonly special: number;
  readonly undeclared: number;
  readonly findings: number;
};

/** The numbers a board reads first. Special fields count when they are filled or could not be counted. */
export const figuresOf = (report: AuditReport): AuditFigures => {
  const fields = personalFields(report);
  const people = report.objects.filter((one) => one.kind === 'person');
  return {
    people: people.reduce((sum, one) => sum + (one.rows ?? 0), 0),
    objects: new Set(fields.filter((field) => field.filled !== 0).map((field) => field.object)).size,
    fields: fields.length,
    special: fields.filter((field) => field.level === 'special' && field.filled !== 0).length,
    undeclared: report.undeclared.length,
    findings: report.findings.reduce((sum, one) => sum + one.certain + one.toCheck, 0),
  };
};

import type { AuditNames } from '../model/auditReport.ts';
import type { OrgRow } from '../org/port.ts';

type Hit = { readonly field: string; readonly detector: string; readonly row: OrgRow };

/** More records than a person can look at; the counts in the report stay exact. */
const MOST_RECORDS = 5_000;

/** Gathers which records a finding stands in; personal data, written only sealed. */
export class NameCollector {
  readonly #findings = new Map<
    string,
    { head: Omit<AuditNames['findings'][number], 'records'>; records: { id: string; name: string | null }[] }
  >();

  add(object: string, { field, detector, row }: Hit): void {
    const key = `${object}.${field}>${detector}`;
    const entry = this.#findings.get(key) ?? { head: { object, field, detector }, records: [] };
    const [id, name] = [row['Id'], row['Name']];
    if (entry.records.length < MOST_RECORDS && typeof id === 'string') {
      entry.records.push({ id, name: typeof name === 'string' ? name : null });
    }
    this.#findings.set(key, entry);
  }

  findings(): AuditNames['findings'] {
    return [...this.#findings.values()].map(({ head, records }) => ({ ...head, records }));
  }
}

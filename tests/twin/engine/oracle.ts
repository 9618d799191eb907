import { oracleObjects, type OracleLookup, type OracleObject } from './oracleSchema.ts';

/**
 * The documented rules of deleting, restoring and merging over plain objects, written without the engine:
 * https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/langCon_apex_dml_examples_delete.htm
 * https://help.salesforce.com/s/articleView?id=000386040
 * https://developer.salesforce.com/docs/platform/api/guide/sforce-api-calls-merge.html
 */
export type OracleRow = {
  readonly id: string;
  readonly object: string;
  readonly values: Record<string, string | number | boolean | null>;
  state: 'live' | 'root' | 'along' | 'lost';
  batch: number;
  deletedAt: number;
};

type Cut = { readonly id: string; readonly field: string; readonly value: string; readonly restored: boolean };

/** What a command did: `ok`, or the platform's code for the row. */
export type Outcome = string;

const day = 86_400_000;
const objects = new Map(oracleObjects.map((object) => [object.name, object]));

const definition = (name: string): OracleObject => {
  const object = objects.get(name);
  if (object === undefined) throw new Error(`no object ${name}`);
  return object;
};

class Refused extends Error {}

export class Oracle {
  rows = new Map<string, OracleRow>();
  cuts = new Map<number, Cut[]>();
  purged = new Set<string>();
  batches = 0;
  now = 0;

  live(object: string): readonly OracleRow[] {
    return [...this.rows.values()].filter((row) => row.object === object && row.state === 'live');
  }

  insert(id: string, object: string, values: OracleRow['values']): void {
    this.rows.set(id, { id, object, values: { ...values }, state: 'live', batch: 0, deletedAt: 0 });
  }

  /** Runs work that changes nothing when it is refused; answers the code. */
  attempt(work: () => void): Outcome {
    const kept = structuredClone([this.rows, this.cuts, this.purged, this.batches] as const);
    try {
      work();
      return 'ok';
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      [this.rows, this.cuts, this.purged, this.batches] = kept;
      return error.message;
    }
  }

  /** Ends an attempt that must be whole and is not. */
  undo(): never {
    throw new Refused('ALL_OR_NONE_OPERATION_ROLLED_BACK');
  }

  /** One row's delete; with `purge` past the bin. */
  delete(id: string, options: { readonly purge?: boolean; readonly merged?: string } = {}): Outcome {
    return this.attempt(() => {
      const row = this.rows.get(id);
      if (row?.state !== 'live') throw new Refused('ENTITY_IS_DELETED');
      const going = this.#closure(row);
      this.#refuse(going);
      const batch = this.#send(row, going);
      if (options.merged !== undefined) row.values['MasterRecordId'] = options.merged;
      if (options.purge === true) this.#purge(batch);
    });
  }

  undelete(id: string): Outcome {
    return this.attempt(() => {
      const root = this.rows.get(id);
      if (root?.state !== 'root') throw new Refused('UNDELETE_FAILED');
      const { batch } = root;
      const back = [...this.rows.values()].filter((row) => row.batch === batch && row.state !== 'lost');
      for (const row of back) row.state = 'live';
      for (let lost = this.#orphans(back); lost.length > 0; lost = this.#orphans(back)) {
        if (lost.includes(root)) throw new Refused('UNDELETE_FAILED');
        for (const row of lost) row.state = 'lost';
      }
      for (const row of back.filter((each) => each.state === 'live')) this.#settle(row);
      root.values['MasterRecordId'] = null;
      for (const cut of this.cuts.get(batch) ?? []) this.#refill(cut);
    });
  }

  emptyBin(id: string): Outcome {
    return this.attempt(() => {
      const row = this.rows.get(id);
      if (row?.state !== 'root') throw new Refused('INVALID_ID_FIELD');
      this.#purge(row.batch);
    });
  }

  merge(object: string, masterId: string, loserIds: readonly string[]): Outcome {
    return this.attempt(() => {
      for (const id of [masterId, ...loserIds]) {
        if (this.rows.get(id)?.state !== 'live') throw new Refused('ENTITY_IS_DELETED');
      }
      for (const loser of loserIds) this.#absorb(masterId, loser);
      for (const lookup of definition(object).lookups.filter(({ to }) => to.includes(object))) {
        this.#refuseCircle(masterId, lookup.field);
      }
    });
  }

  /** What the bin drops by itself. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    for (const row of [...this.rows.values()]) {
      if (row.state !== 'live' && row.deletedAt < this.now - 15 * day) this.#remove(row);
    }
  }

  /** Rows that point at one of these ids, with the lookup. */
  *#pointing(ids: ReadonlySet<string>): Iterable<readonly [OracleRow, OracleLookup]> {
    for (const row of this.rows.values()) {
      for (const lookup of definition(row.object).lookups) {
        const target = row.values[lookup.field];
        if (typeof target === 'string' && ids.has(target)) yield [row, lookup];
      }
    }
  }

  #closure(root: OracleRow): ReadonlySet<string> {
    const going = new Set([root.id]);
    for (let size = 0; size < going.size;) {
      size = going.size;
      for (const [row, lookup] of this.#pointing(going)) {
        if (row.state === 'live' && lookup.rule === 'cascade') going.add(row.id);
      }
    }
    return going;
  }

  #refuse(going: ReadonlySet<string>): void {
    for (const [row, lookup] of this.#pointing(going)) {
      if (row.state !== 'live') continue;
      const isRestricting = lookup.rule === 'restrict' && !going.has(row.id);
      const isWon = row.object === 'Opportunity' && lookup.field === 'AccountId' && row.values['IsWon'] === true;
      if (isRestricting || isWon) throw new Refused('DELETE_FAILED');
    }
  }

  #send(root: OracleRow, going: ReadonlySet<string>): number {
    this.batches += 1;
    const cuts: Cut[] = [];
    for (const [row, lookup] of this.#pointing(going)) {
      if (row.state !== 'live' && lookup.masterDetail === true) row.state = 'lost';
      if (row.state !== 'live' || lookup.rule !== 'set-null' || going.has(row.id)) continue;
      const value = String(row.values[lookup.field]);
      cuts.push({ id: row.id, field: lookup.field, value, restored: lookup.restored === true });
      row.values[lookup.field] = null;
    }
    this.cuts.set(this.batches, cuts);
    for (const id of going) {
      const row = this.rows.get(id);
      if (row === undefined) continue;
      const own = definition(row.object).undeletable === false ? 'lost' : 'root';
      row.state = row === root ? own : 'along';
      row.batch = this.batches;
      row.deletedAt = this.now;
    }
    return this.batches;
  }

  #isThere(id: unknown): boolean {
    return typeof id === 'string' && this.rows.get(id)?.state === 'live';
  }

  #orphans(rows: readonly OracleRow[]): readonly OracleRow[] {
    return rows.filter(
      (row) =>
        row.state === 'live' &&
        definition(row.object).lookups.some(
          (lookup) => lookup.required === true && !this.#isThere(row.values[lookup.field]),
        ),
    );
  }

  #settle(row: OracleRow): void {
    for (const { field } of definition(row.object).lookups) {
      if (row.values[field] !== null && !this.#isThere(row.values[field])) row.values[field] = null;
    }
  }

  #refill({ id, field, value, restored }: Cut): void {
    const row = this.rows.get(id);
    if (restored && row?.state === 'live' && row.values[field] === null) row.values[field] = value;
  }

  #remove(row: OracleRow): void {
    this.rows.delete(row.id);
    this.purged.add(row.id);
  }

  #purge(batch: number): void {
    for (const row of [...this.rows.values()]) {
      if (row.state !== 'live' && row.batch === batch) this.#remove(row);
    }
  }

  #absorb(master: string, loser: string): void {
    for (const [row, lookup] of [...this.#pointing(new Set([loser]))]) {
      if (row.state !== 'live' || row.id === loser) continue;
      if (row.id === master) throw new Refused('MERGE_FAILED');
      if (!this.#isShared(row, lookup.field, master)) row.values[lookup.field] = master;
    }
    const outcome = this.delete(loser, { merged: master });
    if (outcome !== 'ok') throw new Refused(outcome);
  }

  #isShared(row: OracleRow, field: string, master: string): boolean {
    const { once } = definition(row.object);
    const other = once?.find((name) => name !== field);
    if (other === undefined) return false;
    return this.live(row.object).some(
      (each) => each.id !== row.id && each.values[field] === master && each.values[other] === row.values[other],
    );
  }

  #refuseCircle(from: string, field: string): void {
    const seen = new Set([from]);
    let next = this.rows.get(from)?.values[field];
    while (typeof next === 'string') {
      if (seen.has(next)) throw new Refused('MERGE_FAILED');
      seen.add(next);
      next = this.rows.get(next)?.values[field];
    }
  }
}

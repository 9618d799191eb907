import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RowResult, Session } from '../../../scripts/twin/contract.ts';
import { createEngine } from '../../../scripts/twin/engine/createEngine.ts';
import { createRowStore } from '../../../scripts/twin/engine/rowStore.ts';
import { Oracle, type OracleRow, type Outcome } from './oracle.ts';
import { oracleObjects, oracleRegistry, type OracleLookup, type OracleObject } from './oracleSchema.ts';

const everything = { read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true };
const start = Date.parse('2026-03-10T09:30:00Z');

const realOrg = () => {
  const registry = oracleRegistry();
  let now = start;
  const clock = { now: () => now };
  const store = createRowStore(registry, clock);
  const accessOf = () => ({ object: () => everything, field: () => ({ read: true, edit: true }), has: () => true });
  const engine = createEngine({ registry, store, clock, orgId: '00DGd0000000001EAA', accessOf });
  const userId = store.insertRaw('User', { Name: 'Admin' });
  const session: Session = { orgId: '00DGd0000000001EAA', userId, username: 'admin@asso.example', apiVersion: 66 };
  return { engine, store, session, advance: (milliseconds: number) => (now += milliseconds) };
};

type Real = ReturnType<typeof realOrg>;
type Model = { readonly oracle: Oracle };
type Step = fc.Command<Model, Real>;

const partial = { allOrNone: false };
const outcomeOf = (result: RowResult | undefined): Outcome => result?.errors[0]?.statusCode ?? 'ok';
const pick = <T>(items: readonly T[], choice: number): T | undefined => items[choice % Math.max(1, items.length)];

/** Everything that can be seen from outside: which rows live, which are in the bin, and what live rows point at. */
const seen = (real: Real) =>
  oracleObjects.map(({ name, lookups }) => {
    const fields = ['Id', 'IsDeleted', ...lookups.map(({ field }) => field)];
    if (name === 'Account' || name === 'Contact') fields.push('MasterRecordId');
    if (name === 'Account') fields.push('Total__c');
    const soql = `SELECT ${fields.join(', ')} FROM ${name} ORDER BY Id`;
    return [...real.engine.query(real.session, soql, { includeDeleted: true }).rows].map((row) =>
      row['IsDeleted'] === true
        ? [row['Id'], 'deleted', row['MasterRecordId'] ?? null]
        : fields.map((field) => row[field] ?? null),
    );
  });

const expected = ({ oracle }: Model) =>
  oracleObjects.map(({ name, lookups }) => {
    const rows = [...oracle.rows.values()].filter((row) => row.object === name).sort((a, b) => (a.id < b.id ? -1 : 1));
    return rows.map((row) => {
      const merged = row.values['MasterRecordId'] ?? null;
      if (row.state !== 'live') return [row.id, 'deleted', merged];
      const gifts = oracle.live('Gift__c').filter((gift) => gift.values['Household__c'] === row.id);
      const total = gifts.reduce((sum, gift) => sum + Number(gift.values['Amount__c']), 0);
      return [
        ...[row.id, false, ...lookups.map(({ field }) => row.values[field] ?? null)],
        ...(name === 'Account' || name === 'Contact' ? [merged] : []),
        ...(name === 'Account' ? [total === 0 ? null : total] : []),
      ];
    });
  });

/** A total nobody added to yet is blank, one that went back to nothing is 0. */
const blankTotals = (rows: unknown): unknown => JSON.parse(JSON.stringify(rows), (_key, value: unknown) => value ?? 0);

abstract class Checked {
  check(model: Readonly<Model>): boolean {
    return model.oracle.rows.size >= 0;
  }

  protected compare(model: Model, real: Real): void {
    expect(blankTotals(seen(real))).toEqual(blankTotals(expected(model)));
  }
}

const targets = (model: Model, lookup: OracleLookup): readonly string[] =>
  lookup.to.flatMap((object) => model.oracle.live(object).map((row) => row.id));

type Values = Record<string, string | number | boolean | null>;

const chosen = (model: Model, lookup: OracleLookup, choice: number): string | null => {
  const wanted = lookup.required === true || choice % 3 !== 0;
  return wanted ? (pick(targets(model, lookup), choice) ?? null) : null;
};

const more = (object: string, choice: number): Values => {
  if (object === 'Opportunity') return { IsWon: choice % 4 === 0 };
  return object === 'Gift__c' ? { Amount__c: choice } : {};
};

/** A case takes the account of the contact it is given, where it is given none. */
const withAccount = (model: Model, object: string, given: Values): Values => {
  if (object !== 'Case' || typeof given['ContactId'] !== 'string' || (given['AccountId'] ?? null) !== null)
    return given;
  const account = model.oracle.rows.get(given['ContactId'])?.values['AccountId'];
  return typeof account === 'string' ? { ...given, AccountId: account } : given;
};

class Insert extends Checked implements Step {
  readonly object: number;
  readonly choices: readonly number[];
  constructor(object: number, choices: readonly number[]) {
    super();
    this.object = object;
    this.choices = choices;
  }

  #values(model: Model, object: OracleObject): Values | undefined {
    const lookups = object.lookups.map((lookup, index) => [
      lookup.field,
      chosen(model, lookup, this.choices[index] ?? 0),
    ]);
    const values = { ...Object.fromEntries(lookups), ...more(object.name, this.choices[3] ?? 0) } as Values;
    if (object.lookups.some((lookup) => lookup.required === true && values[lookup.field] === null)) return undefined;
    const { once } = object;
    const others = once === undefined ? [] : model.oracle.live(object.name);
    const isTwice = others.some((row) => once?.every((field) => row.values[field] === values[field]));
    return isTwice ? undefined : values;
  }

  run(model: Model, real: Real): void {
    const object = pick(oracleObjects, this.object);
    const values = object === undefined ? undefined : this.#values(model, object);
    if (object === undefined || values === undefined) return;
    const row = { Name: `row ${model.oracle.rows.size}`, ...values };
    const [result] = real.engine.insert(real.session, object.name, [row], partial);
    expect(outcomeOf(result)).toBe('ok');
    model.oracle.insert(String(result?.id), object.name, withAccount(model, object.name, values));
    this.compare(model, real);
  }

  override toString(): string {
    return `insert ${pick(oracleObjects, this.object)?.name ?? ''} ${this.choices.join(',')}`;
  }
}

class Point extends Checked implements Step {
  readonly choices: readonly number[];
  constructor(choices: readonly number[]) {
    super();
    this.choices = choices;
  }

  #isCircle(model: Model, id: string, field: string, target: string): boolean {
    let next: unknown = target;
    while (typeof next === 'string') {
      if (next === id) return true;
      next = model.oracle.rows.get(next)?.values[field];
    }
    return false;
  }

  #place(model: Model) {
    const [object, row, lookup] = this.choices as readonly [number, number, number, number];
    const known = pick(oracleObjects, object);
    const record = known === undefined ? undefined : pick(model.oracle.live(known.name), row);
    const field = pick(known?.lookups.filter((each) => each.required !== true) ?? [], lookup);
    return record === undefined || field === undefined ? undefined : { record, field };
  }

  #wanted(model: Model) {
    const place = this.#place(model);
    if (place === undefined) return undefined;
    const { record, field } = place;
    const target = this.choices[3] ?? 0;
    const value = target % 4 === 0 ? null : (pick(targets(model, field), target) ?? null);
    if (value !== null && this.#isCircle(model, record.id, field.field, value)) return undefined;
    return { object: record.object, record, field: field.field, value };
  }

  run(model: Model, real: Real): void {
    const wanted = this.#wanted(model);
    if (wanted === undefined) return;
    const { object, record, field, value } = wanted;
    const [result] = real.engine.update(real.session, object, [{ Id: record.id, [field]: value }], partial);
    expect(outcomeOf(result)).toBe('ok');
    const given = record.values[field] === value ? {} : withAccount(model, object, { [field]: value });
    Object.assign(record.values, given);
    this.compare(model, real);
  }

  override toString(): string {
    return `point ${this.choices.join(',')}`;
  }
}

type Verb = 'delete' | 'delete all or none' | 'undelete' | 'empty' | 'hard delete';

class OnRows extends Checked implements Step {
  readonly verb: Verb;
  readonly choices: readonly number[];
  constructor(verb: Verb, choices: readonly number[]) {
    super();
    this.verb = verb;
    this.choices = choices;
  }

  /** Mostly rows the verb can do something with. */
  #candidates(oracle: Oracle): readonly OracleRow[] {
    const all = [...oracle.rows.values()];
    const [first = 0] = this.choices;
    if (this.verb === 'undelete' || this.verb === 'empty') {
      return all.filter((row) => row.state === 'root' || (first % 5 === 0 && row.state !== 'live'));
    }
    return all.filter((row) => row.state === 'live' || first % 7 === 0);
  }

  #wanted(oracle: Oracle, ids: readonly string[]): readonly Outcome[] {
    if (this.verb === 'delete all or none') {
      let outcomes: readonly Outcome[] = [];
      const whole = oracle.attempt(() => {
        outcomes = ids.map((id) => oracle.delete(id));
        if (outcomes.some((outcome) => outcome !== 'ok')) oracle.undo();
      });
      if (whole === 'ok') return outcomes;
      return outcomes.map((outcome) => (outcome === 'ok' ? 'ALL_OR_NONE_OPERATION_ROLLED_BACK' : outcome));
    }
    return ids.map((id) => {
      if (this.verb === 'undelete') return oracle.undelete(id);
      if (this.verb === 'empty') return oracle.emptyBin(id);
      return oracle.delete(id, { purge: this.verb === 'hard delete' });
    });
  }

  #got({ engine, session }: Real, ids: readonly string[], object: string): readonly Outcome[] {
    const run = (): readonly RowResult[] => {
      switch (this.verb) {
        case 'undelete':
          return engine.undelete(session, ids, partial);
        case 'empty':
          return engine.emptyRecycleBin(session, ids);
        case 'hard delete':
          return engine.hardDelete(session, object, ids);
        case 'delete':
        case 'delete all or none':
          return engine.delete(session, ids, { allOrNone: this.verb === 'delete all or none' });
      }
    };
    return run().map(outcomeOf);
  }

  run(model: Model, real: Real): void {
    const rows = this.#candidates(model.oracle);
    const [first] = this.choices.map((choice) => pick(rows, choice));
    const same = this.verb === 'hard delete' ? rows.filter((row) => row.object === first?.object) : rows;
    const ids = [...new Set(this.choices.map((choice) => pick(same, choice)?.id).filter((id) => id !== undefined))];
    if (first === undefined || ids.length === 0) return;
    expect(this.#got(real, ids, first.object)).toEqual(this.#wanted(model.oracle, ids));
    this.compare(model, real);
  }

  override toString(): string {
    return `${this.verb} ${this.choices.join(',')}`;
  }
}

class Merge extends Checked implements Step {
  readonly object: 'Account' | 'Contact';
  readonly choices: readonly number[];
  constructor(object: 'Account' | 'Contact', choices: readonly number[]) {
    super();
    this.object = object;
    this.choices = choices;
  }

  run(model: Model, real: Real): void {
    const rows = model.oracle.live(this.object);
    const [masterId, ...loserIds] = [...new Set(this.choices.map((choice) => pick(rows, choice)?.id))];
    if (masterId === undefined || loserIds.length === 0) return;
    const losers = loserIds.filter((id) => id !== undefined);
    const result = real.engine.merge(real.session, {
      object: this.object,
      masterId,
      loserIds: losers,
      masterFields: {},
    });
    expect(result.errors[0]?.statusCode ?? 'ok').toBe(model.oracle.merge(this.object, masterId, losers));
    this.compare(model, real);
  }

  override toString(): string {
    return `merge ${this.object} ${this.choices.join(',')}`;
  }
}

class Wait extends Checked implements Step {
  readonly hours: number;
  constructor(hours: number) {
    super();
    this.hours = hours;
  }

  run(model: Model, real: Real): void {
    real.advance(this.hours * 3_600_000);
    model.oracle.advance(this.hours * 3_600_000);
    this.compare(model, real);
  }

  override toString(): string {
    return `wait ${this.hours} h`;
  }
}

const choice = fc.nat(23);
const insert = fc.tuple(fc.nat(8), fc.array(choice, { minLength: 4, maxLength: 4 })).map(([o, c]) => new Insert(o, c));
const onRows = (verb: Verb, most: number) =>
  fc.array(choice, { minLength: 1, maxLength: most }).map((choices): Step => new OnRows(verb, choices));

const merge = fc
  .tuple(fc.constantFrom('Account' as const, 'Contact' as const), fc.array(choice, { minLength: 2, maxLength: 3 }))
  .map(([object, choices]) => new Merge(object, choices));

const steps = [
  ...[insert, insert],
  fc.array(choice, { minLength: 4, maxLength: 4 }).map((choices) => new Point(choices)),
  ...[onRows('delete', 3), onRows('delete', 1), onRows('delete all or none', 3)],
  ...[onRows('undelete', 2), onRows('undelete', 1), onRows('empty', 2), onRows('hard delete', 2)],
  ...[merge, merge, merge],
  fc.integer({ min: 1, max: 24 * 9 }).map((hours) => new Wait(hours)),
];

describe('deleting, restoring and merging in any order', () => {
  it('does what the documented rules say', () => {
    const beginning = fc.array(insert, { minLength: 18, maxLength: 24, size: 'max' });
    fc.assert(
      fc.property(beginning, fc.commands(steps, { maxCommands: 40, size: 'max' }), (rows, commands) => {
        const model = { oracle: new Oracle() };
        const real = realOrg();
        for (const row of rows) row.run(model, real);
        fc.modelRun(() => ({ model, real }), commands);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

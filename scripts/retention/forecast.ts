import type { Clock } from '../kernel/clock.ts';
import { addDays, localDateOf, type LocalDate } from '../kernel/legalPeriod.ts';
import { valueOf } from '../kernel/result.ts';
import type { Forecast } from '../model/forecast.ts';
import type { ReportProgress } from '../model/progress.ts';
import type { Org } from '../org/port.ts';
import { createSnapshotReader, type SnapshotReader } from '../snapshot/reader.ts';
import { takeSnapshot } from '../snapshot/takeSnapshot.ts';
import { factsByPerson } from '../standing/factsByPerson.ts';
import { gatherFacts } from '../standing/gatherFacts.ts';
import { withScratch } from '../standing/rooms.ts';
import type { EncryptedStore, Vault } from '../vault/port.ts';
import { dueDayOf, type DueDay } from './dueDay.ts';
import { deltaTally, monthsFrom, policyTally } from './forecastTally.ts';
import { retentionScope, scopeFields, type RetentionLaw, type RetentionScope } from './retentionScope.ts';

export type ForecastInput = {
  readonly policy: RetentionLaw;
  /** Another charter or a newer rule set, to see what it would change. */
  readonly variant?: RetentionLaw;
  readonly months: number;
};

export type ForecastPorts = { readonly org: Org; readonly vault: Vault; readonly clock: Clock };

type DuePerson = { readonly id: string; readonly due: DueDay };

/** Everybody of one group in the order of their ids, with the day they fall due. */
function* dueDays(
  store: EncryptedStore,
  reader: SnapshotReader,
  group: RetentionScope['groups'][number],
  when: { readonly asOf: LocalDate; readonly timeZone: string },
): Iterable<DuePerson> {
  const gathered = gatherFacts(store, group.spec, group.sources, { reader, timeZone: when.timeZone });
  for (const known of factsByPerson(gathered))
    yield { id: known.person.id, due: dueDayOf(known, group.rules, when.asOf) };
}

/** Two sequences in the order of ids, side by side. */
function* sideBySide(
  left: Iterable<DuePerson>,
  right: Iterable<DuePerson>,
): Iterable<readonly [DuePerson | undefined, DuePerson | undefined]> {
  const [a, b] = [left[Symbol.iterator](), right[Symbol.iterator]()];
  let [one, other] = [a.next(), b.next()];
  while (one.done !== true || other.done !== true) {
    const takesOne = one.done !== true && (other.done === true || one.value.id <= other.value.id);
    const takesOther = other.done !== true && (one.done === true || other.value.id <= one.value.id);
    yield [takesOne ? one.value : undefined, takesOther ? other.value : undefined];
    if (takesOne) one = a.next();
    if (takesOther) other = b.next();
  }
}

const objectsOf = (...scopes: readonly RetentionScope[]): readonly string[] => [
  ...new Set(scopes.flatMap((scope) => scope.groups.map((group) => group.spec.object))),
];

const wantsOf = (scopes: readonly RetentionScope[]) => {
  const fields = new Map<string, Set<string>>();
  for (const scope of scopes)
    for (const [object, names] of scopeFields(scope))
      fields.set(object, new Set([...(fields.get(object) ?? []), ...names]));
  return [...fields].map(([object, names]) => ({ object, fields: [...names].sort() }));
};

type Counting = {
  readonly stores: readonly [EncryptedStore, EncryptedStore];
  readonly reader: SnapshotReader;
  readonly scopes: readonly [RetentionScope, RetentionScope | undefined];
  readonly when: { readonly asOf: LocalDate; readonly timeZone: string };
  readonly months: readonly string[];
};

const count = ({ stores, reader, scopes, when, months }: Counting) => {
  const tallies = [policyTally(when.asOf, months), policyTally(when.asOf, months)] as const;
  const delta = deltaTally(when.asOf);
  const [policy, variant] = scopes;
  for (const object of objectsOf(policy, ...(variant === undefined ? [] : [variant]))) {
    const days = [policy, variant].map((scope, side): Iterable<DuePerson> => {
      const group = scope?.groups.find((one) => one.spec.object === object);
      const store = stores[side === 0 ? 0 : 1];
      return group === undefined ? [] : dueDays(store, reader, group, when);
    });
    for (const [before, after] of sideBySide(days[0] ?? [], days[1] ?? [])) {
      if (before !== undefined) tallies[0].add(before.due);
      if (after !== undefined) tallies[1].add(after.due);
      delta.add(before?.due, after?.due);
    }
  }
  const whole = { policy: tallies[0].result() };
  return variant === undefined ? whole : { ...whole, variant: tallies[1].result(), delta: delta.result() };
};

/**
 * How many people fall due month by month if nothing new happens, under the charter and under a variant of it (RET-10:
 * what a new rule set changes is seen before it is used). Reads the org and writes nothing to it; the local copy is gone
 * at the end. Errors: problems of retentionScope, the org's, the vault's.
 */
export const forecastRetention = async (
  input: ForecastInput,
  ports: ForecastPorts,
  tell: ReportProgress = () => undefined,
): Promise<Forecast> => {
  const before = ports.org.calls();
  const { orgId, orgName } = await ports.org.identity();
  const now = ports.clock.now();
  const { timeZone } = input.policy.charter.controller;
  const asOf = localDateOf(now, timeZone);
  tell({ stage: 'retention.scope' });
  const scopeOf = async (law: RetentionLaw): Promise<RetentionScope> =>
    valueOf(await retentionScope(ports.org, law, { asOf, now }));
  const policy = await scopeOf(input.policy);
  const variant = input.variant === undefined ? undefined : await scopeOf(input.variant);
  const scopes = variant === undefined ? [policy] : [policy, variant];
  const expiresAt = `${addDays(asOf, 1)}T00:00:00.000Z`;
  const snapshot = await takeSnapshot({ wants: wantsOf(scopes), expiresAt }, ports, tell);
  try {
    const reader = createSnapshotReader(snapshot.store);
    const months = monthsFrom(asOf, input.months);
    const scratch = { orgId, now };
    const counted = withScratch(ports.vault, scratch, (one) =>
      withScratch(ports.vault, scratch, (other) =>
        count({ stores: [one, other], reader, scopes: [policy, variant], when: { asOf, timeZone }, months }),
      ),
    );
    const complete = scopes.every(({ completeness }) => completeness.state === 'complete');
    return { asOf, orgName, months, ...counted, complete, calls: ports.org.calls() - before };
  } finally {
    snapshot.store.close();
    ports.vault.remove(snapshot.holding.id);
  }
};

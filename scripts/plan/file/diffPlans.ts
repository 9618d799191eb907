import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { GardeError } from '../../kernel/result.ts';
import type { Operation, PlanDecision, PlanHeader, PlanTerms } from '../../model/plan.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';
import { openPlan, type OpenPlan } from './openPlan.ts';
import { eachPerson, type StoredPerson, type StoredStep } from './planStore.ts';

/**
 * What became of one person between two plans: considered for the first time or no more, due or kept where it was the
 * other way round, the same verdict for another reason, or the same decision with other steps.
 */
export const PERSON_CHANGES = ['appeared', 'gone', 'due-now', 'kept-now', 'other-reason', 'other-steps'] as const;
export type PersonChange = (typeof PERSON_CHANGES)[number];

export type DecisionShown = {
  readonly rule: string;
  readonly verdict: PlanDecision['verdict'];
  readonly reason: string;
  readonly facts: PlanDecision['reason']['facts'];
  readonly until: string | null;
};

export type StepShown = { readonly operation: Operation; readonly object: string; readonly recordId: string };

export type DiffRow = {
  readonly recordId: string;
  readonly object: string;
  readonly change: PersonChange;
  /** Null when the plan did not consider this person. */
  readonly before: DecisionShown | null;
  readonly after: DecisionShown | null;
  readonly added: readonly StepShown[];
  readonly removed: readonly StepShown[];
  readonly changed: readonly StepShown[];
};

export type StepDiff = {
  readonly object: string;
  readonly operation: Operation;
  readonly rule: string;
  added: number;
  removed: number;
  changed: number;
};

export type PlanDiff = {
  readonly before: PlanHeader;
  readonly after: PlanHeader;
  /** What the plans are bound to and that differs. */
  readonly terms: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  readonly people: Readonly<Record<PersonChange, number>>;
  readonly unchanged: number;
  readonly steps: readonly StepDiff[];
  /** The first people who changed, by record id. */
  readonly rows: readonly DiffRow[];
  readonly more: boolean;
};

const shownDecision = ({ rule, verdict, reason, until }: PlanDecision): DecisionShown => ({
  ...{ rule, verdict, until },
  reason: reason.code,
  facts: reason.facts,
});

const shownStep = ({ step }: StoredStep): StepShown => ({
  operation: step.operation,
  object: step.object,
  recordId: step.recordId,
});

type Pair = { readonly before?: StoredPerson | undefined; readonly after?: StoredPerson | undefined };

/** A list that is read one by one: `head` is undefined at its end. */
const reader = (store: EncryptedStore) => {
  const people = eachPerson(store)[Symbol.iterator]();
  const take = (): StoredPerson | undefined => {
    const next = people.next();
    return next.done === true ? undefined : next.value;
  };
  const list = {
    head: take(),
    next: (): void => {
      list.head = take();
    },
  };
  return list;
};

/** Whether the head of one list stands before or beside that of the other. */
const comesFirst = (one: StoredPerson | undefined, other: StoredPerson | undefined): boolean =>
  one !== undefined && (other === undefined || one.decision.subject <= other.decision.subject);

/** People of both plans side by side; both come by record id. */
function* sideBySide(before: EncryptedStore, after: EncryptedStore): Iterable<Pair> {
  const [left, right] = [reader(before), reader(after)];
  while (left.head !== undefined || right.head !== undefined) {
    const isBefore = comesFirst(left.head, right.head);
    const isAfter = comesFirst(right.head, left.head);
    yield { before: isBefore ? left.head : undefined, after: isAfter ? right.head : undefined };
    if (isBefore) left.next();
    if (isAfter) right.next();
  }
}

type StepChanges = Record<'added' | 'removed' | 'changed', readonly StoredStep[]>;

const stepChanges = ({ before, after }: Pair): StepChanges => {
  const old = new Map(before?.steps.map((one) => [one.step.key, one]));
  const fresh = new Map(after?.steps.map((one) => [one.step.key, one]));
  return {
    added: [...fresh.values()].filter((one) => !old.has(one.step.key)),
    removed: [...old.values()].filter((one) => !fresh.has(one.step.key)),
    changed: [...fresh.values()].filter((one) => (old.get(one.step.key)?.text ?? one.text) !== one.text),
  };
};

const changeOf = ({ before, after }: Pair, steps: StepChanges): PersonChange | undefined => {
  if (before === undefined) return 'appeared';
  if (after === undefined) return 'gone';
  const [old, fresh] = [before.decision, after.decision];
  if (old.verdict !== fresh.verdict) return fresh.verdict === 'due' ? 'due-now' : 'kept-now';
  if (canonicalJson(old) !== canonicalJson(fresh)) return 'other-reason';
  return Object.values(steps).some((list) => list.length > 0) ? 'other-steps' : undefined;
};

const placesText = (places: readonly string[]): string => [...places].sort().join(', ');

const versionsText = (versions: Readonly<Record<string, string>>): string =>
  placesText(Object.entries(versions).map(([name, version]) => `${name} ${version}`));

const boundTo = (terms: PlanTerms): Readonly<Record<string, string>> => ({
  asOf: terms.asOf,
  snapshot: terms.snapshot.from,
  expiresAt: terms.expiresAt,
  userId: terms.userId,
  toolVersion: terms.toolVersion,
  charter: terms.charterDigest.slice(0, 12),
  packs: versionsText(terms.packs),
  ruleSets: versionsText(terms.ruleSets),
  rules: placesText(terms.rules.map((rule) => `${rule.key} ${rule.duration}`)),
  completeness: terms.completeness.state,
  hidden: placesText(terms.completeness.hidden),
  absent: placesText(terms.completeness.absent),
});

const termChanges = (before: PlanTerms, after: PlanTerms): PlanDiff['terms'] => {
  const fresh = boundTo(after);
  return Object.entries(boundTo(before)).flatMap(([what, value]) =>
    value === fresh[what] ? [] : [{ what, before: value, after: fresh[what] ?? '' }],
  );
};

/** Counts steps by kind. */
const stepTally = () => {
  const kinds = new Map<string, StepDiff>();
  return {
    add: (steps: StepChanges): void => {
      for (const what of ['added', 'removed', 'changed'] as const) {
        for (const { step } of steps[what]) {
          const { object, operation, rule } = step;
          const key = [object, operation, rule].join(' ');
          const kind = kinds.get(key) ?? { object, operation, rule, added: 0, removed: 0, changed: 0 };
          kind[what] += 1;
          kinds.set(key, kind);
        }
      }
    },
    all: (): readonly StepDiff[] => [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind),
  };
};

const rowOf = ({ before, after }: Pair, change: PersonChange, steps: StepChanges): DiffRow => {
  const known = (after ?? before)?.decision;
  return {
    recordId: known?.subject ?? '',
    object: known?.object ?? '',
    change,
    before: before === undefined ? null : shownDecision(before.decision),
    after: after === undefined ? null : shownDecision(after.decision),
    added: steps.added.map(shownStep),
    removed: steps.removed.map(shownStep),
    changed: steps.changed.map(shownStep),
  };
};

/** Compares two opened plans; memory holds two people and the rows asked for. */
export const diffOpenPlans = (before: OpenPlan, after: OpenPlan, limit: number): PlanDiff => {
  const people: Record<PersonChange, number> = {
    ...{ appeared: 0, gone: 0, 'due-now': 0, 'kept-now': 0, 'other-reason': 0, 'other-steps': 0 },
  };
  const tally = stepTally();
  const rows: DiffRow[] = [];
  let [unchanged, changed] = [0, 0];
  for (const pair of sideBySide(before.store, after.store)) {
    const steps = stepChanges(pair);
    const change = changeOf(pair, steps);
    if (change === undefined) unchanged += 1;
    else {
      people[change] += 1;
      changed += 1;
      tally.add(steps);
      if (rows.length < limit) rows.push(rowOf(pair, change, steps));
    }
  }
  return {
    ...{ before: before.header, after: after.header, people, unchanged, rows },
    terms: termChanges(before.header.terms, after.header.terms),
    steps: tally.all(),
    more: changed > rows.length,
  };
};

const otherOrg = (header: PlanHeader): GardeError =>
  new GardeError([
    {
      code: 'PlansOfTwoOrgs',
      subject: header.digest.slice(0, 8),
      message: 'These plans were made for two different orgs.',
      actions: ['Compare two plans of the same org.'],
    },
  ]);

export type DiffInput = {
  readonly beforePath: string;
  readonly afterPath: string;
  /** Rows of people shown at most. */
  readonly limit: number;
};

/**
 * What differs between two plans of one org: people, reasons, steps and what the plans are bound to. Both digests are
 * verified first. Errors: those of openPlan, PlansOfTwoOrgs.
 */
export const diffPlans = (input: DiffInput, ports: { readonly vault: Vault }): PlanDiff => {
  const before = openPlan(input.beforePath, ports.vault);
  try {
    const after = openPlan(input.afterPath, ports.vault);
    try {
      if (before.header.terms.orgId !== after.header.terms.orgId) throw otherOrg(after.header);
      return diffOpenPlans(before, after, input.limit);
    } finally {
      after.store.close();
    }
  } finally {
    before.store.close();
  }
};

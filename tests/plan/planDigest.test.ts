import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rootOf, leafHash } from '../../scripts/evidence/merkle.ts';
import { canonicalJson, type Json } from '../../scripts/kernel/canonicalJson.ts';
import { sha256Hex } from '../../scripts/kernel/hash.ts';
import type { PlanStep, PlanTerms } from '../../scripts/model/plan.ts';
import { canonicalStep, startDigest } from '../../scripts/plan/file/planDigest.ts';
import { exampleFrame, examplePerson } from './examplePlan.ts';

const SALT = new Uint8Array(32).fill(7);
const terms: PlanTerms = {
  ...exampleFrame(),
  ...{ considered: 0, reasons: [], steps: 0, stepCounts: [], effects: [], calls: 0, irreversible: 0 },
};
const digestOf = (steps: readonly string[], rows: readonly string[] = [], salt = SALT): string => {
  const digest = startDigest(salt);
  for (const step of steps) digest.step(step);
  for (const row of rows) digest.row(row);
  return digest.finish(terms);
};

/** Canonical text as RFC 8785 says it, written as plainly as can be. */
const plainly = (value: Json): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(plainly).join(',')}]`;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${plainly(member)}`).join(',')}}`;
};

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

describe('the digest of a plan', () => {
  it('is the RFC 6962 root over salted steps in order, the rows beside them and the terms', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.stringMatching(/^[^\n]*$/)), (steps, rows) => {
        const salt = Buffer.from(SALT).toString('hex');
        const leaves = [
          ...steps.map((step) => `step\0${step}`),
          `rows\0${sha256Hex(rows.map((row) => `${row}\n`).join(''))}`,
          `terms\0${canonicalJson(terms)}`,
        ];
        expect(digestOf(steps, rows)).toBe(rootOf(leaves.map((leaf) => leafHash(salt + leaf))).toString('hex'));
      }),
    );
  });

  it('changes with every step, row, order and salt', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2 }), fc.string(), (steps, row) => {
        const mine = digestOf(steps, [row]);
        expect(digestOf(steps.toReversed(), [row])).not.toBe(mine);
        expect(digestOf(steps.slice(1), [row])).not.toBe(mine);
        expect(digestOf([...steps, steps[0]!], [row])).not.toBe(mine);
        expect(digestOf(steps, [`${row} `])).not.toBe(mine);
        expect(digestOf(steps, [row], new Uint8Array(32))).not.toBe(mine);
      }),
    );
  });

  it('does not depend on the time zone or on the order in which a step was written', () => {
    const shuffled = (step: PlanStep): PlanStep => Object.fromEntries(Object.entries(step).reverse()) as PlanStep;
    const steps = [0, 2, 4].flatMap((n) => examplePerson(n).steps);
    const mine = digestOf(steps.map(canonicalStep));
    for (const name of ['Pacific/Kiritimati', 'Europe/Paris', 'America/Los_Angeles']) {
      process.env['TZ'] = name;
      expect(digestOf(steps.map((step) => canonicalStep(shuffled(step))))).toBe(mine);
    }
  });

  it('is taken over canonical texts: whatever a step holds, keys that look like numbers too', () => {
    const key = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,3}$/), fc.constant('__proto__'));
    const record = fc.dictionary(
      key,
      fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
    );
    fc.assert(
      fc.property(record, record, fc.array(fc.string()), (facts, after, goesWith) => {
        const [step] = examplePerson(0).steps;
        const full: PlanStep = {
          ...step!,
          reason: { code: 'x', facts },
          after,
          payload: { values: after },
          precondition: { ...step!.precondition, goesWith },
        };
        expect(canonicalStep(full)).toBe(plainly(full));
        expect(canonicalStep(full)).not.toContain('\n');
      }),
    );
  });
});

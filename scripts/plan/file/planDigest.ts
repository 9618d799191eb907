import { createHash, hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { growTree } from '../../evidence/merkle.ts';
import type { PlanStep, PlanTerms } from '../../model/plan.ts';

/** Takes steps in order, people in order and the terms last; 64 hexadecimal characters. */
export type PlanDigest = {
  /** The next step's canonical text, as it is stored. */
  step(text: string): void;
  /** The next row beside the steps, as it is stored: a decision on a person, with which steps are theirs. */
  row(text: string): void;
  finish(terms: PlanTerms): string;
};

/** The one text of a step that digests are taken over. */
export const canonicalStep = (step: PlanStep): string => canonicalJson(step);

/** Rows whose hash is taken at once. */
const ROWS_AT_ONCE = 500;

/**
 * RFC 6962 root over a salted leaf for each step in order, one for all rows beside them and one for the terms: what a
 * step does, whose it is and why, and what the plan is bound to. The salt comes from the org's keyring, so that the
 * digest, which is written into the org, lets nobody guess who is in the plan; the same snapshot, charter and date give
 * the same digest on any machine with that keyring.
 */
export const startDigest = (planSalt: Uint8Array): PlanDigest => {
  if (planSalt.length !== 32) throw new RangeError('a plan salt has 32 bytes');
  const tree = growTree();
  // a leaf's 0, then 64 secret characters in front of every text: no single hash leaves this function, only the root
  const leaf = `\0${Buffer.from(planSalt).toString('hex')}`;
  const commit = (name: string, text: string): void => {
    // by way of text: hash() makes a buffer of its own at twice the cost
    tree.append(Buffer.from(hash('sha256', `${leaf}${name}\0${text}`, 'binary'), 'binary'));
  };
  const rows = createHash('sha256');
  let waiting: string[] = [];
  const hashRows = (): void => {
    rows.update(`${waiting.join('\n')}\n`);
    waiting = [];
  };
  return {
    step: (text) => {
      commit('step', text);
    },
    row: (text) => {
      waiting.push(text);
      if (waiting.length >= ROWS_AT_ONCE) hashRows();
    },
    finish: (terms) => {
      if (waiting.length > 0) hashRows();
      commit('rows', rows.digest('hex'));
      commit('terms', canonicalJson(terms));
      return tree.root().toString('hex');
    },
  };
};

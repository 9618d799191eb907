import { hash } from 'node:crypto';
import { canonicalJson } from '../kernel/canonicalJson.ts';
import { growTree, leafHash } from '../evidence/merkle.ts';
import type { PlanStep, PlanTerms } from '../model/plan.ts';

/** Takes steps in order and the terms last; 64 hexadecimal characters. */
export type PlanDigest = {
  /** The step's canonical text, as it is stored. */
  add(canonicalStep: string, key: string): void;
  finish(terms: PlanTerms): string;
};

/** The one text of a step that digests are taken over. */
export const canonicalStep = (step: PlanStep): string => canonicalJson(step);

/**
 * RFC 6962 root over salted commitments to each step in order and to the terms. Salts come from the org's keyring, so
 * that the digest, which is written into the org, lets nobody guess who is in the plan; the same snapshot, charter and
 * date give the same digest.
 */
export const startDigest = (planSalt: Uint8Array): PlanDigest => {
  if (planSalt.length !== 32) throw new RangeError('a plan salt has 32 bytes');
  const tree = growTree();
  const commit = (name: string, text: string): void => {
    // 32 secret bytes in front of every text: no single hash ever leaves this function, only the root does.
    tree.append(leafHash(hash('sha256', Buffer.concat([planSalt, Buffer.from(`${name}\0${text}`)]), 'buffer')));
  };
  return {
    add: (text, key) => commit(`step ${key}`, text),
    finish: (terms) => {
      commit('terms', canonicalJson(terms));
      return tree.root().toString('hex');
    },
  };
};

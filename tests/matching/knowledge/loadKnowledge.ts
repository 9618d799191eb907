import { readMatchKnowledge } from '../../../scripts/app/matchKnowledge.ts';
import type { Knowledge } from '../../../scripts/matching/knowledge/contract.ts';
import { makeKnowledge } from '../../../scripts/matching/knowledge/makeKnowledge.ts';

/** The product's own knowledge, as shipped in config/matching. */
export const loadKnowledge = async (): Promise<Knowledge> => makeKnowledge(await readMatchKnowledge());

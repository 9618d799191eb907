import { GardeError, type Problem } from '../../kernel/result.ts';
import type { Vault } from '../../vault/port.ts';
import type { RowSpace } from '../rowSpace.ts';
import type { KeptDecision } from './contract.ts';
import { keepFileDecision, readFileDecisions } from './fileDecisions.ts';

const notFound = (which: string): Problem => ({
  code: 'RecordNotFound',
  subject: which,
  message: 'No record of the file has this id.',
  actions: ['Give the id as it stands in the file.'],
});

/**
 * Keeps a decision about two records of files under a memory; answers how many it holds now. GardeErrors `RecordNotFound`
 * (a mistyped id would be remembered for nothing), `RecordTwice`; the vault's.
 */
export const decideOnFiles = (
  vault: Vault,
  memory: string,
  decision: KeptDecision,
  space: RowSpace,
): { readonly kept: number } => {
  const problems = [
    ...(space.find(decision.a).length === 0 ? [notFound('first id')] : []),
    ...(space.find(decision.b).length === 0 ? [notFound('second id')] : []),
  ];
  if (problems.length > 0) throw new GardeError(problems);
  if (decision.a === decision.b && space.find(decision.a).length < 2)
    throw new GardeError([
      { code: 'RecordTwice', message: 'Both ids are those of one record.', actions: ['Give the ids of two records.'] },
    ]);
  keepFileDecision(vault, memory, decision);
  return { kept: readFileDecisions(vault, memory).length };
};

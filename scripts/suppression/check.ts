import type { SpellingKnowledge } from '../subject/needles/contract.ts';
import { createMarkKeys, fingerprintsOf, type FingerprintKind } from './fingerprints.ts';
import { birthsDiffer, judgeEntry, nameAgreement, type Suppressed } from './judge.ts';
import { inEntryOf, type Cause, type OpenList } from './list.ts';
import { isEmpty, type PersonMarks } from './marks.ts';

/** Where a candidate stands: a row number of a file, or a record. Never a value. */
export type Candidate<Place> = { readonly place: Place; readonly marks: PersonMarks };

export type CheckedCandidate<Place> = {
  readonly place: Place;
  readonly verdict: NonNullable<Suppressed>;
  /**
   * Why the person is on the list: who was erased must not come back; who objected may, and is not solicited (GDPR
   * Art. 21(3)). Of two entries alike, the erasure's.
   */
  readonly cause: Cause;
  /** What agreed. */
  readonly by: readonly FingerprintKind[];
  /** Key of the entry: of the erased person's records in the erasure ledger. */
  readonly entry: string;
};

export type CheckResult<Place> = {
  readonly found: readonly CheckedCandidate<Place>[];
  readonly candidates: number;
  /** Rows without a name, address or number: nothing could be compared. */
  readonly empty: number;
};

const RANK = { caught: 0, look: 1 } as const;
const CAUSE_RANK = { erasure: 0, objection: 1 } as const;

/** Compares candidates with an org's suppression list, one at a time: memory does not grow with the file. */
export const checkCandidates = async <Place>(
  candidates: AsyncIterable<Candidate<Place>> | Iterable<Candidate<Place>>,
  list: OpenList,
  context: { readonly knowledge: SpellingKnowledge; readonly country: string },
): Promise<CheckResult<Place>> => {
  const keysOf = createMarkKeys(context);
  const found: CheckedCandidate<Place>[] = [];
  let [count, empty] = [0, 0];
  for await (const { place, marks } of candidates) {
    count += 1;
    if (isEmpty(marks)) {
      empty += 1;
      continue;
    }
    const keys = keysOf(marks);
    const best = list
      .meet(fingerprintsOf(keys, 'sought', list.digest))
      .flatMap(({ entry, cause, kinds, marks: known }): readonly CheckedCandidate<Place>[] => {
        const inEntry = inEntryOf(list.digest, entry);
        const verdict = judgeEntry(kinds, nameAgreement(keys, known, inEntry), birthsDiffer(keys, known, inEntry));
        return verdict === undefined ? [] : [{ place, verdict, cause, by: [...kinds].sort(), entry }];
      })
      .toSorted((a, b) => RANK[a.verdict] - RANK[b.verdict] || CAUSE_RANK[a.cause] - CAUSE_RANK[b.cause])[0];
    if (best !== undefined) found.push(best);
  }
  return { found, candidates: count, empty };
};

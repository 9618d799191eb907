import { GardeError, valueOf } from '../kernel/result.ts';
import { readErasureItems } from '../plan/file/erasureItems.ts';
import { openPlan } from '../plan/file/openPlan.ts';
import type { Needles } from '../subject/needles/contract.ts';
import { openNeedles } from '../subject/needles/sealedNeedles.ts';
import { recordErasure, type Erasure } from '../suppression/erasures.ts';
import { createMarkKeys } from '../suppression/fingerprints.ts';
import { addToList } from '../suppression/list.ts';
import { marksOfNeedles } from '../suppression/marks.ts';
import { parseSuppressionTerms, type SuppressionTerms } from '../suppression/terms.ts';
import type { Vault } from '../vault/port.ts';
import { readProductText } from './configFiles.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

/** What the suppression list is for, on what ground and how long, from config/. */
export const loadSuppressionTerms = async (): Promise<SuppressionTerms> => {
  const { file, text } = await readProductText('config/suppression/list.yml');
  return valueOf(parseSuppressionTerms(text, file));
};

export type ErasedPerson = {
  readonly orgId: string;
  readonly needles: Needles;
  readonly erasure: Erasure;
};

/**
 * Enters an erased person on the suppression list and in the erasure ledger; the same erasure once. GardeError
 * `RecipientsMissing`: both need two who can restore the org's key.
 */
export const rememberErasure = async (
  { orgId, needles, erasure }: ErasedPerson,
  vault: Vault,
): Promise<SuppressionTerms> => {
  const terms = await loadSuppressionTerms();
  const keysOf = createMarkKeys({ knowledge: await readSpellingKnowledge(), country: needles.country });
  const { entry: id, at } = erasure;
  addToList(vault, orgId, {
    keep: terms.keep,
    entries: [{ id, cause: 'erasure', at, keys: keysOf(marksOfNeedles(needles)) }],
  });
  recordErasure(vault, orgId, erasure, terms.keepErasures);
  return terms;
};

/** `listed`; `recipients-missing`: nobody else could restore the key, so nothing is kept; `needles-gone`: nothing to make it of. */
export type Remembered = 'listed' | 'recipients-missing' | 'needles-gone';

/**
 * After the run of an erasure plan: enters its person on the suppression list and its records in the erasure ledger. What was
 * erased stays erased when the list cannot be kept; the answer says so. Doing it again changes nothing.
 */
export const rememberErasedPlan = async (
  planPath: string,
  { vault }: { readonly vault: Vault },
  at: string,
): Promise<{ readonly state: Remembered; readonly terms: SuppressionTerms }> => {
  const { header, store } = openPlan(planPath, vault);
  try {
    const { erasure, orgId } = header.terms;
    const holding = vault.holdings(orgId).find(({ id }) => id === header.needlesHolding);
    if (erasure === undefined || holding === undefined)
      return { state: 'needles-gone', terms: await loadSuppressionTerms() };
    const records = readErasureItems(store, erasure)
      .filter(({ decision }) => decision === 'delete')
      .map(({ object, id, path }) => ({ object, id, isRoot: path.length === 0 }));
    const needles = await openNeedles(vault, holding.id);
    const entry = header.digest.slice(0, 32);
    const terms = await rememberErasure(
      { orgId, needles, erasure: { entry, at, plan: header.digest, records } },
      vault,
    );
    return { state: 'listed', terms };
  } catch (error) {
    if (!(error instanceof GardeError) || error.name !== 'RecipientsMissing') throw error;
    return { state: 'recipients-missing', terms: await loadSuppressionTerms() };
  } finally {
    store.close();
  }
};

import { GardeError } from '../kernel/result.ts';
import { parseRecordId } from '../kernel/recordId.ts';
import type { ReportProgress } from '../model/progress.ts';
import { readOrgModel } from '../subject/readOrgModel.ts';
import { createMarkKeys, keyedDigest } from '../suppression/fingerprints.ts';
import { addToList, expiryOf, FINGERPRINT_KEY } from '../suppression/list.ts';
import { isEmpty } from '../suppression/marks.ts';
import { personById, type SweptRecord } from '../suppression/sweep.ts';
import { loadDetectors } from './detectors.ts';
import { loadSuppressionTerms } from './erasureMemory.ts';
import { lawOf, type CharterOrder } from './planning.ts';
import type { Ports } from './ports.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

export type ObjectionOrder = CharterOrder & {
  /** Record id of the person who objected. */
  readonly person: string;
};

export type ListedObjection = SweptRecord & { readonly expiresAt: string };

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

/**
 * `garde suppress add`: enters a person who objected to prospecting (GDPR Art. 21(2) and (3)) on the suppression list, as
 * fingerprints of what their record holds now: the same person once, whatever the number of times. Nothing is written to
 * the org. Errors: PersonNotFound, PersonHasNoMarks, RecipientsMissing, the org's.
 */
export const runSuppressAdd = async (
  order: ObjectionOrder,
  { org, vault, clock }: Pick<Ports, 'org' | 'vault' | 'clock'>,
  tell: ReportProgress,
): Promise<ListedObjection> => {
  const law = await lawOf(order);
  const { fieldNames, technical } = await loadDetectors();
  const model = await readOrgModel(org, { ...law, fieldNames, technical }, tell);
  const id = parseRecordId(order.person);
  const found = id === undefined ? undefined : await personById(org, model, id);
  if (found === undefined)
    throw refuse(
      'PersonNotFound',
      '--person',
      'No person of the org has this record id.',
      'Give the 18-character id of a record of people that the packs of the charter name.',
    );
  if (isEmpty(found.marks))
    throw refuse(
      'PersonHasNoMarks',
      found.place.id,
      'This record holds no name, address or number that an import could be compared with.',
      'Enter the person by the record that does; `garde request access` shows which records are theirs.',
    );
  const { orgId } = await org.identity();
  const { keep } = await loadSuppressionTerms();
  const keysOf = createMarkKeys({ knowledge: await readSpellingKnowledge(), country: law.charter.controller.country });
  const at = clock.now();
  const entry = keyedDigest(vault.deriveKey(orgId, FINGERPRINT_KEY))(`objection|${found.place.id}`);
  addToList(vault, orgId, { keep, entries: [{ id: entry, cause: 'objection', at, keys: keysOf(found.marks) }] });
  return { ...found.place, expiresAt: expiryOf(at, keep) };
};

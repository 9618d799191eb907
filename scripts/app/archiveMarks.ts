import type { ArchiveMarks, RetentionLaw } from '../retention/retentionScope.ts';
import { createMarkKeys, fingerprintsOf, keyedDigest, type Fingerprint } from '../suppression/fingerprints.ts';
import type { PersonMarks } from '../suppression/marks.ts';
import { marksOfRow } from '../suppression/marksOfRow.ts';
import type { Vault } from '../vault/port.ts';
import type { Law } from './loadLaw.ts';
import type { Ports } from './ports.ts';
import { readSpellingKnowledge } from './spellingKnowledge.ts';

/** The use under which the org's key gives that of archives: other than that of the suppression list. */
const KEY = 'archive-fingerprint';
/** An address with a letter left out, or a number alone with a birth date, would lead to others too. */
const LEFT_OUT: ReadonlySet<string> = new Set(['email-near', 'phone-birth']);

type Of = { readonly vault: Pick<Vault, 'deriveKey'>; readonly orgId: string; readonly country: string };

const createPrints = async ({ vault, orgId, country }: Of) => {
  const keysOf = createMarkKeys({ knowledge: await readSpellingKnowledge(), country });
  const digest = keyedDigest(vault.deriveKey(orgId, KEY));
  return (marks: PersonMarks, use: 'kept' | 'sought'): readonly Fingerprint[] =>
    fingerprintsOf(keysOf(marks), use, digest).filter(({ kind }) => !LEFT_OUT.has(kind));
};

/** Fingerprints that an archive keeps of its person's row. */
const archiveMarks = async (of: Of): Promise<ArchiveMarks> => {
  const prints = await createPrints(of);
  return (people, row) => prints(marksOfRow(people, row), 'kept').map(({ value }) => value);
};

/** The law with what archives are found by, where a rule of it archives. */
export const withArchiveMarks = async (
  law: Law,
  { org, vault }: Pick<Ports, 'org' | 'vault'>,
): Promise<Law & Pick<RetentionLaw, 'archiveMarks'>> => {
  const { retention, controller } = law.charter;
  if (!retention.some(({ action }) => action === 'archive' || action === 'pseudonymise')) return law;
  const { orgId } = await org.identity();
  return { ...law, archiveMarks: await archiveMarks({ vault, orgId, country: controller.country }) };
};

/** Fingerprints by which archives of somebody are looked for, with their kinds. */
export const soughtMarks = async (of: Of, marks: PersonMarks): Promise<ReadonlyMap<string, string>> => {
  const prints = await createPrints(of);
  return new Map(prints(marks, 'sought').map(({ kind, value }) => [value, kind]));
};

import { cosignaturesOf } from '../../evidence/cosignature.ts';
import { parseNote, type NoteKey } from '../../evidence/signedNote.ts';
import type { LedgerFault } from '../../evidence/verifyLedger.ts';

/** What witnesses keep outside the administrator's reach. */
export type Witnesses = {
  readonly keys: readonly NoteKey[];
  /** Notes found in the witnesses' folders. */
  readonly notes: readonly string[];
};

export type Witnessed = { readonly name: string; readonly size: number; readonly at: string };

/**
 * The newest checkpoint that each witness cosigned, and where a witness saw something that the ledger no longer has: then
 * its tail was dropped, it was rewritten or forked. `roots` has the root at each size of the org's ledger, hexadecimal.
 */
export const checkWitnesses = (
  { keys, notes }: Witnesses,
  origin: string,
  roots: ReadonlyMap<number, string>,
): { readonly witnessed: readonly Witnessed[]; readonly faults: readonly LedgerFault[] } => {
  const newest = new Map<string, Witnessed>();
  const faults: LedgerFault[] = [];
  for (const note of notes) {
    const checkpoint = parseNote(note, [])?.checkpoint;
    if (checkpoint?.origin !== origin) continue;
    const { size, root } = checkpoint;
    for (const { key, at } of cosignaturesOf(note, keys)) {
      if (roots.get(size) !== root.toString('hex')) {
        faults.push({ code: 'WitnessDiffers', treeSize: size, run: null, leaf: null });
      } else if ((newest.get(key.name)?.size ?? -1) <= size) newest.set(key.name, { name: key.name, size, at });
    }
  }
  return { witnessed: [...newest.values()], faults };
};

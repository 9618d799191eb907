import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { witness, witnessKey } from '../evidence/cosignature.ts';
import { checkExport, type ExportFault } from '../evidence/readExport.ts';
import { noteParts, parseNote } from '../evidence/signedNote.ts';
import type { Clock, Random } from '../kernel/clock.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { GardeError } from '../kernel/result.ts';
import { parseKeys } from '../plan/prove/checkLedger.ts';

export type WitnessOrder = {
  /** Path of an exported ledger. */
  readonly exportPath: string;
  /** Folder of the witness's own: its key and what it signed last. Nobody else writes there. */
  readonly stateDir: string;
  /** Who the witness is: `dpo.example/witness`. */
  readonly name: string;
  /** Verifier key of the ledger. */
  readonly ledgerKey: string;
  /** Folder that the charter names, where the cosigned note goes. */
  readonly outputDir: string;
};

export type WitnessResult = {
  readonly origin: string;
  readonly size: number;
  /** Size signed before; null the first time. */
  readonly previousSize: number | null;
  readonly notePath: string;
  /** For the charter and for outsiders to pin. */
  readonly verifierKey: string;
};

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The witness's secret, drawn the first time and kept for its owner alone. */
const secretOf = async (path: string, random: Random): Promise<Uint8Array> => {
  const known = await readIfThere(path);
  if (known !== undefined) {
    if (/^[0-9a-f]{64}$/.test(known.trim())) return Buffer.from(known.trim(), 'hex');
    throw refuse('WitnessStateUnreadable', path, 'This is not a witness’s key.', 'Restore the file from your backup.');
  }
  const drawn = Buffer.from(random(32));
  await writeFile(path, `${drawn.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return drawn;
};

/** Durable before it is used: a witness that forgot what it signed could sign a fork. */
const writeDurably = async (path: string, text: string): Promise<void> => {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.write(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
};

const lastSigned = async (path: string): Promise<{ readonly size: number; readonly root: string } | undefined> => {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const checkpoint = parseNote(text, [])?.checkpoint;
  if (checkpoint !== undefined) return { size: checkpoint.size, root: checkpoint.root.toString('hex') };
  throw refuse(
    'WitnessStateUnreadable',
    path,
    'What this witness signed last cannot be read.',
    'Restore the file from your backup.',
  );
};

const refusal = (fault: ExportFault, treeSize: number): GardeError =>
  refuse(
    'WitnessRefuses',
    `${fault} at ${treeSize} leaves`,
    'This export does not grow from what this witness signed last, or does not verify: nothing is signed.',
    'Ask for a fresh export; if it is refused again, the ledger was cut, rewritten or forked: keep your folder as evidence.',
  );

/**
 * `garde ledger witness`: cosigns an exported ledger that verifies and contains what was signed before. Errors:
 * WitnessRefuses, WitnessStateUnreadable, VerifierKeyUnreadable.
 */
export const runWitness = async (
  order: WitnessOrder,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<WitnessResult> => {
  if (!/^[^+\s]{1,200}$/.test(order.name)) {
    throw refuse(
      'WitnessNameUnfit',
      order.name.slice(0, 80),
      'A witness’s name has no space and no plus sign.',
      'Name it like a web address: dpo.example/witness.',
    );
  }
  const keys = parseKeys([order.ledgerKey]);
  const origin = keys[0]?.name ?? '';
  await mkdir(order.stateDir, { recursive: true, mode: 0o700 });
  const signer = witness(order.name, await secretOf(join(order.stateDir, 'witness.key'), ports.random));
  const statePath = join(order.stateDir, `${sha256Hex(origin).slice(0, 16)}.note`);
  const last = await lastSigned(statePath);
  const lines = createInterface({ input: createReadStream(order.exportPath), crlfDelay: Infinity });
  const check = await checkExport(lines, { origin, keys, ...(last === undefined ? {} : { last }) });
  if (!check.ok) throw refusal(check.fault, check.treeSize);
  const { note, size } = check.head;
  const text = noteParts(note)?.text ?? '';
  const seconds = Math.floor(Date.parse(ports.clock.now()) / 1000);
  const cosigned = `${note.replaceAll('\r\n', '\n').trimEnd()}\n${signer.cosign(text, seconds)}`;
  await writeDurably(statePath, cosigned);
  await mkdir(order.outputDir, { recursive: true });
  const notePath = join(order.outputDir, `ledger-${String(size).padStart(9, '0')}.note`);
  await writeDurably(notePath, cosigned);
  return { origin, size, previousSize: last?.size ?? null, notePath, verifierKey: witnessKey(signer) };
};

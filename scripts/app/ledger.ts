import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cosignaturesOf } from '../evidence/cosignature.ts';
import { exportLedger } from '../evidence/exportLedger.ts';
import type { OpenedEntry } from '../evidence/leafSalts.ts';
import { ledgerHead } from '../evidence/ledgerRecords.ts';
import { verifierKey } from '../evidence/signedNote.ts';
import { stampCheckpoint, type Stamping } from '../evidence/stampCheckpoint.ts';
import { GardeError } from '../kernel/result.ts';
import { checkLedger, endedRuns, openRunSalts, parseKeys, type LedgerCheckResult } from '../plan/prove/checkLedger.ts';
import { ledgerName, ledgerSigner } from '../plan/prove/runLedger.ts';
import type { Vault } from '../vault/port.ts';
import { productPath } from './configFiles.ts';
import { productVersion } from './demo/runCommand.ts';
import { readLedgerTrust } from './ledgerTrust.ts';
import { loadLaw } from './loadLaw.ts';
import type { Ports } from './ports.ts';

export type LedgerOrder = { readonly charterPath?: string; readonly keys: readonly string[] };

const trustOf = async ({ charterPath }: LedgerOrder) =>
  readLedgerTrust(await loadLaw({ starterAllowed: true, ...(charterPath === undefined ? {} : { charterPath }) }));

export type LedgerVerification = LedgerCheckResult & {
  /** What became of asking for a time-stamp; null when it was not asked for. */
  readonly stamping: Stamping | null;
};

/** `garde ledger verify`; with `publish` the newest checkpoint is time-stamped where the charter names an authority. */
export const runLedgerVerify = async (
  order: LedgerOrder & { readonly publish: boolean },
  ports: Ports,
): Promise<LedgerVerification> => {
  const { witnesses, timestamps, keys } = await trustOf(order);
  const head = order.publish && timestamps !== undefined ? await ledgerHead(ports.org) : undefined;
  const stamping =
    head === undefined || timestamps === undefined
      ? null
      : await stampCheckpoint(ports.org, head, timestamps, ports.random);
  const known = [...order.keys, ...keys];
  const input = { keys: known, record: order.publish, witnesses, timestampRoots: timestamps?.roots ?? [] };
  return { ...(await checkLedger(input, ports)), stamping };
};

const openedEntries = (vault: Vault, orgId: string): readonly OpenedEntry[] => {
  const salts = openRunSalts(vault, orgId);
  try {
    const entries = endedRuns(salts).flatMap(({ salts: run, size }) =>
      run.runEntries().map((entry) => ({ ...entry, index: size - run.count() + entry.index })),
    );
    return entries.sort((a, b) => a.index - b.index);
  } finally {
    for (const one of salts) one.close();
  }
};

const doesNotVerify = (faults: number): GardeError =>
  new GardeError([
    {
      code: 'LedgerNotExportable',
      subject: 'GardeCheckpoint__c',
      message: `The ledger does not verify: ${faults} faults. An export would only carry them on.`,
      actions: ['Run `garde ledger verify`: it says where the ledger is broken.'],
    },
  ]);

const writeLines = async (path: string, lines: AsyncIterable<unknown>): Promise<number> => {
  const file = await open(`${path}.new`, 'w', 0o600);
  let count = 0;
  try {
    for await (const line of lines) {
      await file.write(`${JSON.stringify(line)}\n`);
      count += 1;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return count;
};

const VERIFIER = 'verify-ledger.mjs';

export type LedgerExported = {
  readonly path: string;
  /** The verifier of one file, put beside it. */
  readonly verifierPath: string;
  readonly checkpoints: number;
  readonly leaves: number;
  readonly openedEntries: number;
  readonly witnesses: number;
  readonly timestamped: boolean;
  /** To be handed over by another way than the file. */
  readonly verifierKey: string;
};

/**
 * `garde ledger export`: verifies the ledger, then writes it with its proofs as one file and puts the stand-alone verifier
 * beside it. It holds commitments, and of opened entries what was planned and who approved by id: no data subject.
 */
export const runLedgerExport = async (
  order: LedgerOrder & { readonly outputDir: string },
  ports: Ports,
): Promise<LedgerExported> => {
  const { org, vault, clock } = ports;
  const { witnesses, timestamps, keys } = await trustOf(order);
  const known = [...order.keys, ...keys];
  const input = { keys: known, record: false, witnesses, timestampRoots: timestamps?.roots ?? [] };
  const checked = await checkLedger(input, ports);
  if (checked.state === 'failed') throw doesNotVerify(checked.faults.length);
  const { orgId } = await org.identity();
  const own = ledgerSigner(vault, orgId);
  const opened = openedEntries(vault, orgId);
  const witnessed = witnesses.notes.flatMap((note) =>
    cosignaturesOf(note, witnesses.keys).map(({ key }) => ({ name: key.name, note })),
  );
  await mkdir(order.outputDir, { recursive: true });
  const path = join(order.outputDir, `ledger-${orgId}.ndjson`);
  const what = {
    ...{ origin: ledgerName(orgId), exportedAt: clock.now(), tool: `Garde ${productVersion()}`, opened, witnessed },
    keys: [...new Set([own, ...parseKeys(known)].map((key) => verifierKey(key)))],
  };
  await writeLines(path, exportLedger(org, what));
  const verifierPath = join(order.outputDir, VERIFIER);
  await copyFile(productPath(`bin/${VERIFIER}`), verifierPath);
  return {
    ...{ path, verifierPath, checkpoints: checked.checkpoints, leaves: checked.leaves },
    ...{ openedEntries: opened.length, witnesses: checked.witnessed.length, timestamped: checked.timestamped },
    verifierKey: checked.verifierKey,
  };
};

import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { certificateValues } from '../evidence/certificate.ts';
import type { SearchAfterwards } from '../evidence/erasureParts.ts';
import { checkpointOfRun } from '../evidence/ledgerRecords.ts';
import { proveRun } from '../evidence/proveRun.ts';
import { verifierKey } from '../evidence/signedNote.ts';
import { stampCheckpoint, type Timestamps } from '../evidence/stampCheckpoint.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { localDateOf } from '../kernel/legalPeriod.ts';
import { renderLetter } from '../letters/renderLetter.ts';
import type { PlanHeader } from '../model/plan.ts';
import type { Language } from '../model/text.ts';
import type { ApplyResult } from '../plan/apply/applyPlan.ts';
import { endedRuns, openRunSalts } from '../plan/prove/checkLedger.ts';
import { ledgerName, ledgerSigner } from '../plan/prove/runLedger.ts';
import { TEXT_KEYS, type TextKey } from '../reports/textKeys.ts';
import { textsFor } from '../reports/texts.ts';
import { writeRun } from '../plan/apply/runLock.ts';
import type { HoldingVisit } from '../requests/erase/ownHoldings.ts';
import { productPath, readProductText } from './configFiles.ts';
import type { Law } from './loadLaw.ts';
import type { Ports } from './ports.ts';

const textFile = z.record(z.string(), z.string());

/** Texts of plans and runs; a code without a text stands for itself. */
export const planTexts = async (language: Language): Promise<(key: string) => string> => {
  const { text } = await readProductText(`messages/${language}/plan.json`);
  const texts = textFile.parse(JSON.parse(text));
  return (key) => texts[key] ?? key.slice(key.indexOf('.') + 1);
};

/** Words of a plan; findings of an anonymisation are said as its page says them. */
const wordsOf = async (language: Language): Promise<(key: string) => string> => {
  const [say, texts] = [await planTexts(language), textsFor(language)];
  const known = new Set<string>(TEXT_KEYS);
  return (key) => (key.startsWith('anonymisation.') && known.has(key) ? texts.say(key as TextKey) : say(key));
};

export type CertificateOrder = { readonly language: Language; readonly outputDir: string };

const VERIFIER = 'verify-ledger.mjs';

type Ended = { readonly runRecordId: string; readonly header: PlanHeader };

/** The checkpoint of the run, time-stamped where the charter names an authority; a refusal of that is not the run's. */
const stampedCheckpoint = async (
  ports: Ports,
  timestamps: Timestamps | undefined,
  runRecordId: string,
): Promise<{ readonly note: string; readonly timestampedAt: string | null }> => {
  const row = await checkpointOfRun(ports.org, runRecordId);
  const stamping =
    row === undefined || timestamps === undefined
      ? undefined
      : await stampCheckpoint(ports.org, row, timestamps, ports.random);
  const note = (row?.NoteText__c ?? '').replaceAll('\r\n', '\n').trimEnd();
  return { note, timestampedAt: stamping?.state === 'stamped' ? stamping.at : null };
};

/** Writes what proves the certificate without the org: the run's checkpoint and its opened entries, and the verifier. */
const writeProof = async (ports: Ports, { runRecordId, header }: Ended, path: string, size: number): Promise<void> => {
  const { orgId } = header.terms;
  const salts = openRunSalts(ports.vault, orgId);
  try {
    const run = endedRuns(salts).find((one) => one.size === size);
    if (run === undefined) return;
    const lines = await proveRun(ports.org, {
      runRecordId,
      commitments: () => run.salts.commitments(),
      opened: run.salts.runEntries(),
      header: { origin: ledgerName(orgId), exportedAt: ports.clock.now(), tool: `Garde ${header.terms.toolVersion}` },
      keys: [verifierKey(ledgerSigner(ports.vault, orgId))],
    });
    if (lines === undefined) return;
    await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await copyFile(productPath(`bin/${VERIFIER}`), join(dirname(path), VERIFIER));
  } finally {
    for (const one of salts) one.close();
  }
};

/**
 * Writes the certificate of a run that ended, without personal data, notes its digest on the run's record and puts the
 * proof beside it, for whoever has neither the org nor Garde. Returns its path; undefined while the run can be resumed.
 */
export const writeCertificate = async (
  order: CertificateOrder,
  law: Law,
  ports: Ports & { readonly timestamps?: Timestamps },
  result: ApplyResult & {
    readonly holdings?: readonly HoldingVisit[];
    readonly search?: SearchAfterwards;
    readonly totals?: readonly string[];
  },
): Promise<string | undefined> => {
  const { summary, header, checkpoint, runRecordId, holdings = [], search, totals } = result;
  if (checkpoint === null) return undefined;
  const { language } = order;
  const { controller } = law.charter;
  const name = `certificate-${header.digest.slice(0, 8)}`;
  const proof = { file: `${name}.proof.ndjson`, verifier: VERIFIER };
  const { note, timestampedAt } = await stampedCheckpoint(ports, ports.timestamps, runRecordId);
  const values = certificateValues({
    ...{ language, summary, terms: header.terms, planDigest: header.digest, timestampedAt, proof, holdings },
    ...(search === undefined ? {} : { search }),
    ...(totals === undefined ? {} : { totals }),
    checkpoint: { size: checkpoint.size, root: checkpoint.root, note },
    controller: controller.name,
    issuedOn: localDateOf(ports.clock.now(), controller.timeZone),
    leafFileHash: checkpoint.leafFileHash,
    verifierKey: verifierKey(ledgerSigner(ports.vault, header.terms.orgId)),
    say: await wordsOf(language),
  });
  const html = renderLetter(await readProductText(`config/templates/certificate.${language}.hbs`), values);
  await mkdir(order.outputDir, { recursive: true });
  const path = join(order.outputDir, `${name}.html`);
  await writeFile(path, html);
  await writeRun(
    { org: ports.org },
    { id: runRecordId, runKey: summary.runId },
    { CertificateHash__c: sha256Hex(html) },
  );
  await writeProof(ports, { runRecordId, header }, join(order.outputDir, proof.file), checkpoint.size);
  return path;
};

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { certificateValues } from '../evidence/certificate.ts';
import { verifierKey } from '../evidence/signedNote.ts';
import { sha256Hex } from '../kernel/hash.ts';
import { localDateOf } from '../kernel/legalPeriod.ts';
import { renderLetter } from '../letters/renderLetter.ts';
import type { Language } from '../model/text.ts';
import type { ApplyResult } from '../plan/applyPlan.ts';
import { ledgerSigner } from '../plan/runLedger.ts';
import { writeRun } from '../plan/runLock.ts';
import { readProductText } from './configFiles.ts';
import type { Law } from './loadLaw.ts';
import type { Ports } from './ports.ts';

const textFile = z.record(z.string(), z.string());

/** Texts of plans and runs; a code without a text stands for itself. */
const planTexts = async (language: Language): Promise<(key: string) => string> => {
  const { text } = await readProductText(`messages/${language}/plan.json`);
  const texts = textFile.parse(JSON.parse(text));
  return (key) => texts[key] ?? key.slice(key.indexOf('.') + 1);
};

export type CertificateOrder = { readonly language: Language; readonly outputDir: string };

/**
 * Writes the certificate of a run that ended, without personal data, and notes its digest on the run's record. Returns
 * its path; undefined while the run can be resumed.
 */
export const writeCertificate = async (
  order: CertificateOrder,
  law: Law,
  ports: Ports,
  result: ApplyResult,
): Promise<string | undefined> => {
  const { summary, header, checkpoint, runRecordId } = result;
  if (checkpoint === null) return undefined;
  const { language } = order;
  const { controller } = law.charter;
  const values = certificateValues({
    ...{ language, summary, checkpoint, terms: header.terms, planDigest: header.digest },
    controller: controller.name,
    issuedOn: localDateOf(ports.clock.now(), controller.timeZone),
    leafFileHash: checkpoint.leafFileHash,
    verifierKey: verifierKey(ledgerSigner(ports.vault, header.terms.orgId)),
    say: await planTexts(language),
  });
  const html = renderLetter(await readProductText(`config/templates/certificate.${language}.hbs`), values);
  await mkdir(order.outputDir, { recursive: true });
  const path = join(order.outputDir, `certificate-${header.digest.slice(0, 8)}.html`);
  await writeFile(path, html);
  await writeRun(ports.org, { id: runRecordId, runKey: summary.runId }, { CertificateHash__c: sha256Hex(html) });
  return path;
};

import { join, resolve } from 'node:path';
import { endOfPeriod, localDateOf, type LocalDate } from '../kernel/legalPeriod.ts';
import { GardeError } from '../kernel/result.ts';
import { soqlString } from '../kernel/soql.ts';
import { letterTexts } from '../letters/letterTexts.ts';
import { renderLetter } from '../letters/renderLetter.ts';
import type { PlanHeader } from '../model/plan.ts';
import type { Language } from '../model/text.ts';
import { readPlanHeader } from '../plan/file/openPlan.ts';
import { erasureLetter } from '../requests/erase/erasureLetter.ts';
import { rowText } from '../subject/rowText.ts';
import { openNeedles } from '../subject/needles/sealedNeedles.ts';
import { planTexts } from './certificate.ts';
import { readProductText } from './configFiles.ts';
import { lawOf, type CharterOrder } from './planning.ts';
import { reservePassphraseFile } from './passphraseFile.ts';
import type { Ports } from './ports.ts';

export type LetterOrder = CharterOrder & {
  /** The erasure plan that was carried out. */
  readonly planPath: string;
  /** Undefined: the charter's. */
  readonly language?: Language;
  readonly outputDir: string;
  /** Undefined: the passphrase is in the answer. */
  readonly passphraseFile?: string;
};

export type SealedLetter = {
  readonly path: string;
  readonly holdingId: string;
  readonly expiresAt: string;
  readonly passphrase?: string;
  readonly passphraseFile?: string;
};

const refuse = (code: string, header: PlanHeader, message: string, action: string): GardeError =>
  new GardeError([{ code, subject: header.digest.slice(0, 8), message, actions: [action] }]);

/** A letter tells what was done: nothing is told before it was. */
const assertDone = async (header: PlanHeader, { org }: Pick<Ports, 'org'>): Promise<void> => {
  const soql = `SELECT Status__c FROM GardePlan__c WHERE PlanDigest__c = ${soqlString(header.digest)}`;
  for await (const row of org.query(soql)) if (row['Status__c'] === 'done') return;
  throw refuse(
    'ErasureNotDone',
    header,
    'This erasure was not carried out whole, as far as its record in the org says.',
    'Apply or resume the plan first; the certificate says what is not done.',
  );
};

/** The day on which the run ended: backups made before it are kept so long from there. */
const doneOn = async (
  header: PlanHeader,
  { org, clock }: Pick<Ports, 'org' | 'clock'>,
  timeZone: string,
): Promise<LocalDate> => {
  const soql = `SELECT FinishedAt__c FROM GardeRun__c WHERE PlanDigest__c = ${soqlString(header.digest)}`;
  const ended: string[] = [];
  for await (const row of org.query(`${soql} AND FinishedAt__c != null`)) ended.push(rowText(row, 'FinishedAt__c'));
  return localDateOf(ended.toSorted().at(-1) ?? clock.now(), timeZone);
};

/** How the person is called: from what was sealed for the scan, while it is kept. */
const nameOf = async (
  { terms, needlesHolding }: PlanHeader,
  { vault }: Pick<Ports, 'vault'>,
): Promise<string | null> => {
  const isKept = vault.holdings(terms.orgId).some(({ id }) => id === needlesHolding);
  if (needlesHolding === undefined || !isKept) return null;
  return (await openNeedles(vault, needlesHolding)).names[0]?.full ?? null;
};

const labelsOf = async (header: PlanHeader, { org }: Pick<Ports, 'org'>): Promise<ReadonlyMap<string, string>> => {
  const labels = new Map<string, string>();
  for (const object of new Set(header.terms.erasure?.items.map((item) => item.object) ?? [])) {
    const described = await org.describe(object);
    if (described !== undefined) labels.set(object, described.labelPlural);
  }
  return labels;
};

const letterText = async (order: LetterOrder, header: PlanHeader, ports: Ports): Promise<string> => {
  const { charter } = await lawOf(order);
  const { erasure, completeness } = header.terms;
  if (erasure === undefined)
    throw refuse('PlanNotErasure', header, 'This plan erases nobody.', 'Give a plan of `garde request erase`.');
  await assertDone(header, ports);
  const language = order.language ?? charter.controller.language;
  const values = erasureLetter({
    ...{ language, charter, terms: erasure, hidden: completeness.hidden },
    ...{ madeOn: localDateOf(ports.clock.now(), charter.controller.timeZone), date: letterTexts(language).date },
    doneOn: await doneOn(header, ports, charter.controller.timeZone),
    ...{ name: await nameOf(header, ports), labels: await labelsOf(header, ports), say: await planTexts(language) },
  });
  return renderLetter(await readProductText(`config/templates/erasure-letter.${language}.hbs`), values);
};

/**
 * `garde request letter`: tells the person what was erased, what is kept, why and until when, and where to complain
 * (GDPR, Art. 12(3) and (4)). Sealed to a fresh passphrase like an access dossier. Errors: PlanNotErasure,
 * ErasureNotDone, those of readPlanHeader, the charter's, the vault's.
 */
export const answerErasure = async (order: LetterOrder, ports: Ports): Promise<SealedLetter> => {
  const header = readPlanHeader(order.planPath);
  const { charter } = await lawOf(order);
  const text = await letterText(order, header, ports);
  const made = localDateOf(ports.clock.now(), charter.controller.timeZone);
  const seal = () =>
    ports.vault.sealForRecipient('request-letter', header.terms.orgId, Buffer.from(text, 'utf8'), {
      expiresAt: `${endOfPeriod(made, charter.dossierExpiry)}T23:59:59.999Z`,
      path: join(resolve(order.outputDir), `erasure-letter-${header.digest.slice(0, 8)}.html.age`),
    });
  const sealedAs = ({ holding }: Awaited<ReturnType<typeof seal>>) => ({
    ...{ path: holding.path, holdingId: holding.id, expiresAt: holding.expiresAt },
  });
  if (order.passphraseFile === undefined) {
    const sealed = await seal();
    return { ...sealedAs(sealed), passphrase: sealed.passphrase };
  }
  const file = await reservePassphraseFile(order.passphraseFile);
  let holding: string | undefined;
  try {
    const sealed = await seal();
    holding = sealed.holding.id;
    await file.write(sealed.passphrase);
    return { ...sealedAs(sealed), passphraseFile: file.path };
  } catch (error) {
    // what nobody can open any more is not left lying
    if (holding !== undefined) ports.vault.remove(holding);
    await file.discard();
    throw error;
  }
};

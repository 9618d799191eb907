import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GardeError } from '../kernel/result.ts';
import type { Language } from '../model/text.ts';
import type { Org } from '../org/port.ts';
import { diffPlans } from '../plan/file/diffPlans.ts';
import type { DiffInput, PlanDiff } from '../plan/file/diffPlans.ts';
import { showPlan } from '../plan/file/showPlan.ts';
import type { ShowInput, ShownPerson, ShowResult } from '../plan/file/showPlan.ts';
import { stepsExpiry } from '../plan/file/writePlan.ts';
import { planDiffHtml } from '../reports/planDiffHtml.ts';
import { planHtml } from '../reports/planHtml.ts';
import type { PlanView } from '../reports/planView.ts';
import { planWords } from '../reports/planWords.ts';
import { namedPlanXlsx, planXlsx } from '../reports/planXlsx.ts';
import { textsFor } from '../reports/texts.ts';
import type { Vault } from '../vault/port.ts';
import { namedPeople } from './planNames.ts';

/** People in a sealed workbook at most: more than anybody reads, and still a file that opens. */
const MOST_NAMED = 50_000;

export type ReportOrder = {
  readonly language: Language;
  readonly outputDir: string;
  readonly html: boolean;
};
export type ShowOrder = ReportOrder & {
  readonly input: ShowInput;
  readonly xlsx: boolean;
  /** Writes a sealed workbook with people's names too; needs an org to ask for them. */
  readonly withNames: boolean;
};
export type ShowPorts = { readonly vault: Vault; readonly org?: Org; readonly now: string };

export type SealedPlan = {
  readonly path: string;
  readonly passphrase: string;
  readonly expiresAt: string;
  /** True when the filter meets more people than the workbook holds. */
  readonly more: boolean;
};

export type ShownPlan = {
  readonly shown: ShowResult;
  readonly files: readonly string[];
  readonly names?: SealedPlan;
};

const viewOf = (shown: PlanView['shown'], language: Language): PlanView => {
  const texts = textsFor(language);
  return { shown, texts, words: planWords(texts) };
};

/** Where whoever reads the page is. */
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const writeAll = async (
  { outputDir }: ReportOrder,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<readonly string[]> => {
  const files = Object.entries(contents).map(([name, content]) => [join(resolve(outputDir), name), content] as const);
  if (files.length > 0) await mkdir(resolve(outputDir), { recursive: true });
  for (const [path, content] of files) await writeFile(path, content);
  return files.map(([path]) => path);
};

const sealNamed = async (
  order: ShowOrder,
  shown: ShowResult,
  people: readonly ShownPerson[],
  ports: ShowPorts & { readonly org: Org },
): Promise<SealedPlan> => {
  const { terms, digest } = shown.header;
  const expiresAt = stepsExpiry(terms.expiresAt);
  const stamp = ports.now.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const folder = resolve(order.outputDir);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `plan-${digest.slice(0, 8)}-names-${stamp}.xlsx.age`);
  const named = await namedPeople(ports.org, people.slice(0, MOST_NAMED));
  const bytes = await namedPlanXlsx(viewOf(shown, order.language), named);
  const sealed = await ports.vault.sealForRecipient('named-report', terms.orgId, bytes, { expiresAt, path });
  return { path, passphrase: sealed.passphrase, expiresAt, more: people.length > MOST_NAMED };
};

const namesNeedOrg = (): GardeError =>
  new GardeError([
    {
      code: 'NamesNeedOrg',
      subject: '--with-names',
      message: 'A plan holds no names: they are read from the org.',
      actions: ['Give the org with --target-org.'],
    },
  ]);

/**
 * `garde plan show`: the plan on the terminal, as page and workbook of counts, and with names only sealed to a one-time
 * passphrase. Errors: those of showPlan, NamesNeedOrg.
 */
export const runShow = async (order: ShowOrder, ports: ShowPorts): Promise<ShownPlan> => {
  const { org } = ports;
  if (order.withNames && org === undefined) throw namesNeedOrg();
  const people: ShownPerson[] = [];
  const collect = (all: Iterable<ShownPerson>): void => {
    for (const person of all) {
      if (people.length > MOST_NAMED) return;
      people.push(person);
    }
  };
  const timer = (): number => performance.now();
  const shown = await showPlan(order.input, { ...ports, timer }, order.withNames ? collect : undefined);
  const view = viewOf(shown, order.language);
  const name = `plan-${shown.header.digest.slice(0, 8)}`;
  const files = await writeAll(order, {
    ...(order.html ? { [`${name}.html`]: planHtml(view, zone()) } : {}),
    ...(order.xlsx ? { [`${name}.xlsx`]: await planXlsx(view) } : {}),
  });
  if (!order.withNames || org === undefined) return { shown, files };
  return { shown, files, names: await sealNamed(order, shown, people, { ...ports, org }) };
};

/** The page on two plans, written beside the others. */
export const writeDiff = async (order: ReportOrder, diff: PlanDiff): Promise<readonly string[]> => {
  if (!order.html) return [];
  const texts = textsFor(order.language);
  const page = planDiffHtml({ diff, texts, words: planWords(texts) }, zone());
  const [before, after] = [diff.before, diff.after].map((header) => header.digest.slice(0, 8));
  return writeAll(order, { [`plan-diff-${before ?? ''}-${after ?? ''}.html`]: page });
};

/** `garde plan diff`. Errors: those of diffPlans. */
export const runDiff = async (
  order: ReportOrder & { readonly input: DiffInput },
  ports: { readonly vault: Vault },
): Promise<{ readonly diff: PlanDiff; readonly files: readonly string[] }> => {
  const diff = diffPlans(order.input, ports);
  return { diff, files: await writeDiff(order, diff) };
};

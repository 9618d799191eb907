import type { Org as SalesforceOrg } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { runShow } from '../../../app/planReports.ts';
import type { ShownPlan } from '../../../app/planReports.ts';
import { openPorts, openVault, systemClock } from '../../../app/ports.ts';
import { DUE_SOON, OPERATIONS } from '../../../model/plan.ts';
import { findingText } from '../../../reports/anonymisationSections.ts';
import { planWords } from '../../../reports/planWords.ts';
import type { PlanWords } from '../../../reports/planWords.ts';
import { textsFor } from '../../../reports/texts.ts';
import type { Texts } from '../../../reports/texts.ts';
import { shownTotals } from '../../shownTotals.ts';
import { pseudonymTokens, shownPseudonyms, type ShownPseudonyms } from '../../shownPseudonyms.ts';
import type { ShownFinding, ShownTotal } from '../../shownTotals.ts';
import { GardeCommand, languageFlag, messagesOf } from '../../gardeCommand.ts';
import { planFlag } from '../../planFlags.ts';

const messages = messagesOf('garde.plan.show');

/** Plain types: the result's JSON Schema is generated from them. */
export type PlanShowResult = {
  readonly digest: string;
  readonly kind: string;
  readonly orgName: string;
  readonly orgId: string;
  readonly asOf: string;
  readonly expiresAt: string;
  readonly state: 'complete' | 'incomplete';
  readonly hidden: readonly string[];
  readonly considered: number;
  readonly due: number;
  readonly kept: number;
  /** API calls the run will make. */
  readonly calls: number;
  /** Of an erasure: how many of them, at most, are for the scan that follows the run; null for other plans. */
  readonly scanCalls: number | null;
  /** Seconds the run will take, at least and at most; `measured` when the org was asked how fast it answers. */
  readonly duration: { readonly shortest: number; readonly longest: number; readonly measured: boolean };
  /** Share of steps that cannot be undone, 0 to 1. */
  readonly irreversible: number;
  readonly steps: readonly {
    readonly object: string;
    readonly operation: string;
    readonly rule: string;
    readonly count: number;
    /** How many of them cannot be undone. */
    readonly irreversible: number;
  }[];
  /** What the org does besides the steps. */
  readonly effects: readonly { readonly object: string; readonly effect: string; readonly count: number }[];
  readonly reasons: readonly {
    readonly rule: string;
    readonly verdict: string;
    readonly code: string;
    readonly count: number;
    /** First and last day on which what keeps these people ends. */
    readonly from: string | null;
    readonly until: string | null;
  }[];
  readonly keptUntil: readonly {
    /** `2027-03`; null when no end is known. */
    readonly month: string | null;
    readonly rule: string;
    readonly code: string;
    readonly count: number;
  }[];
  readonly people: readonly {
    readonly recordId: string;
    readonly object: string;
    readonly rule: string;
    readonly verdict: string;
    readonly reason: string;
    /** Dates, counts and keys that the reason rests on. */
    readonly facts: Readonly<Record<string, string | number | null>>;
    readonly until: string | null;
    readonly operations: readonly string[];
    readonly effects: readonly string[];
  }[];
  /** Of an erasure plan: the decision on each record found, with its path from the person. */
  readonly items: readonly {
    readonly object: string;
    readonly recordId: string;
    readonly path: string;
    readonly decision: string;
    readonly code: string;
    readonly until: string | null;
    readonly fields: readonly string[];
  }[];
  /** What speaks against the word *anonymised*, by how many people of the plan it is about; empty without anonymisation. */
  readonly findings: readonly ShownFinding[];
  /** The charter's statistics before and after an anonymisation, cell by cell; null = not told there. */
  readonly totals: readonly ShownTotal[];
  /** Whom the plan gives a pseudonym, by object. */
  readonly pseudonymised: readonly ShownPseudonyms[];
  /** True when the filter meets more people than are shown. */
  readonly more: boolean;
  readonly quota: { readonly remaining: number; readonly budget: number; readonly needed: number } | null;
  readonly problems: readonly { readonly code: string; readonly message: string }[];
  /** Pages and workbooks written. */
  readonly files: readonly string[];
  /** The sealed workbook with names, and the passphrase that opens it: shown once, kept nowhere. */
  readonly names?: {
    readonly path: string;
    readonly passphrase: string;
    readonly expiresAt: string;
    /** True when it does not hold everybody whom the filter meets. */
    readonly more: boolean;
  };
};

type Shown = ShownPlan['shown'];

const shownPeople = ({ people }: Shown): PlanShowResult['people'] =>
  people.map(({ recordId, object, rule, verdict, reason, facts, until, operations, effects }) => ({
    ...{ recordId, object, rule, verdict, reason, facts, until },
    operations: operations.map((one) => `${one.operation} ${one.object} ${one.recordId}`),
    effects: effects.map((one) => `${one.effect} ${one.object} ${one.count}`),
  }));

const toResult = ({ shown, files, names }: ShownPlan): PlanShowResult => {
  const { header, figures, steps, reasons, more, quota, problems } = shown;
  const { terms, digest } = header;
  const { kind, orgName, orgId, asOf, expiresAt, completeness, considered, calls, irreversible, effects } = terms;
  const { due, kept, duration, keptUntil } = figures;
  return {
    ...{ digest, kind, orgName, orgId, asOf, expiresAt, considered, due, kept, calls, duration, irreversible, effects },
    scanCalls: terms.erasure?.scan?.calls ?? null,
    state: completeness.state,
    hidden: completeness.hidden,
    steps: steps.map(({ steps: count, irreversible: lost, ...one }) => ({ ...one, count, irreversible: lost })),
    reasons: reasons.map(({ until, ...one }) => ({
      ...one,
      ...{ from: until?.first ?? null, until: until?.last ?? null },
    })),
    keptUntil: keptUntil.map(({ people: count, ...one }) => ({ ...one, count })),
    people: shownPeople(shown),
    items: (shown.items ?? []).map(({ object, id, path, decision, code, until, fields }) => ({
      ...{ object, recordId: id, path: path.join(' > '), decision, code, until, fields },
    })),
    findings: terms.anonymisation?.findings ?? [],
    totals: shownTotals(terms.anonymisation),
    pseudonymised: shownPseudonyms(terms),
    ...{ more, quota, problems, files },
    ...(names === undefined ? {} : { names }),
  };
};

const given = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

export default class PlanShow extends GardeCommand<PlanShowResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public static override readonly flags = {
    ...planFlag,
    ...languageFlag,
    'target-org': Flags.optionalOrg(),
    rule: Flags.string({ summary: messages.getMessage('flags.rule.summary') }),
    verdict: Flags.option({
      options: ['due', 'kept'] as const,
      summary: messages.getMessage('flags.verdict.summary'),
    })(),
    reason: Flags.string({ summary: messages.getMessage('flags.reason.summary') }),
    person: Flags.salesforceId({ summary: messages.getMessage('flags.person.summary') }),
    object: Flags.string({ summary: messages.getMessage('flags.object.summary') }),
    operation: Flags.option({ options: OPERATIONS, summary: messages.getMessage('flags.operation.summary') })(),
    limit: Flags.integer({ default: 20, min: 0, max: 2000, summary: messages.getMessage('flags.limit.summary') }),
    html: Flags.boolean({ default: false, summary: messages.getMessage('flags.html.summary') }),
    xlsx: Flags.boolean({ default: false, summary: messages.getMessage('flags.xlsx.summary') }),
    'with-names': Flags.boolean({ default: false, summary: messages.getMessage('flags.with-names.summary') }),
    'output-dir': Flags.directory({
      char: 'd',
      default: '.',
      summary: messages.getMessage('flags.output-dir.summary'),
    }),
  };

  public async run(): Promise<PlanShowResult> {
    const { flags } = await this.parse(PlanShow);
    const dataDir = this.gardeDataDir();
    // the flag is optional, whatever its type says
    const org = flags['target-org'] as SalesforceOrg | undefined;
    const connection = org?.getConnection();
    const ports =
      connection === undefined ? { vault: await openVault(dataDir) } : await openPorts({ connection, dataDir });
    const { rule, verdict, reason, person, object, operation, language, html, xlsx, limit } = flags;
    const input = { planPath: flags.plan, limit, ...given({ rule, verdict, reason, person, object, operation }) };
    const order = { input, language, html, xlsx, withNames: flags['with-names'], outputDir: flags['output-dir'] };
    const result = toResult(await runShow(order, { ...ports, now: systemClock.now() }));
    this.show(result, textsFor(language));
    return result;
  }

  private show(result: PlanShowResult, texts: Texts): void {
    const { digest, orgName, asOf, expiresAt, due, considered, irreversible } = result;
    if (result.state === 'incomplete') this.warn(this.text('plan.show.incomplete', [result.hidden.join(', ')]));
    this.log(this.text('plan.show.bound', [digest.slice(0, 8), orgName, asOf, expiresAt]));
    this.log(this.text('plan.show.due', [due, considered, Math.round(irreversible * 100)]));
    this.showRows(result.steps, this.text('plan.show.title.steps'));
    this.showRows(result.effects, this.text('plan.show.title.effects'));
    const isSoon = ({ code }: { readonly code: string }): boolean => code === DUE_SOON;
    this.showRows(result.reasons.filter(isSoon), this.text('retention.plan.dueSoon'));
    this.showRows(
      result.reasons.filter((one) => !isSoon(one)),
      this.text('plan.show.title.reasons'),
    );
    this.showPeople(result, planWords(texts));
    this.showRows(
      result.items.map(({ object, recordId, path, decision, code, until }) => ({
        decision: this.text(`erasure.decision.${decision}`),
        ...{ object, recordId, path, why: this.text(`erasure.code.${code}`), until },
      })),
      this.text('plan.show.title.items'),
    );
    this.showAnonymisation(result, texts);
    for (const one of result.pseudonymised) this.log(this.text('plan.pseudonymised', pseudonymTokens(one)));
    this.showCost(result);
    for (const { message } of result.problems) this.warn(message);
    this.showFiles(result);
  }

  private showRows(rows: readonly Readonly<Record<string, unknown>>[], title: string): void {
    if (rows.length > 0) this.showTable(rows, title);
  }

  private showPeople({ people, more }: PlanShowResult, words: PlanWords): void {
    this.showRows(
      people.map(({ recordId, object, rule, verdict, reason, facts, until }) => ({
        ...{ recordId, object, rule, verdict, reason },
        why: words.facts(facts),
        until,
      })),
      this.text('plan.show.title.people'),
    );
    const [only] = people;
    if (people.length === 1 && only !== undefined) {
      for (const one of [...only.operations, ...only.effects]) this.log(`  ${one}`);
    }
    if (more) this.log(this.text('plan.show.more'));
  }

  private showAnonymisation({ findings, totals }: PlanShowResult, texts: Texts): void {
    this.showRows(
      findings.map(({ place, count, until, ...one }) => ({ place, count, until, why: findingText(one, texts) })),
      this.text('plan.show.title.findings'),
    );
    this.showRows(totals, this.text('plan.show.title.totals'));
  }

  private showCost({ quota, duration, calls, scanCalls }: PlanShowResult): void {
    const minutes = [duration.shortest, duration.longest].map((seconds) => Math.ceil(seconds / 60));
    this.log(this.text('plan.show.duration', [calls, ...minutes]));
    if (scanCalls !== null) this.log(this.text('plan.show.scan', [scanCalls]));
    if (quota === null) return;
    this.log(this.text('plan.show.quota', [quota.needed, quota.budget, quota.remaining]));
    if (quota.needed > quota.budget) this.warn(this.text('plan.show.quotaShort'));
  }

  private showFiles({ files, names }: PlanShowResult): void {
    if (files.length > 0) this.log(this.text('plan.show.written', [files.join(', ')]));
    if (names === undefined) return;
    this.log(this.text('plan.show.names', [names.path, names.expiresAt, names.passphrase]));
    if (names.more) this.warn(this.text('plan.show.namesCut'));
  }
}

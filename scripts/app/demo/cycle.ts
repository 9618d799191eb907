import { productPath } from '../configFiles.ts';
import { addRecipients, forgetPerson } from './forgetPerson.ts';
import type { Forgotten } from './forgetPerson.ts';
import type { MatchAgainstTruth } from './matchTruth.ts';
import type { CycleInput } from './cycleInput.ts';

const CHARTER = productPath('config/charters/demo.yml');
/** Members who left go to the archive, applicants are anonymised. */
const LATER_CHARTER = productPath('config/charters/demo-archive.yml');

/** The JSON results of the commands, as each documents them. */
export type CycleResult = {
  readonly doctor: { readonly counts: Readonly<Record<string, number>> };
  readonly audit: Readonly<Record<string, unknown>>;
  readonly access: Readonly<Record<string, unknown>>;
  readonly match: Readonly<Record<string, unknown>> & { readonly truth: MatchAgainstTruth };
  readonly matchReport: Readonly<Record<string, unknown>>;
  readonly plan: Readonly<Record<string, unknown>>;
  readonly rehearsal: Readonly<Record<string, unknown>>;
  readonly run: Readonly<Record<string, unknown>>;
  /** The second cycle: archive and anonymisation. */
  readonly later: {
    readonly plan: Readonly<Record<string, unknown>>;
    readonly rehearsal: Readonly<Record<string, unknown>>;
    readonly run: Readonly<Record<string, unknown>>;
  };
  readonly ledger: Readonly<Record<string, unknown>>;
} & Forgotten;

type Result = Readonly<Record<string, unknown>>;

const text = (result: Result, name: string): string => {
  const value = result[name];
  if (typeof value !== 'string') throw new TypeError(`the command's result has no ${name}`);
  return value;
};

/** The read-only day: what is needed, what is held, what one person is told. */
const look = async ({ run, outputDir, privateDir, language, donors: [person = ''] }: CycleInput) => {
  const org = ['--target-org', 'demo', '--charter', CHARTER, '--language', language];
  const doctor = await run<CycleResult['doctor']>(['garde', 'doctor', ...org]);
  const audit = await run<Result>(['garde', 'audit', ...org, '--output-dir', outputDir, '--publish']);
  const access = await run<Result>([
    'garde',
    'request',
    'access',
    ...org,
    '--person',
    person,
    '--output-dir',
    privateDir,
  ]);
  return { doctor, audit, access };
};

/** Who is held twice: found without labelled examples, and told against what is true of the demo's people. */
const findDuplicates = async ({ run, outputDir, language, judgeMatch }: CycleInput) => {
  const org = ['--target-org', 'demo', '--charter', CHARTER, '--language', language];
  const found = await run<Result>(['garde', 'match', 'run', ...org]);
  const truth = await judgeMatch();
  const matchReport = await run<Result>(['garde', 'match', 'report', ...org, '--output-dir', outputDir]);
  return { match: { ...found, truth }, matchReport };
};

/** The small cycle: plan, rehearse, approve by the officer's own login, apply. A plan without steps ends there. */
const act = async ({ run, outputDir, language, orgName }: CycleInput, charter: string) => {
  const spoken = ['--language', language];
  const org = ['--target-org', 'demo', '--charter', charter, ...spoken];
  const plan = await run<Result>(['garde', 'retention', 'plan', ...org, '--output-dir', outputDir, '--publish']);
  if (plan['steps'] === 0) return { plan, rehearsal: {}, run: {} };
  const path = ['--plan', text(plan, 'path')];
  const rehearsal = await run<Result>(['garde', 'plan', 'rehearse', ...org, ...path]);
  await run<Result>(['garde', 'plan', 'approve', '--target-org', 'officer', '--no-prompt', ...spoken, ...path]);
  const applied = await run<Result>([
    ...['garde', 'plan', 'apply', ...org, ...path, '--org-name', orgName],
    ...['--output-dir', outputDir],
  ]);
  return { plan, rehearsal, run: applied };
};

const prove = async ({ run, language }: CycleInput) => ({
  ledger: await run<Result>(['garde', 'ledger', 'verify', '--target-org', 'demo', '--publish', '--language', language]),
});

export const runCycle = async (input: CycleInput): Promise<CycleResult> => {
  const seen = { ...(await look(input)), ...(await findDuplicates(input)) };
  await addRecipients(input);
  const done = { ...(await act(input, CHARTER)), later: await act(input, LATER_CHARTER) };
  const forgotten = await forgetPerson(input, CHARTER);
  return { ...seen, ...done, ...forgotten, ...(await prove(input)) };
};

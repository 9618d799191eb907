import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GardeError } from '../../kernel/result.ts';
import { newRecoveryKey } from '../../vault/recoveryKey.ts';
import type { CycleInput } from './cycleInput.ts';

type Result = Readonly<Record<string, unknown>>;

const erasure = z.object({
  path: z.string(),
  items: z.array(z.object({ decision: z.string(), count: z.number() })),
});
const scan = z.object({
  findings: z.array(z.object({ verdict: z.string(), own: z.boolean() })),
  examined: z.array(z.unknown()),
  notExamined: z.array(z.unknown()),
  report: z.string().nullable(),
});

/** What became of one person, in numbers. */
export type Forgotten = {
  readonly erase: {
    readonly path: string;
    /** Records by decision. */
    readonly decided: Readonly<Record<string, number>>;
    readonly asPlanned: boolean;
    readonly state: string;
    readonly steps: number;
    readonly certificatePath: string;
    /** Whether the person's fingerprint keeps them from coming back. */
    readonly suppression: string;
  };
  readonly letter: { readonly path: string };
  readonly scan: {
    /** Places that still name the person for sure, outside what the law keeps. */
    readonly sure: number;
    readonly examined: number;
    readonly notExamined: number;
    readonly report: string | null;
  };
};

/** Something of the person was found: the scan's own way to end, and no failure of it. */
const FOUND = 68;
const RECIPIENTS = ['officer', 'notary'];

/**
 * Archives and the suppression list want two people who can restore the org's key: an officer and a notary, invented as
 * all the demo's people.
 */
export const addRecipients = async ({ run, privateDir }: Pick<CycleInput, 'run' | 'privateDir'>): Promise<void> => {
  for (const name of RECIPIENTS) {
    const { identity, recipient } = await newRecoveryKey();
    await writeFile(join(privateDir, `${name}.txt`), `${identity}\n`, { mode: 0o600 });
    await run(['garde', 'keys', 'add-recipient', recipient, '--target-org', 'demo']);
  }
};

const text = (result: Result, name: string): string => {
  const value = result[name];
  if (typeof value !== 'string') throw new TypeError(`the command's result has no ${name}`);
  return value;
};

const byDecision = (items: z.infer<typeof erasure>['items']): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { decision, count } of items) counts[decision] = (counts[decision] ?? 0) + count;
  return counts;
};

/**
 * The first donor's erasure that nothing stands against: a running mandate, an open case or a contract holds, and the
 * command says so.
 */
const planErasure = async (
  { run, donors, outputDir }: CycleInput,
  org: readonly string[],
): Promise<z.infer<typeof erasure>> => {
  for (const person of donors) {
    const args = ['garde', 'request', 'erase', ...org, '--person', person, '--output-dir', outputDir, '--publish'];
    const planned = erasure.safeParse(await run(args, [HELD]));
    if (planned.success) return planned.data;
  }
  throw new GardeError([
    {
      code: 'DemoHasNoDonor',
      message: 'Every donor of the demo org is held by something.',
      actions: ['Use more people: --people 200.'],
    },
  ]);
};
/** A refusal by name, as every error ends. */
const HELD = 1;

/** One person is forgotten: planned with what the law keeps, approved by the officer, told, and looked for afterwards. */
export const forgetPerson = async (input: CycleInput, charter: string): Promise<Forgotten> => {
  const { run, outputDir, privateDir, language, orgName } = input;
  const spoken = ['--language', language];
  const org = ['--target-org', 'demo', '--charter', charter, ...spoken];
  const planned = await planErasure(input, org);
  const path = ['--plan', planned.path];
  const rehearsal = await run<Result>(['garde', 'plan', 'rehearse', ...org, ...path]);
  await run(['garde', 'plan', 'approve', '--target-org', 'officer', '--no-prompt', ...spoken, ...path]);
  const applied = await run<Result>([
    ...['garde', 'plan', 'apply', ...org, ...path, '--org-name', orgName],
    ...['--output-dir', outputDir],
  ]);
  const letter = await run<Result>(['garde', 'request', 'letter', ...org, ...path, '--output-dir', privateDir]);
  const looked = scan.parse(
    await run(['garde', 'request', 'scan', ...org, ...path, '--html', '--output-dir', outputDir], [FOUND]),
  );
  return {
    erase: {
      ...{ path: planned.path, decided: byDecision(planned.items), asPlanned: rehearsal['asPlanned'] === true },
      ...{ state: text(applied, 'state'), steps: Number(applied['stepsDone']) },
      ...{ certificatePath: text(applied, 'certificatePath'), suppression: text(applied, 'suppression') },
    },
    letter: { path: text(letter, 'path') },
    scan: {
      sure: looked.findings.filter(({ verdict, own }) => verdict === 'sure' && !own).length,
      ...{ examined: looked.examined.length, notExamined: looked.notExamined.length, report: looked.report },
    },
  };
};

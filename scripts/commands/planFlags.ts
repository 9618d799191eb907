import { Flags } from '@salesforce/sf-plugins-core';
import { charterFlag, orgFlags } from './gardeCommand.ts';

/** The readable file of a plan, as `retention plan` wrote it. */
export const planFlag = {
  plan: Flags.file({
    char: 'p',
    required: true,
    exists: true,
    summary: 'Path of the plan, as "retention plan" wrote it.',
  }),
};

/** Flags of `plan apply` and `plan resume`, which carry a plan out. */
export const runFlags = {
  ...orgFlags,
  ...charterFlag,
  ...planFlag,
  'output-dir': Flags.directory({ char: 'd', default: '.', summary: 'Folder for the certificate.' }),
  'org-name': Flags.string({
    summary: "The production org's name, typed out: without it nothing is deleted in a production org.",
  }),
  'budget-percent': Flags.integer({
    min: 1,
    max: 100,
    default: 20,
    summary: "Share of today's remaining API requests the run may use.",
  }),
  'up-to': Flags.option({
    options: ['first-twenty', 'next-two-hundred', 'rest'] as const,
    default: 'rest',
    summary: 'Stop after this tier of the ramp; "plan resume" goes on.',
  })(),
  window: Flags.string({
    summary:
      "Hours in which the run may begin something, in the charter's time zone, as 22:00-06:00; outside them it pauses.",
  }),
};

export type RunFlags = {
  readonly plan: string;
  readonly charter: string | undefined;
  readonly language: 'en' | 'fr';
  readonly 'output-dir': string;
  readonly 'org-name': string | undefined;
  readonly 'budget-percent': number;
  readonly 'up-to': 'first-twenty' | 'next-two-hundred' | 'rest';
  readonly window: string | undefined;
  /** Only where a run begins: a resumed one remembers what it began with. */
  readonly approval?: readonly string[] | undefined;
};

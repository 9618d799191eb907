import { z } from 'zod';
import type { Result } from '../kernel/result.ts';
import { parseYaml } from '../model/parseYaml.ts';
import { key, localisedText, source } from '../model/text.ts';

export const NEED_STATES = ['ok', 'to-do', 'by-hand', 'impossible'] as const;
export type NeedState = (typeof NEED_STATES)[number];

const textsByState = z.partialRecord(z.enum(NEED_STATES), localisedText);

/** One thing Garde needs of an org: texts as data, the probe of the same key as code. `{name}` is filled by the probe. */
const need = z.strictObject({
  key,
  title: localisedText,
  /** Exact way through Setup. */
  setupPath: localisedText.optional(),
  /** What Garde does when the need is not met. */
  without: localisedText,
  source,
  findings: textsByState,
  remedies: textsByState.default({}),
});
const needList = z.strictObject({
  labels: z.strictObject({
    need: localisedText,
    state: localisedText,
    finding: localisedText,
    without: localisedText,
    states: z.record(z.enum(NEED_STATES), localisedText),
  }),
  /** Said of a need whose probe the running user may not carry out. */
  unseen: z.strictObject({ finding: localisedText, remedy: localisedText }),
  needs: z.array(need).min(1),
});
export type Need = z.infer<typeof need>;
export type NeedList = z.infer<typeof needList>;

/** Needs from their YAML text. Problems: `NeedsNotValid`, all at once. */
export const parseNeeds = (text: string, file = 'needs.yml'): Result<NeedList> =>
  parseYaml(needList, text, { code: 'NeedsNotValid', file });

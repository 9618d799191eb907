import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { saltedCommitment } from '../../kernel/hash.ts';
import { GardeError } from '../../kernel/result.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';

const recordId = z.string().regex(/^[A-Za-z0-9]{18}$/, 'an 18-character record id');
const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** What there was before a step, as far as its inverse needs it. */
export const beforeImage = z.strictObject({
  /** Of the step's own record: an update's or a merge master's values that are replaced; all values of a deleted row. */
  values: values.optional(),
  /** Rows that go with the record, or the losers of a merge, each with all values that can be written again. */
  rows: z.array(z.strictObject({ object: z.string(), id: recordId, values })).optional(),
  /** Lookups that the step empties or moves: they held `was`. */
  links: z.array(z.strictObject({ object: z.string(), id: recordId, field: z.string(), was: recordId })).optional(),
});
export type BeforeImage = z.infer<typeof beforeImage>;
export type Values = Readonly<Record<string, string | number | boolean | null>>;

/** Where sealed images lie: beside the steps of their own plan. */
export type SealedPlace = {
  readonly vault: Pick<Vault, 'deriveKey' | 'openForSubject'>;
  readonly orgId: string;
  readonly store: EncryptedStore;
};
type SealingPlace = SealedPlace & {
  readonly vault: Pick<Vault, 'deriveKey' | 'sealForSubject' | 'openForSubject' | 'prepareSubjects'>;
};

/** `forgotten`: the data subject's key was destroyed, or the sealed text was: nothing opens it any more. */
export type Opened<T> =
  { readonly state: 'open'; readonly image: T } | { readonly state: 'none' } | { readonly state: 'forgotten' };

const TABLE = 'sealed';
const ROWS_AT_ONCE = 1000;

export const createSealedTable = (store: EncryptedStore): void => {
  store.run('CREATE TABLE IF NOT EXISTS sealed (name text PRIMARY KEY, subject text, box text) WITHOUT ROWID');
  store.run('CREATE INDEX IF NOT EXISTS sealedSubject ON sealed (subject)');
};

/** The place and the content both count: a box that was moved to another step no longer has its name. */
const nameOf = (salt: Uint8Array, step: Pick<PlanStep, 'key' | 'subject'>, text: string): string =>
  saltedCommitment(salt, `${step.key}\0${step.subject}\0${text}`);

const saltOf = ({ vault, orgId }: SealedPlace): Uint8Array => vault.deriveKey(orgId, 'before-images');

export type Sealer = {
  /** The step with the name of its image. RangeError for a step that cannot be undone: it carries no image. */
  sealBefore(step: PlanStep, image: BeforeImage): PlanStep;
  /** The step with the name of values that only the data subject's key opens. */
  sealValues(step: PlanStep, content: Values): PlanStep;
  /** The step with a file that lies in the org as only the data subject's key opens it; its text is sealed as it is. */
  sealFile(step: PlanStep, text: string): PlanStep;
  /** Writes what is still held; call it when the last step was sealed. */
  flush(): void;
};

/**
 * Seals before-images under their data subject's key, next to the plan's steps: destroying that one key makes undo
 * impossible for this person and for nobody else. The name a step carries is a salted commitment to the content, so the
 * same content gives the same plan.
 */
export const createSealer = (place: SealingPlace): Sealer => {
  const { vault, orgId, store } = place;
  const salt = saltOf(place);
  const held = new Map<string, { readonly subject: string; readonly text: string }>();
  createSealedTable(store);
  const flush = (): void => {
    if (held.size === 0) return;
    vault.prepareSubjects(orgId, new Set([...held.values()].map(({ subject }) => subject)));
    const rows = [...held].map(([name, { subject, text }]) => [
      name,
      subject,
      vault.sealForSubject(orgId, subject, Buffer.from(text)),
    ]);
    store.insert(TABLE, ['name', 'subject', 'box'], rows);
    held.clear();
  };
  const hold = (step: PlanStep, text: string): string => {
    const name = nameOf(salt, step, text);
    held.set(name, { subject: step.subject, text });
    if (held.size >= ROWS_AT_ONCE) flush();
    return name;
  };
  return {
    sealBefore: (step, image) => {
      if (step.inverse === 'none') throw new RangeError('an irreversible step carries no before-image');
      return { ...step, before: hold(step, canonicalJson(beforeImage.parse(image))) };
    },
    sealValues: (step, content) => ({
      ...step,
      payload: { ...step.payload, sealed: hold(step, canonicalJson({ values: content })) },
    }),
    sealFile: (step, text) => {
      const { file } = step.payload ?? {};
      if (file === undefined) throw new RangeError('a step without a file has none to seal');
      return { ...step, payload: { ...step.payload, file: { ...file, holding: `${SEALED_FILE}${hold(step, text)}` } } };
    },
    flush,
  };
};

/** How `payload.file.holding` names a file that was sealed for a data subject beside the steps. */
const SEALED_FILE = 'sealed:';

const moved = (): GardeError =>
  new GardeError([
    {
      code: 'PlanAltered',
      subject: 'before-image',
      message: 'What was sealed for a step of this plan is not what its digest was taken of: somebody changed it.',
      actions: ['Plan again; a plan is not edited by hand.'],
    },
  ]);

/** What was sealed under a name, in the clear and as it was sealed; undefined when nothing opens it any more. */
const openText = (
  place: SealedPlace,
  step: PlanStep,
  name: string,
): { readonly text: string; readonly box: string } | undefined => {
  const [row] = [...place.store.read('SELECT box FROM sealed WHERE name = ?', [name])];
  const box = row?.['box'];
  if (typeof box !== 'string') return undefined;
  let text: string;
  try {
    text = Buffer.from(place.vault.openForSubject(place.orgId, step.subject, box)).toString('utf8');
  } catch (error) {
    if (error instanceof GardeError && error.name === 'SubjectForgotten') return undefined;
    throw error;
  }
  if (nameOf(saltOf(place), step, text) !== name) throw moved();
  return { text, box };
};

const openBox = (place: SealedPlace, step: PlanStep, name: string): Opened<BeforeImage> => {
  const opened = openText(place, step, name);
  return opened === undefined
    ? { state: 'forgotten' }
    : { state: 'open', image: beforeImage.parse(JSON.parse(opened.text)) };
};

/**
 * The bytes of a step's file that was sealed for its data subject: as they were sealed, for the org to keep. Undefined
 * for any other file. Errors: PlanAltered, SubjectForgotten, the vault's.
 */
export const sealedFileOf = (place: SealedPlace, step: PlanStep): Uint8Array | undefined => {
  const holding = step.payload?.file?.holding;
  if (holding?.startsWith(SEALED_FILE) !== true) return undefined;
  const opened = hasSealed(place.store) ? openText(place, step, holding.slice(SEALED_FILE.length)) : undefined;
  if (opened !== undefined) return Buffer.from(opened.box);
  throw new GardeError([
    {
      code: 'SubjectForgotten',
      subject: step.key,
      message: 'The key under which this file was sealed is gone: its person was forgotten.',
      actions: ['Plan again: the person is no longer part of it.'],
    },
  ]);
};

const hasSealed = (store: EncryptedStore): boolean =>
  [...store.read("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'sealed'")].length > 0;

/** What there was before a step. Errors: PlanAltered, the vault's. */
export const openBefore = (place: SealedPlace, step: PlanStep): Opened<BeforeImage> => {
  if (step.before === undefined) return { state: 'none' };
  return hasSealed(place.store) ? openBox(place, step, step.before) : { state: 'forgotten' };
};

/** The sealed values that a step writes; `none` when it brings none. Errors: PlanAltered, the vault's. */
export const openValues = (place: SealedPlace, step: PlanStep): Opened<Values> => {
  const name = step.payload?.sealed;
  if (name === undefined) return { state: 'none' };
  if (!hasSealed(place.store)) return { state: 'forgotten' };
  const opened = openBox(place, step, name);
  return opened.state === 'open' ? { state: 'open', image: opened.image.values ?? {} } : opened;
};

/**
 * Steps as the executor carries them out: sealed values opened into `payload.values`. A step whose person was forgotten
 * stays as it is; the plan's guard refuses it before it is called.
 */
export const withOpenValues = (place: SealedPlace, step: PlanStep): PlanStep => {
  const opened = openValues(place, step);
  if (opened.state !== 'open') return step;
  const payload = Object.fromEntries(Object.entries(step.payload ?? {}).filter(([part]) => part !== 'sealed'));
  return { ...step, payload: { ...payload, values: { ...step.payload?.values, ...opened.image } } };
};

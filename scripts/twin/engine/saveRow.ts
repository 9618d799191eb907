import { TwinError, type FieldValue, type InputRow, type SaveOptions, type Session } from '../contract.ts';
import type { Access } from '../schema/definitions.ts';
import type { AutoNumbers } from './autoNumbers.ts';
import { fromBase64, type Blobs } from './blobs.ts';
import type { EngineContext } from './engineContext.ts';
import { isFileVersion, measureBytes, prepareVersion, publishVersion } from './fileRules.ts';
import { recordChanges, recordCreation } from './history.ts';
import { requireId } from './ids.ts';
import { crossReference, entityIsDeleted, noAccess, requiredMissing, RowProblem } from './problems.ts';
import { readInput, type ReadInput } from './readInput.ts';
import { compoundName } from './recordNames.ts';
import { requireTarget } from './references.ts';
import type { RollUps } from './rollUps.ts';
import { stamp, type StoredRow } from './rowStore.ts';
import { mayReach } from './sharing.ts';
import { requireUnique, requireUniqueTogether } from './uniqueness.ts';
import type { WritePlan } from './writePlan.ts';

/** One request's saving of rows of one object. */
export type Saving = {
  readonly context: EngineContext;
  readonly session: Session;
  readonly plan: WritePlan;
  readonly access: Access;
  readonly autoNumbers: AutoNumbers;
  readonly rollUps: RollUps;
  readonly blobs: Blobs;
};

type Values = Record<string, FieldValue>;

const requireFilled = (saving: Saving, values: Values, given: (name: string) => boolean): void => {
  const missing = saving.plan.required.filter((field) => given(field.name) && (values[field.name] ?? null) === null);
  if (missing.length > 0) throw requiredMissing(missing.map((field) => field.name));
};

const requireTargets = (saving: Saving, values: Values): void => {
  for (const field of saving.plan.references) {
    const id = values[field.name];
    if (typeof id !== 'string' || id === saving.session.userId) continue;
    requireTarget(saving.context, field, id);
  }
};

const derive = (saving: Saving, values: Values): void => {
  for (const rule of saving.plan.derived) {
    if (!(rule.from in values)) continue;
    const derived = rule.values[String(values[rule.from])] ?? rule.otherwise;
    for (const [name, value] of Object.entries(derived)) if (saving.plan.has(name)) values[name] = value;
  }
};

const audit = (saving: Saving, values: Values, writing: 'insert' | 'update'): void => {
  const { plan, session } = saving;
  const now = stamp(saving.context.clock.now());
  const set = (name: string, value: FieldValue): void => {
    if (plan.has(name)) values[name] = value;
  };
  if (writing === 'insert') {
    const createdById = values['CreatedById'] ?? session.userId;
    const createdDate = values['CreatedDate'] ?? now;
    set('CreatedById', createdById);
    set('CreatedDate', createdDate);
    set('LastModifiedById', values['LastModifiedById'] ?? createdById);
    set('LastModifiedDate', values['LastModifiedDate'] ?? createdDate);
  } else {
    set('LastModifiedById', session.userId);
    set('LastModifiedDate', now);
  }
  set('SystemModstamp', now);
};

const fillNew = (saving: Saving, values: Values): void => {
  const { plan, session, context } = saving;
  const formula = plan.formulaDefaults.find((field) => !(field.name in values));
  if (formula !== undefined) {
    const name = `${plan.object.name}.${formula.name}`;
    throw new RowProblem('NOT_EMULATED', `NOT_EMULATED: the default value formula of ${name}; give the field a value`, [
      formula.name,
    ]);
  }
  for (const [name, value] of plan.defaults) values[name] ??= value;
  if (plan.has('OwnerId')) values['OwnerId'] ??= session.userId;
  for (const field of plan.autoNumbers) values[field.name] = saving.autoNumbers(plan.object, field);
  if (plan.nameParts.length > 0) values['Name'] = compoundName(plan.nameParts, values);
  if (isFileVersion(context, plan.object.name)) prepareVersion(context, session, plan.object, values);
};

const writeBlobs = (saving: Saving, id: string, blobs: ReadInput['blobs']): void => {
  for (const [field, text] of Object.entries(blobs)) {
    const bytes = fromBase64(field, text ?? '');
    saving.blobs.write(id, field, bytes);
    measureBytes(saving.context, saving.plan.object, id, bytes);
  }
};

/** Inserts one row; answers its id. RowProblem when it may not be. */
export const insertRow = (saving: Saving, row: InputRow): string => {
  const { context, plan, session } = saving;
  const { values, blobs } = readInput({ ...saving, writing: 'insert' }, row);
  const given = Object.keys(values);
  requireFilled(saving, { ...Object.fromEntries(plan.defaults), ...values }, () => true);
  requireTargets(saving, values);
  fillNew(saving, values);
  derive(saving, values);
  audit(saving, values, 'insert');
  requireUnique(context, plan, values, '');
  requireUniqueTogether(context, plan, values, '');
  const id = context.store.newId(plan.object.name);
  if (plan.nameFallsBackToId) values['Name'] ??= id.slice(0, 15);
  values['Id'] = id;
  context.store.insertRaw(plan.object.name, values);
  context.journal.write({ object: plan.object.name, id, change: 'insert', cause: 'direct', fields: given });
  if (isFileVersion(context, plan.object.name)) publishVersion(context, { ...values });
  writeBlobs(saving, id, blobs);
  recordCreation(context, { userId: session.userId, object: plan.object, recordId: id });
  saving.rollUps.noteChild(plan.object.name, values);
  return id;
};

const currentRow = (saving: Saving, id: string, options: SaveOptions): StoredRow => {
  const { context, session, plan } = saving;
  const current = context.store.readRow(plan.object.name, id);
  if (current === undefined) throw crossReference();
  if (context.store.isDeleted(plan.object.name, id) === true) throw entityIsDeleted();
  if (!mayReach({ context, session, right: 'read' }, plan.object, id)) throw crossReference();
  if (!mayReach({ context, session, right: 'edit' }, plan.object, id)) throw noAccess();
  const modified = current['SystemModstamp'];
  if (options.ifUnmodifiedSince !== undefined && typeof modified === 'string' && modified > options.ifUnmodifiedSince) {
    throw new TwinError('PRECONDITION_FAILED', 'The record has been modified since the given date', { status: 412 });
  }
  return current;
};

/** The row id an update names, 18 characters. */
export const idOf = (row: InputRow): string => {
  const entry = Object.entries(row).find(([key]) => key.toLowerCase() === 'id');
  const id = entry?.[1];
  if (typeof id !== 'string' || id === '') {
    throw new RowProblem('MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']);
  }
  try {
    return requireId(id);
  } catch (error) {
    if (error instanceof TwinError) throw new RowProblem(error.errorCode, error.message, ['Id']);
    throw error;
  }
};

/** Changes one row; RowProblem when it may not be. */
export const updateRow = (saving: Saving, row: InputRow, options: SaveOptions): string => {
  const { context, plan, session } = saving;
  const id = idOf(row);
  if (context.registry.objectByKeyPrefix(id.slice(0, 3)) === undefined) throw crossReference();
  const current = currentRow(saving, id, options);
  const { values, blobs } = readInput({ ...saving, writing: 'update' }, row);
  requireFilled(saving, values, (name) => name in values);
  requireTargets(saving, values);
  if (plan.nameParts.some((part) => part in values)) {
    values['Name'] = compoundName(plan.nameParts, { ...current, ...values });
  }
  derive(saving, values);
  const changed = Object.keys(values).filter((name) => values[name] !== current[name]);
  audit(saving, values, 'update');
  requireUnique(context, plan, Object.fromEntries(changed.map((name) => [name, values[name] ?? null])), id);
  if (plan.uniqueTogether.length > 0) requireUniqueTogether(context, plan, { ...current, ...values }, id);
  context.store.updateRaw(plan.object.name, id, values);
  context.journal.write({ object: plan.object.name, id, change: 'update', cause: 'direct', fields: changed });
  writeBlobs(saving, id, blobs);
  recordChanges(context, { userId: session.userId, object: plan.object, recordId: id }, current, values);
  saving.rollUps.noteChild(plan.object.name, current);
  saving.rollUps.noteChild(plan.object.name, { ...current, ...values });
  return id;
};

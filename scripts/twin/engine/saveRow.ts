import { TwinError, type FieldValue, type InputRow } from '../contract.ts';
import { findingsOf, runDuplicateRules, type Candidate } from '../duplicates/duplicateRules.ts';
import { keepFinding } from '../duplicates/recordSets.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import type { DuplicateRuleDefinition } from '../schema/duplicateDefinitions.ts';
import { fromBase64 } from './blobs.ts';
import { chooseRows, insertFirstChildren, keepOnlyOnes } from './childRules.ts';
import { computeFields } from './computedFields.ts';
import { measureBytes, prepareVersion, publishVersion } from './fileRules.ts';
import { fillFormulaDefaults } from './formulaDefaults.ts';
import { requireNoCircle } from './hierarchies.ts';
import { recordChanges } from './history.ts';
import { toId18 } from './ids.ts';
import {
  carryToAccount,
  carryToContact,
  checkContactAccount,
  checkContactChange,
  insertPersonContact,
  prepareAccountChange,
  prepareNewAccount,
} from './personAccounts.ts';
import type { PersonPlan } from './plan.ts';
import { crossReference, entityIsDeleted, noAccess, RowProblem } from './problems.ts';
import type { ReadInput } from './readInput.ts';
import { compoundName, idLabel } from './recordNames.ts';
import type { StoredRow } from './rowStore.ts';
import { requireConsistent, requireFilled, requireTargets } from './saveChecks.ts';
import type { Saving } from './saving.ts';
import { mayReach } from './sharing.ts';
import { requireUnique, requireUniqueTogether } from './uniqueness.ts';
import { requireValid } from './validation.ts';

type Values = Record<string, FieldValue>;

const derive = (saving: Saving, values: Values, writing: 'insert' | 'update'): void => {
  for (const rule of saving.plan.derived) {
    if (!(rule.from in values) || (rule.on !== undefined && rule.on !== writing)) continue;
    const derived = rule.values[String(values[rule.from])] ?? rule.otherwise;
    for (const [name, value] of Object.entries(derived)) if (saving.plan.has(name)) values[name] = value;
  }
};

/** Set Audit Fields may have set the first four; the platform fills what it did not. */
const auditNew = ({ plan, session, now }: Saving, values: Values): void => {
  const { stamps } = plan;
  const createdById = values['CreatedById'] ?? session.userId;
  const createdDate = values['CreatedDate'] ?? now;
  if (stamps.createdById) values['CreatedById'] = createdById;
  if (stamps.createdDate) values['CreatedDate'] = createdDate;
  if (stamps.lastModifiedById) values['LastModifiedById'] ??= createdById;
  if (stamps.lastModifiedDate) values['LastModifiedDate'] ??= createdDate;
  if (stamps.systemModstamp) values['SystemModstamp'] = now;
};

const auditChange = ({ plan, session, now }: Saving, values: Values): void => {
  const { stamps } = plan;
  if (stamps.lastModifiedById) values['LastModifiedById'] = session.userId;
  if (stamps.lastModifiedDate) values['LastModifiedDate'] = now;
  if (stamps.systemModstamp) values['SystemModstamp'] = now;
};

const fillNew = (saving: Saving, values: Values): void => {
  const { plan, session } = saving;
  if (plan.formulaDefaults.length > 0) fillFormulaDefaults(saving, values);
  for (const [name, value] of plan.defaults) if (values[name] === undefined) values[name] = value;
  if (plan.hasOwner) values['OwnerId'] ??= session.userId;
  if (plan.defaultRecordType !== undefined) values['RecordTypeId'] ??= plan.defaultRecordType;
  if (plan.nameParts.length > 0) values['Name'] = compoundName(plan.nameParts, values);
};

const writeBlobs = (saving: Saving, id: string, blobs: ReadInput['blobs']): void => {
  if (blobs === undefined) return;
  for (const [field, text] of Object.entries(blobs)) {
    const bytes = fromBase64(field, text ?? '');
    saving.blobs.write(id, field, bytes);
    measureBytes(saving.context, saving.plan.object, id, bytes);
  }
};

const always = (): boolean => true;
const noRules: readonly DuplicateRuleDefinition[] = [];

const report = (candidate: Candidate, rules: readonly DuplicateRuleDefinition[]): void => {
  candidate.saving.saved.add(candidate.id);
  for (const finding of findingsOf(candidate, rules)) keepFinding(candidate.saving, candidate.id, finding);
};

/** Everything that may refuse a new row, in the platform's order; `person` tells a person account. */
const checkNew = (saving: Saving, input: ReadInput): { readonly person: boolean } => {
  const { context, plan, session } = saving;
  const { values } = input;
  const person = plan.person?.half === 'account' && prepareNewAccount(saving, plan.person, values);
  fillNew(saving, values);
  requireFilled(saving, values, true);
  requireTargets(saving, input.lookups, values);
  if (plan.person?.half === 'contact') checkContactAccount(saving, values);
  requireConsistent(saving, values, always);
  if (plan.isVersion) prepareVersion(context, session, plan.object, values);
  derive(saving, values, 'insert');
  chooseRows(saving, values);
  computeFields(saving, values);
  auditNew(saving, values);
  requireValid(saving, values);
  requireUnique(context, plan, values, '');
  requireUniqueTogether(context, plan, values, '');
  return { person };
};

/** The row itself; answers its id. */
const writeNew = (saving: Saving, { values, given }: ReadInput): string => {
  const { context, plan } = saving;
  for (const field of plan.autoNumbers) values[field.name] = saving.autoNumbers(plan.object, field);
  const id = context.store.newId(plan.object.name);
  if (plan.nameFallsBackToId) values['Name'] ??= id.slice(0, 15);
  values['Id'] = id;
  context.store.insertRaw(plan.object.name, values);
  context.journal.write({ object: plan.object.name, id, change: 'insert', cause: 'direct', fields: given });
  return id;
};

/** Inserts one row; answers its id. RowProblem when it may not be. */
export const insertRow = (saving: Saving, row: InputRow): string => {
  const { context, plan } = saving;
  const input = saving.readNew(row);
  const { values, blobs } = input;
  const { person } = checkNew(saving, input);
  const reporting = plan.findsDuplicates
    ? runDuplicateRules({ saving, row: values, id: '', changed: always })
    : noRules;
  const id = writeNew(saving, input);
  insertFirstChildren(saving, id, values);
  keepOnlyOnes(saving, id, values);
  if (person && plan.person !== undefined) insertPersonContact(saving, plan.person, id, values);
  if (plan.isVersion) publishVersion(context, { ...values });
  writeBlobs(saving, id, blobs);
  saving.rollUps.noteChild(plan.object.name, values);
  if (plan.findsDuplicates) report({ saving, row: values, id, changed: always }, reporting);
  if (plan.tracked.length > 0) saving.created.push(id);
  return id;
};

const currentRow = (saving: Saving, id: string): StoredRow => {
  const { context, session, plan, options } = saving;
  const current = context.store.readRow(plan.object.name, id);
  if (current === undefined) throw crossReference();
  if (current['IsDeleted'] === true || context.store.isDeleted(plan.object.name, id) === true) throw entityIsDeleted();
  if (!mayReach({ context, session, right: 'read' }, plan.object, id)) throw crossReference();
  if (!mayReach({ context, session, right: 'edit' }, plan.object, id)) throw noAccess();
  const modified = current['SystemModstamp'];
  if (options.ifUnmodifiedSince !== undefined && typeof modified === 'string' && modified > options.ifUnmodifiedSince) {
    throw new TwinError('PRECONDITION_FAILED', 'The record has been modified since the given date', { status: 412 });
  }
  return current;
};

/** The row id an update names, 18 characters. */
export const idOf = (row: InputRow, object: ObjectDefinition): string => {
  const id = row['Id'] ?? Object.entries(row).find(([key]) => key.toLowerCase() === 'id')?.[1];
  if (typeof id !== 'string' || id === '') {
    throw new RowProblem('MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']);
  }
  const known = toId18(id);
  if (known !== undefined) return known;
  throw new RowProblem('MALFORMED_ID', `${idLabel(object)} ID: id value of incorrect type: ${id}`, ['Id']);
};

const changedNames = (values: Values, current: StoredRow): readonly string[] =>
  Object.keys(values).filter((name) => values[name] !== current[name]);

/** What nobody can write is no change of its own: it follows from another field of the same row, as formulas do. */
const told = ({ plan }: Saving, changed: readonly string[]): readonly string[] =>
  plan.computed.length === 0
    ? changed
    : changed.filter((name) => !plan.computed.some(({ field }) => field.name === name && !field.updateable));

const carryOver = (saving: Saving, plan: PersonPlan, current: StoredRow, values: Values): void => {
  if (plan.half === 'account') carryToContact(saving, plan, current, values);
  else carryToAccount(saving, plan, current, values);
};

const checkChange = (saving: Saving, input: ReadInput, current: StoredRow): void => {
  const { plan } = saving;
  const { values } = input;
  if (plan.person?.half === 'account') prepareAccountChange(saving, plan.person, values, current);
  if (plan.person?.half === 'contact') {
    checkContactChange(values, current);
    checkContactAccount(saving, values, current);
  }
  requireFilled(saving, values, false);
  // A lookup written back as it was is not looked at again.
  requireTargets(
    saving,
    input.lookups.filter((field) => values[field.name] !== current[field.name]),
    values,
  );
  requireNoCircle(saving, values, current);
  if (plan.nameParts.some((part) => part in values)) {
    values['Name'] = compoundName(plan.nameParts, { ...current, ...values });
  }
  const after = { ...current, ...values };
  requireConsistent(saving, after, (name) => name in values && values[name] !== current[name]);
};

/** Changes one row; RowProblem when it may not be. */
export const updateRow = (saving: Saving, row: InputRow): string => {
  const { context, plan, session } = saving;
  const id = idOf(row, plan.object);
  if (context.registry.objectByKeyPrefix(id.slice(0, 3)) === undefined) throw crossReference();
  const current = currentRow(saving, id);
  const input = saving.readChange(row);
  const { values, blobs } = input;
  checkChange(saving, input, current);
  derive(saving, values, 'update');
  chooseRows(saving, values, current);
  computeFields(saving, values, current);
  const changed = changedNames(values, current);
  auditChange(saving, values);
  const after = { ...current, ...values };
  const candidate: Candidate = { saving, row: after, id, changed: (field) => changed.includes(field) };
  requireValid(saving, after, current);
  if (plan.unique.length > 0) {
    requireUnique(context, plan, Object.fromEntries(changed.map((name) => [name, values[name] ?? null])), id);
  }
  requireUniqueTogether(context, plan, after, id);
  const reporting = plan.findsDuplicates ? runDuplicateRules(candidate) : noRules;
  context.store.updateRaw(plan.object.name, id, values);
  keepOnlyOnes(saving, id, after);
  if (plan.person !== undefined) carryOver(saving, plan.person, current, values);
  context.journal.write({
    object: plan.object.name,
    id,
    change: 'update',
    cause: 'direct',
    fields: told(saving, changed),
  });
  writeBlobs(saving, id, blobs);
  if (plan.tracked.length > 0) {
    recordChanges(context, { userId: session.userId, plan, recordId: id, now: saving.now }, current, values);
  }
  saving.rollUps.noteChild(plan.object.name, current);
  saving.rollUps.noteChild(plan.object.name, after);
  if (plan.findsDuplicates) report(candidate, reporting);
  return id;
};

import type { FieldValue } from '../contract.ts';
import type { ObjectDefinition } from '../schema/definitions.ts';
import { personRules } from '../schema/personAccounts.ts';
import type { PersonPlan } from './plan.ts';
import type { EngineContext } from './engineContext.ts';
import { noAccess, notEmulatedRow, requiredMissing, RowProblem } from './problems.ts';
import { compoundName } from './recordNames.ts';
import type { StoredRow } from './rowStore.ts';
import type { Saving } from './saving.ts';
import { requireUnique } from './uniqueness.ts';

type Values = Record<string, FieldValue>;

/** The object's part in person accounts; undefined when it has none or the org has none. */
export const personPlan = (context: EngineContext, object: ObjectDefinition): PersonPlan | undefined => {
  const account = context.registry.object(personRules.account);
  const contact = context.registry.object(personRules.contact);
  if (account === undefined || contact === undefined || (object !== account && object !== contact)) return undefined;
  if (!account.fields.some((field) => field.name === personRules.is)) return undefined;
  const stored = new Set(contact.fields.filter((field) => field.formula === undefined).map((field) => field.name));
  const mirrors = account.fields.flatMap((field) =>
    field.mirrors === undefined || field.type === 'address' || field.formula !== undefined
      ? []
      : [{ account: field.name, contact: field.mirrors.field }],
  );
  const has = (fields: ObjectDefinition['fields'], name: string): boolean =>
    fields.some((field) => field.name === name);
  const shared = personRules.shared
    .filter((name) => has(account.fields, name) && has(contact.fields, name))
    .map((name) => ({ account: name, contact: name }));
  return {
    half: object === account ? 'account' : 'contact',
    other: object === account ? contact : account,
    pairs: [...mirrors, ...shared].filter((pair) => stored.has(pair.contact)),
    // A salutation is no part of Name.
    nameParts: personRules.nameParts.filter((part) => part !== 'Salutation' && has(account.fields, part)),
  };
};

const isPersonType = (saving: Saving, id: FieldValue | undefined): boolean => {
  if (typeof id !== 'string') return false;
  const type = (saving.plan.object.recordTypes ?? []).find((one) => one.id === id);
  if (type?.person === true) return true;
  const { registry, store } = saving.context;
  return registry.object('RecordType') !== undefined && store.readRow('RecordType', id)?.['IsPersonType'] === true;
};

/** As recorded: one error for each field, `Account: bad field names on insert/update call: Name`. */
const badFields = (saving: Saving, names: readonly string[]): RowProblem => {
  const [first = '', ...more] = names;
  const message = (name: string): string =>
    `${saving.plan.object.name}: bad field names on insert/update call: ${name}`;
  const code = 'INVALID_FIELD_FOR_INSERT_UPDATE';
  return new RowProblem(
    code,
    message(first),
    [first],
    more.map((name) => ({ statusCode: code, message: message(name), fields: [name] })),
  );
};

/** A person has no Name of its own to write, a business none of the person's fields. */
const refuseForeign = (saving: Saving, plan: PersonPlan, values: Values, person: boolean): void => {
  const shared = new Set(personRules.shared);
  const own = new Set(plan.pairs.map((pair) => pair.account).filter((name) => !shared.has(name)));
  const bad = Object.keys(values).filter((name) => {
    if (person) return name === 'Name';
    return own.has(name) && values[name] !== null && values[name] !== false;
  });
  if (bad.length > 0) throw badFields(saving, bad);
};

const personTypeId = (saving: Saving): string | undefined =>
  (saving.plan.object.recordTypes ?? []).find((type) => type.person === true && type.active)?.id;

/**
 * Decides what a new account is: a person when its record type is one for persons, or when it has none and a last name.
 * Fills Name and the flags. Source: config/twin/person-accounts.json
 */
export const prepareNewAccount = (saving: Saving, plan: PersonPlan, values: Values): boolean => {
  const given = values['RecordTypeId'];
  const named = (values[personRules.requiredName] ?? null) !== null;
  const person = typeof given === 'string' ? isPersonType(saving, given) : named;
  refuseForeign(saving, plan, values, person);
  if (!person) {
    if ((values['Name'] ?? null) === null) throw requiredMissing(['Name']);
    return false;
  }
  if (!named) throw requiredMissing([personRules.requiredName]);
  values['RecordTypeId'] ??= personTypeId(saving) ?? null;
  values['Name'] = compoundName(plan.nameParts, values);
  values[personRules.is] = true;
  return true;
};

const contactValues = (plan: PersonPlan, account: Values, only: (name: string) => boolean): Values => {
  const values: Values = {};
  for (const pair of plan.pairs) {
    const value = account[pair.account];
    if (value !== undefined && only(pair.account)) values[pair.contact] = value;
  }
  return values;
};

/** Who made a row and when, of those that say so. */
export const auditOf = (values: Readonly<Values>): Values =>
  Object.fromEntries(
    ['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate', 'SystemModstamp'].flatMap((name) =>
      values[name] === undefined ? [] : [[name, values[name]]],
    ),
  );

/** Writes the person contact of a new person account and points the account at it. */
export const insertPersonContact = (saving: Saving, plan: PersonPlan, accountId: string, account: Values): void => {
  const { context, plans } = saving;
  const { is, other, link } = personRules;
  const values = contactValues(plan, account, () => true);
  requireUnique(context, plans(plan.other), values, '');
  Object.assign(values, auditOf(account), { Name: account['Name'] ?? null, [link]: accountId, [is]: true });
  const id = context.store.insertRaw(plan.other.name, values);
  const fields = Object.keys(values);
  context.journal.write({ object: plan.other.name, id, change: 'insert', cause: 'direct', fields });
  context.store.updateRaw(saving.plan.object.name, accountId, { [other]: id });
  saving.rollUps.noteChild(plan.other.name, values);
};

/** Checks a change of an account and derives its Name; a change from one family of record types to the other is refused. */
export const prepareAccountChange = (saving: Saving, plan: PersonPlan, values: Values, current: StoredRow): void => {
  const person = current[personRules.is] === true;
  if ('RecordTypeId' in values && isPersonType(saving, values['RecordTypeId']) !== person) {
    throw notEmulatedRow('changing an account between business and person record types');
  }
  refuseForeign(saving, plan, values, person);
  if (!person) {
    if ('Name' in values && values['Name'] === null) throw requiredMissing(['Name']);
    return;
  }
  if (values[personRules.requiredName] === null) throw requiredMissing([personRules.requiredName]);
  if (plan.nameParts.some((part) => part in values)) {
    values['Name'] = compoundName(plan.nameParts, { ...current, ...values });
  }
};

type Halves = { readonly id: string; readonly values: Values };

const writeOther = (saving: Saving, object: ObjectDefinition, { id, values }: Halves): void => {
  const { context, session, now } = saving;
  const fields = Object.keys(values);
  requireUnique(context, saving.plans(object), values, id);
  const stamps = { LastModifiedById: session.userId, LastModifiedDate: now, SystemModstamp: now };
  context.store.updateRaw(object.name, id, { ...values, ...stamps });
  if (fields.length > 0) context.journal.write({ object: object.name, id, change: 'update', cause: 'direct', fields });
};

/** Carries a change of a person account over to its contact; both are modified at the same instant. */
export const carryToContact = (saving: Saving, plan: PersonPlan, current: StoredRow, values: Values): void => {
  const id = current[personRules.other];
  if (current[personRules.is] !== true || typeof id !== 'string') return;
  const carried = contactValues(plan, values, () => true);
  if (values['Name'] !== undefined) carried['Name'] = values['Name'];
  writeOther(saving, plan.other, { id, values: carried });
};

/** A person contact keeps its account and record type: those are changed through the account. */
export const checkContactChange = (values: Values, current: StoredRow): void => {
  if (current[personRules.is] !== true) return;
  const fixed = personRules.fixedOnContact.some((name) => name in values && values[name] !== current[name]);
  if (fixed) throw noAccess();
};

/** Other contacts cannot belong to a person account (wording inferred). */
export const checkContactAccount = (saving: Saving, values: Values, current?: StoredRow): void => {
  const accountId = values[personRules.link];
  if (typeof accountId !== 'string' || current?.[personRules.is] === true) return;
  if (saving.context.store.readRow(personRules.account, accountId)?.[personRules.is] !== true) return;
  throw new RowProblem('FIELD_INTEGRITY_EXCEPTION', 'A person account cannot have other contacts', [personRules.link]);
};

/** Carries a change of a person contact over to its account. */
export const carryToAccount = (saving: Saving, plan: PersonPlan, current: StoredRow, values: Values): void => {
  const id = current[personRules.link];
  if (current[personRules.is] !== true || typeof id !== 'string') return;
  const carried: Values = {};
  for (const pair of plan.pairs) {
    const value = values[pair.contact];
    if (value !== undefined) carried[pair.account] = value;
  }
  if (values['Name'] !== undefined) carried['Name'] = values['Name'];
  writeOther(saving, plan.other, { id, values: carried });
};

import { TwinError } from '../contract.ts';
import type { DataEngine, RowResult, Session } from '../contract.ts';
import { isObject } from '../http/exchange.ts';
import { inputRow } from '../rest/input.ts';
import { onlyResult } from '../rest/shape.ts';
import { connectionSoql, shapeNode } from './connection.ts';
import type { Resolver } from './connection.ts';
import { undefinedField } from './document.ts';
import { GraphQLProblem } from './problem.ts';
import type { Selection } from './document.ts';
import type { ObjectInfo } from './objects.ts';

type Verb = 'Create' | 'Update' | 'Delete';

export type Mutations = { readonly engine: DataEngine; readonly session: Session; readonly resolver: Resolver };

type Call = {
  readonly selection: Selection;
  readonly object: ObjectInfo;
  readonly verb: Verb;
  readonly ids: ReadonlyMap<string, string>;
};

const OPTIONS = { allOrNone: true } as const;

const chained = (value: unknown, ids: ReadonlyMap<string, string>): unknown => {
  if (typeof value !== 'string') return value;
  const alias = /^@\{(\w+)\}$/.exec(value)?.[1];
  if (alias === undefined) return value;
  const id = ids.get(alias);
  if (id === undefined)
    throw new GraphQLProblem(`Invalid reference: ${alias} is no earlier create or delete of this request.`);
  return id;
};

const inputOf = ({ selection }: Call): Readonly<Record<string, unknown>> => {
  const { input } = selection.args;
  if (!isObject(input))
    throw new GraphQLProblem(`Validation error of type MissingFieldArgument: Missing field argument input`, {
      location: selection.location,
    });
  return input;
};

const fieldsOf = (call: Call): Readonly<Record<string, unknown>> => {
  const fields = inputOf(call)[call.object.name];
  if (!isObject(fields))
    throw new GraphQLProblem(`The input needs the fields under ${call.object.name}.`, {
      location: call.selection.location,
    });
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, chained(value, call.ids)]));
};

const idOf = (call: Call): string => {
  const id = chained(inputOf(call)['Id'], call.ids);
  if (typeof id !== 'string') throw new GraphQLProblem('The input needs an Id.', { location: call.selection.location });
  return id;
};

const write = (call: Call, { engine, session }: Mutations): RowResult => {
  if (call.verb === 'Delete') return onlyResult(engine.delete(session, [idOf(call)], OPTIONS));
  const row = inputRow(fieldsOf(call), call.verb === 'Update' ? ['Id'] : []);
  if (call.verb === 'Create') return onlyResult(engine.insert(session, call.object.name, [row], OPTIONS));
  return onlyResult(engine.update(session, call.object.name, [{ ...row, Id: idOf(call) }], OPTIONS));
};

const recordAnswer = (part: Selection, id: string, call: Call, { resolver }: Mutations): unknown => {
  const node: Selection = { ...part, name: 'node', key: 'node' };
  const connection: Selection = {
    ...part,
    args: {},
    selections: [{ ...part, name: 'edges', key: 'edges', selections: [node] }],
  };
  const soql = `${connectionSoql(connection, call.object, resolver, { path: ['uiapi', call.selection.key], from: call.object.name })} WHERE Id = '${id}'`;
  for (const row of resolver.run(soql).rows) return shapeNode(part.selections, row, call.object, resolver);
  return null;
};

const perform = (
  call: Call,
  mutations: Mutations,
): { readonly id: string; readonly answer: Readonly<Record<string, unknown>> } => {
  const result = write(call, mutations);
  const [error] = result.errors;
  if (!result.success || result.id === null) {
    throw new GraphQLProblem(error?.message ?? 'The record was not saved.', {
      location: call.selection.location,
      path: ['uiapi', call.selection.key],
      errorType: error?.statusCode ?? 'UNKNOWN_EXCEPTION',
    });
  }
  const { id } = result;
  const answer = Object.fromEntries(
    call.selection.selections.map((part): [string, unknown] => {
      if (part.name === 'Record' && call.verb !== 'Delete') return [part.key, recordAnswer(part, id, call, mutations)];
      if (part.name === 'success') return [part.key, true];
      if (part.name === 'Id' && call.verb === 'Delete') return [part.key, id];
      throw undefinedField(part, `${call.object.name}${call.verb}Payload`, ['uiapi', call.selection.key]);
    }),
  );
  return { id, answer };
};

const callOf = (selection: Selection, mutations: Mutations, ids: ReadonlyMap<string, string>): Call => {
  const [, name, verb] = /^(\w+?)(Create|Update|Delete)$/.exec(selection.name) ?? [];
  if (name === undefined || verb === undefined) throw undefinedField(selection, 'UIAPIMutations', ['uiapi']);
  return { selection, object: mutations.resolver.objects(name), verb: verb as Verb, ids };
};

export type MutationAnswer = {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly problems: readonly GraphQLProblem[];
};

const problemOf = (error: unknown, selection: Selection): GraphQLProblem => {
  if (error instanceof GraphQLProblem) return error;
  if (!(error instanceof TwinError)) throw error;
  return new GraphQLProblem(error.message, {
    location: selection.location,
    path: ['uiapi', selection.key],
    errorType: error.errorCode,
  });
};

const eachAlone = (selections: readonly Selection[], mutations: Mutations): MutationAnswer => {
  const ids = new Map<string, string>();
  const data: Record<string, unknown> = {};
  const problems: GraphQLProblem[] = [];
  for (const selection of selections) {
    try {
      const { id, answer } = mutations.engine.transaction(() => perform(callOf(selection, mutations, ids), mutations));
      ids.set(selection.key, id);
      data[selection.key] = answer;
    } catch (error) {
      problems.push(problemOf(error, selection));
      data[selection.key] = null;
    }
  }
  return { data, problems };
};

const allTogether = (selections: readonly Selection[], mutations: Mutations): MutationAnswer => {
  let current = selections[0];
  try {
    const data = mutations.engine.transaction(() => {
      const ids = new Map<string, string>();
      return Object.fromEntries(
        selections.map((selection): [string, unknown] => {
          current = selection;
          const { id, answer } = perform(callOf(selection, mutations, ids), mutations);
          ids.set(selection.key, id);
          return [selection.key, answer];
        }),
      );
    });
    return { data, problems: [] };
  } catch (error) {
    if (current === undefined) throw error;
    return { data: null, problems: [problemOf(error, current)] };
  }
};

/** `uiapi(input: {allOrNone}) { XCreate XUpdate XDelete }`: together unless allOrNone is false. */
export const mutate = (uiapi: Selection, mutations: Mutations): MutationAnswer => {
  const { input } = uiapi.args;
  const alone = isObject(input) && input['allOrNone'] === false;
  return alone ? eachAlone(uiapi.selections, mutations) : allTogether(uiapi.selections, mutations);
};

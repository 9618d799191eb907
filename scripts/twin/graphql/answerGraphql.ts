import { TwinError } from '../contract.ts';
import type { QueryRow, Session } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject, json, objectBody, signedIn } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { aggregate } from './aggregate.ts';
import { connectionSoql, firstOf, positionOf, shapeConnection } from './connection.ts';
import type { Resolver } from './connection.ts';
import { readOperation, undefinedField } from './document.ts';
import { GraphQLProblem } from './problem.ts';
import type { Operation, Selection } from './document.ts';
import { mutate } from './mutation.ts';
import type { MutationAnswer } from './mutation.ts';
import { visibleObjects } from './objects.ts';

const text = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

const resolverFor = (context: TwinContext, session: Session): Resolver => {
  const { engine } = context.org;
  const user = engine.retrieve(session, 'User', session.userId);
  return {
    objects: visibleObjects(engine, session),
    formats: {
      locale: text(user['LocaleSidKey'], 'en_US').replaceAll('_', '-'),
      timeZone: text(user['TimeZoneSidKey'], 'Europe/Paris'),
    },
    run: (soql) => engine.query(session, soql, { includeDeleted: false }),
  };
};

/** Rows `offset` to `offset + count`, without shaping those before for the answer. */
const slice = (rows: Iterable<QueryRow>, offset: number, count: number): readonly QueryRow[] => {
  const taken: QueryRow[] = [];
  let position = 0;
  for (const row of rows) {
    position += 1;
    if (position <= offset) continue;
    taken.push(row);
    if (taken.length === count) break;
  }
  return taken;
};

const connection = (selection: Selection, resolver: Resolver): Readonly<Record<string, unknown>> => {
  const object = resolver.objects(selection.name);
  const offset = positionOf(selection.args['after']);
  const soql = connectionSoql(selection, object, resolver, {
    path: ['uiapi', 'query', selection.key],
    from: object.name,
  });
  const { totalSize, rows } = resolver.run(soql);
  const page = slice(rows, offset, firstOf(selection) + 1);
  return shapeConnection(selection, { rows: page, offset, totalCount: totalSize }, object, resolver);
};

const each = (
  selections: readonly Selection[],
  resolve: (selection: Selection) => unknown,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(selections.map((selection) => [selection.key, resolve(selection)]));

const queryData = (operation: Operation, resolver: Resolver): Readonly<Record<string, unknown>> =>
  each(operation.selections, (top) => {
    if (top.name !== 'uiapi') throw undefinedField(top, 'Query', []);
    return each(top.selections, (part) => {
      if (part.name === 'query') return each(part.selections, (selection) => connection(selection, resolver));
      if (part.name === 'aggregate') return each(part.selections, (selection) => aggregate(selection, resolver));
      if (['objectInfos', 'currentUser', 'relatedListByName'].includes(part.name))
        throw new GraphQLProblem(`NOT_EMULATED: uiapi.${part.name}`);
      throw undefinedField(part, 'UIAPI', ['uiapi']);
    });
  });

const answerOf = (operation: Operation, context: TwinContext, session: Session): MutationAnswer => {
  const resolver = resolverFor(context, session);
  if (operation.kind === 'query') return { data: queryData(operation, resolver), problems: [] };
  if (operation.kind === 'subscription') throw new GraphQLProblem('NOT_EMULATED: subscriptions');
  const [top] = operation.selections;
  if (top?.name !== 'uiapi') throw new GraphQLProblem('A mutation starts with uiapi.');
  const { data, problems } = mutate(top, { engine: context.org.engine, session, resolver });
  return { data: data === null ? null : { [top.key]: data }, problems };
};

const errorOf = (problem: GraphQLProblem): Readonly<Record<string, unknown>> => ({
  message: problem.message,
  ...(problem.location === undefined ? {} : { locations: [problem.location] }),
  ...(problem.path.length === 0 ? {} : { path: problem.path }),
  extensions: { ErrorType: problem.errorType },
});

const run = (exchange: Exchange, context: TwinContext): MutationAnswer => {
  const { query, variables, operationName } = objectBody(exchange);
  if (typeof query !== 'string') throw new TwinError('INVALID_INPUT', 'The query is missing.');
  try {
    const operation = readOperation(
      query,
      isObject(variables) ? variables : {},
      typeof operationName === 'string' ? operationName : undefined,
    );
    return answerOf(operation, context, signedIn(exchange));
  } catch (error) {
    if (error instanceof GraphQLProblem) return { data: null, problems: [error] };
    if (!(error instanceof TwinError) || error.status >= 500) throw error;
    return { data: null, problems: [new GraphQLProblem(error.message, { errorType: error.errorCode })] };
  }
};

/** Answers one GraphQL request; problems are in the answer, as the platform has them. */
export const answerGraphql = (exchange: Exchange, context: TwinContext): Answer => {
  const { data, problems } = run(exchange, context);
  return json({ data, errors: problems.map(errorOf) });
};

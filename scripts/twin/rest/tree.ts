import { TwinError } from '../contract.ts';
import type { InputRow, RowError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject, json, objectBody, signedIn } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { inputRow, saveOptions, typeOf } from './input.ts';
import { objectParam } from './objects.ts';

const RECORDS_PER_TREE = 200;
const LEVELS = 5;

type Node = {
  readonly referenceId: string;
  readonly object: string;
  readonly row: InputRow;
  readonly children: readonly { readonly relationship: string; readonly nodes: readonly Node[] }[];
};

type Saved = { readonly referenceId: string; readonly id: string };
type Problem = { readonly referenceId: string; readonly errors: readonly RowError[] };

class TreeRefused extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super('TREE_REFUSED');
    this.problems = problems;
  }
}

const isChildList = (value: unknown): value is { readonly records: readonly unknown[] } =>
  isObject(value) && Array.isArray(value['records']);

const nodeOf = (given: unknown, level: number): Node => {
  if (!isObject(given)) throw new TwinError('JSON_PARSER_ERROR', 'Every record must be a JSON object.');
  if (level > LEVELS) throw new TwinError('INVALID_INPUT', `A tree has at most ${LEVELS} levels.`);
  const attributes = given['attributes'];
  const referenceId = isObject(attributes) ? attributes['referenceId'] : undefined;
  if (typeof referenceId !== 'string')
    throw new TwinError('INVALID_INPUT', 'Include a reference ID: attributes.referenceId');
  const lists = Object.entries(given).filter(([, value]) => isChildList(value));
  return {
    referenceId,
    object: typeOf(given),
    row: inputRow(
      given,
      lists.map(([name]) => name),
    ),
    children: lists.map(([relationship, value]) => ({
      relationship,
      nodes: (value as { records: readonly unknown[] }).records.map((child) => nodeOf(child, level + 1)),
    })),
  };
};

/** Items of the same key together, in the order of their first. */
const groups = <T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] => {
  const byKey = new Map<string, T[]>();
  for (const item of items) byKey.set(keyOf(item), [...(byKey.get(keyOf(item)) ?? []), item]);
  return [...byKey.values()];
};

const flatten = (nodes: readonly Node[]): readonly Node[] =>
  nodes.flatMap((node) => [node, ...node.children.flatMap((child) => flatten(child.nodes))]);

const duplicate: RowError = {
  statusCode: 'INVALID_INPUT',
  message: 'Duplicate ReferenceId provided in the request.',
  fields: [],
};

const checkTree = (nodes: readonly Node[]): void => {
  const all = flatten(nodes);
  if (all.length > RECORDS_PER_TREE)
    throw new TwinError('INVALID_INPUT', `A tree has at most ${RECORDS_PER_TREE} records.`);
  const twice = groups(all, ({ referenceId }) => referenceId).filter((same) => same.length > 1);
  if (twice.length > 0)
    throw new TreeRefused(twice.flat().map(({ referenceId }) => ({ referenceId, errors: [duplicate] })));
};

/** The child's lookup behind a relationship of its parent, from describe. */
const parentField = (exchange: Exchange, context: TwinContext, parent: string, relationship: string): string => {
  const relationships = context.org.engine.describe(signedIn(exchange), parent)['childRelationships'];
  const found = (Array.isArray(relationships) ? relationships : []).find(
    (candidate: unknown) =>
      isObject(candidate) && String(candidate['relationshipName']).toLowerCase() === relationship.toLowerCase(),
  ) as { readonly field: string } | undefined;
  if (found === undefined) throw new TwinError('INVALID_FIELD', `No such relationship '${relationship}' on ${parent}`);
  return found.field;
};

/** A record that waits to be saved, with its lookup to the parent that was saved before it. */
type Waiting = { readonly node: Node; readonly link: InputRow };

const childrenOf = (exchange: Exchange, context: TwinContext, { object, children }: Node, id: string): Waiting[] =>
  children.flatMap(({ relationship, nodes }) => {
    const field = parentField(exchange, context, object, relationship);
    return nodes.map((node) => ({ node, link: { [field]: id } }));
  });

/** One level, its objects one after the other; all that fails in one of them is told together. */
const saveLevel = (exchange: Exchange, context: TwinContext, level: readonly Waiting[]): readonly Saved[] =>
  groups(level, ({ node }) => node.object.toLowerCase()).flatMap((group) => {
    const results = context.org.engine.insert(
      signedIn(exchange),
      group[0]?.node.object ?? '',
      group.map(({ node, link }) => ({ ...node.row, ...link })),
      saveOptions(exchange, false),
    );
    const problems = results.flatMap(({ success, errors }, index) =>
      success ? [] : [{ referenceId: group[index]?.node.referenceId ?? '', errors }],
    );
    if (problems.length > 0) throw new TreeRefused(problems);
    return results.map(({ id }, index) => ({ referenceId: group[index]?.node.referenceId ?? '', id: id ?? '' }));
  });

/** Level by level, as the platform saves and answers them. */
const saveTree = (exchange: Exchange, context: TwinContext, nodes: readonly Node[]): readonly Saved[] => {
  const all: Saved[] = [];
  let level: readonly Waiting[] = nodes.map((node) => ({ node, link: {} }));
  while (level.length > 0) {
    const saved = saveLevel(exchange, context, level);
    all.push(...saved);
    const ids = new Map(saved.map(({ referenceId, id }) => [referenceId, id]));
    level = level.flatMap(({ node }) => childrenOf(exchange, context, node, ids.get(node.referenceId) ?? ''));
  }
  return all;
};

const tree: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const { records } = objectBody(exchange);
  if (!Array.isArray(records)) throw new TwinError('INVALID_INPUT', 'The records list is missing.');
  const nodes = records.map((record) => nodeOf(record, 1));
  if (nodes.some((node) => node.object.toLowerCase() !== object.toLowerCase())) {
    throw new TwinError('INVALID_INPUT', `All root records must be of type ${object}.`);
  }
  try {
    checkTree(nodes);
    const saved = context.org.engine.transaction(() => saveTree(exchange, context, nodes));
    return json({ hasErrors: false, results: saved }, 201);
  } catch (error) {
    if (!(error instanceof TreeRefused)) throw error;
    return json({ hasErrors: true, results: error.problems }, 400);
  }
};

export const treeRoutes: readonly Route[] = [
  {
    name: 'create tree',
    method: 'POST',
    path: '/services/data/:version/composite/tree/:object',
    auth: 'bearer',
    body: 'json',
    composable: true,
    handle: tree,
  },
];

import { TwinError } from '../contract.ts';
import type { InputRow, RowError } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { isObject, json, objectBody, signedIn } from '../http/exchange.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { inputRow, saveOptions, typeOf } from './input.ts';
import { objectParam } from './objects.ts';
import { onlyResult } from './shape.ts';

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
  readonly problem: Problem;
  constructor(problem: Problem) {
    super('TREE_REFUSED');
    this.problem = problem;
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

const flatten = (nodes: readonly Node[]): readonly Node[] =>
  nodes.flatMap((node) => [node, ...node.children.flatMap((child) => flatten(child.nodes))]);

const checkTree = (nodes: readonly Node[]): void => {
  const all = flatten(nodes);
  if (all.length > RECORDS_PER_TREE)
    throw new TwinError('INVALID_INPUT', `A tree has at most ${RECORDS_PER_TREE} records.`);
  const seen = new Set<string>();
  for (const { referenceId } of all) {
    if (seen.has(referenceId)) throw new TwinError('INVALID_INPUT', `Duplicate reference ID: ${referenceId}`);
    seen.add(referenceId);
  }
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

const saveTree = (exchange: Exchange, context: TwinContext, nodes: readonly Node[], link: InputRow): readonly Saved[] =>
  nodes.flatMap((node) => {
    const row = { ...node.row, ...link };
    const result = onlyResult(
      context.org.engine.insert(signedIn(exchange), node.object, [row], saveOptions(exchange, true)),
    );
    if (result.id === null) throw new TreeRefused({ referenceId: node.referenceId, errors: result.errors });
    const { id } = result;
    const below = node.children.flatMap(({ relationship, nodes: children }) =>
      saveTree(exchange, context, children, { [parentField(exchange, context, node.object, relationship)]: id }),
    );
    return [{ referenceId: node.referenceId, id }, ...below];
  });

const tree: Route['handle'] = (exchange, context) => {
  const object = objectParam(exchange, context);
  const { records } = objectBody(exchange);
  if (!Array.isArray(records)) throw new TwinError('INVALID_INPUT', 'The records list is missing.');
  const nodes = records.map((record) => nodeOf(record, 1));
  checkTree(nodes);
  if (nodes.some((node) => node.object.toLowerCase() !== object.toLowerCase())) {
    throw new TwinError('INVALID_INPUT', `All root records must be of type ${object}.`);
  }
  try {
    const saved = context.org.engine.transaction(() => saveTree(exchange, context, nodes, {}));
    return json({ hasErrors: false, results: saved }, 201);
  } catch (error) {
    if (!(error instanceof TreeRefused)) throw error;
    return json({ hasErrors: true, results: [error.problem] }, 400);
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

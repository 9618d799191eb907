import { Kind, parse, valueFromASTUntyped } from 'graphql';
import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { GraphQLProblem } from './problem.ts';

/** One selected field: aliases, arguments and directives resolved, fragments folded in. */
export type Selection = {
  readonly name: string;
  /** The name in the answer. */
  readonly key: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly selections: readonly Selection[];
  /** `... on User`: only rows of this object. */
  readonly typeCondition: string | undefined;
  /** `@optional`: left out when the user cannot see it. */
  readonly optional: boolean;
  readonly location: { readonly line: number; readonly column: number };
};

export type Operation = {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly selections: readonly Selection[];
};

type Variables = Readonly<Record<string, unknown>>;

const DEPTH = 20;

const isOn = (directives: readonly DirectiveNode[] | undefined, variables: Variables): boolean =>
  (directives ?? []).every(({ name, arguments: args }) => {
    const given = args?.find((argument) => argument.name.value === 'if');
    const value = given === undefined ? undefined : valueFromASTUntyped(given.value, { ...variables });
    return !(name.value === 'include' && value === false) && !(name.value === 'skip' && value === true);
  });

type Reader = {
  readonly variables: Variables;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly depth: number;
};

const selectionOf = (node: FieldNode, reader: Reader, condition: string | undefined): Selection => ({
  name: node.name.value,
  key: node.alias?.value ?? node.name.value,
  args: Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, { ...reader.variables })]),
  ),
  selections: fieldsOf(node.selectionSet, reader),
  typeCondition: condition,
  optional: node.directives?.some(({ name }) => name.value === 'optional') ?? false,
  location: { line: node.loc?.startToken.line ?? 1, column: node.loc?.startToken.column ?? 1 },
});

const spread = (name: string, reader: Reader): readonly Selection[] => {
  const fragment = reader.fragments.get(name);
  if (fragment === undefined) {
    throw new GraphQLProblem(`Validation error of type UndefinedFragment: Undefined fragment ${name}`);
  }
  return fieldsOf(fragment.selectionSet, reader, fragment.typeCondition.name.value);
};

const fieldsOf = (set: SelectionSetNode | undefined, reader: Reader, condition?: string): readonly Selection[] => {
  if (reader.depth > DEPTH) throw new GraphQLProblem(`The query is nested deeper than ${DEPTH} levels.`);
  const below = { ...reader, depth: reader.depth + 1 };
  return (set?.selections ?? []).flatMap((node): readonly Selection[] => {
    if (!isOn(node.directives, reader.variables)) return [];
    if (node.kind === Kind.FIELD) return [selectionOf(node, below, condition)];
    if (node.kind === Kind.FRAGMENT_SPREAD) return spread(node.name.value, below);
    return fieldsOf(node.selectionSet, below, node.typeCondition?.name.value ?? condition);
  });
};

const parsed = (text: string): DocumentNode => {
  try {
    return parse(text, { maxTokens: 15_000 });
  } catch (error) {
    throw new GraphQLProblem(`Invalid Syntax : ${error instanceof Error ? error.message : 'unreadable'}`, {
      errorType: 'InvalidSyntax',
    });
  }
};

const chosen = (document: DocumentNode, name: string | undefined): OperationDefinitionNode => {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const found = name === undefined ? operations : operations.filter((node) => node.name?.value === name);
  const [operation] = found;
  if (operation === undefined || found.length > 1)
    throw new GraphQLProblem('Must provide operation name if query contains multiple operations.');
  return operation;
};

const withDefaults = (operation: OperationDefinitionNode, given: Variables): Variables => {
  const variables: Record<string, unknown> = {};
  for (const { variable, defaultValue, type } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const value = given[name] ?? (defaultValue === undefined ? undefined : valueFromASTUntyped(defaultValue));
    if (value === undefined && type.kind === Kind.NON_NULL_TYPE) {
      throw new GraphQLProblem(
        `Variable '${name}' has an invalid value: Variable '${name}' has coerced Null value for NonNull type`,
      );
    }
    if (value !== undefined) variables[name] = value;
  }
  return variables;
};

/** The operation of a document with its variables filled in. Throws GraphQLProblem. */
export const readOperation = (text: string, given: Variables, operationName: string | undefined): Operation => {
  const document = parsed(text);
  const operation = chosen(document, operationName);
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  return {
    kind: operation.operation,
    selections: fieldsOf(operation.selectionSet, { variables: withDefaults(operation, given), fragments, depth: 0 }),
  };
};

export const undefinedField = (selection: Selection, type: string, path: readonly string[]): GraphQLProblem =>
  new GraphQLProblem(
    `Validation error of type FieldUndefined: Field '${selection.name}' in type '${type}' is undefined @ '${[...path, selection.key].join('/')}'`,
    { location: selection.location, path: [...path, selection.key] },
  );

import { TwinError } from '../contract.ts';
import type { DataEngine, Session } from '../contract.ts';
import { refusedFunctions, specifiedFunctions } from '../formula/functions/catalog.ts';
import { specialForms } from '../formula/specialForms.ts';
import { childTypes, metadataTypes } from '../metadata/metadataTypes.ts';
import { faultKinds } from '../faults/faultKinds.ts';
import { ROW_OPERATIONS } from '../faults/rowOperations.ts';
import { routes } from '../routes.ts';
import { metadataService } from '../soap/metadata.ts';
import { partnerService } from '../soap/partner.ts';
import { readSupportFile } from './supportFile.ts';
import { list, table } from './markdown.ts';

const code = (text: string): string => `\`${text}\``;

const addresses = (): string =>
  table(
    ['name', 'call', 'status'],
    routes.map(({ name, method, path, refused }) => [
      name,
      code(`${method} ${path}`),
      refused === undefined ? 'emulated' : `refused: ${refused}`,
    ]),
  );

const soapOperations = (): string =>
  table(
    ['service', 'operation', 'status'],
    [partnerService, metadataService].flatMap(({ address, open, operations }) =>
      [...Object.keys(open), ...Object.keys(operations)].map((name) => [code(address), code(name), 'emulated']),
    ),
  );

/** What the engine says to a query, in the words of the page. */
const statusOf = (engine: DataEngine, session: Session, query: string): string => {
  try {
    // a query may be refused as late as when its rows are read
    Array.from(engine.query(session, query, { includeDeleted: false }).rows);
    return 'emulated';
  } catch (error) {
    if (!(error instanceof TwinError)) throw error;
    return error.errorCode === 'NOT_EMULATED' ? 'refused by name' : `refused as on the platform: ${error.errorCode}`;
  }
};

const soqlFeatures = (engine: DataEngine, session: Session): string =>
  table(
    ['feature', 'for instance', 'status'],
    readSupportFile().soql.map(({ feature, query }) => [feature, code(query), statusOf(engine, session, query)]),
  );

const metadata = (): string => {
  const childrenOf = (parent: string): string =>
    [...childTypes].flatMap(([child, { parent: of }]) => (of === parent ? [child] : [])).join(', ');
  return table(
    ['type', 'handling', 'with its parts'],
    [...metadataTypes.values()].map(({ name, handling }) => [name, handling, childrenOf(name)]),
  );
};

const formulas = (): string =>
  [
    `Emulated: ${list([...new Set([...specifiedFunctions(), ...specialForms()])].sort().map(code))}.`,
    `Refused by name: ${list(refusedFunctions().map(code))}.`,
  ].join('\n\n');

const faults = (): string =>
  [
    table(
      ['kind', 'hits', 'what happens'],
      Object.entries(faultKinds).map(([kind, { hits, does }]) => [code(kind), hits, does]),
    ),
    `Operations of rows: ${list(ROW_OPERATIONS.map(code))}.`,
  ].join('\n\n');

const comparisons = (): string =>
  table(
    ['area', 'compared with', 'test', 'not compared'],
    readSupportFile().areas.map(({ area, compared, with: sources, test, notCompared }) => [
      area,
      `${compared}: ${sources}`,
      code(test),
      notCompared,
    ]),
  );

/** The generated parts of docs/TWIN.md by the name in their markers. */
export const supportSections = (engine: DataEngine, session: Session): ReadonlyMap<string, string> =>
  new Map([
    ['addresses', addresses()],
    ['SOAP operations', soapOperations()],
    ['SOQL', soqlFeatures(engine, session)],
    ['formula functions', formulas()],
    ['metadata types', metadata()],
    ['faults', faults()],
    ['comparisons', comparisons()],
  ]);

import type { DataEngine, DeployOutcome, DeployedComponent, MetadataFile } from '../contract.ts';
import type { RowStore } from '../engine/rowStore.ts';
import type { SchemaRegistry } from '../schema/definitions.ts';
import { listComponents } from './catalog.ts';
import { formulasNotRun } from './checkFormulas.ts';
import { deployPackage } from './deploy.ts';
import type { MetadataWorld } from './deployContext.ts';
import { MetadataState } from './metadataState.ts';
import { retrievePackage } from './retrieve.ts';
import { textIn } from './xmlTree.ts';

/** Stored metadata that would act in a real org and does not act here. */
export type NotRehearsed = { readonly type: string; readonly fullName: string };

export type MetadataOrg = {
  deploy(
    files: readonly MetadataFile[],
    options: { readonly checkOnly: boolean; readonly userId: string },
  ): DeployOutcome;
  list(type: string): readonly DeployedComponent[];
  retrieve(types: Parameters<DataEngine['retrieveMetadata']>[1]): ReturnType<DataEngine['retrieveMetadata']>;
  /** The same deployments over a copied schema and store. */
  copy(org: { readonly registry: SchemaRegistry; readonly store: RowStore }): MetadataOrg;
  /** Active flows, and the validation rules and formula fields not emulated, are kept, not run: for `twin status` and rehearsals. */
  notRehearsed(): readonly NotRehearsed[];
};

const isActive = (element: Parameters<typeof textIn>[0] | undefined, name: string, value: string): boolean =>
  element !== undefined && textIn(element, name) === value;

const notRehearsed = ({ state, registry, store }: MetadataWorld): readonly NotRehearsed[] => [
  ...state
    .all('Flow')
    .filter((flow) => isActive(flow.element, 'status', 'Active'))
    .map(({ type, fullName }) => ({ type, fullName })),
  ...formulasNotRun({ registry, find: (object, field, value) => store.find(object, field, value) }),
];

/** The metadata side of one org: what was deployed to it, over its schema and rows. */
export const createMetadataOrg = (org: {
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly production: boolean;
  readonly state?: MetadataState;
}): MetadataOrg => {
  const world: MetadataWorld = { ...org, state: org.state ?? new MetadataState() };
  return {
    copy: (copied) => createMetadataOrg({ ...copied, production: org.production, state: world.state.copy() }),
    deploy: (files, options) => deployPackage(world, files, options),
    list: (type) => listComponents(world, type),
    retrieve: (types) => retrievePackage(world, types),
    notRehearsed: () => notRehearsed(world),
  };
};

import type { DataEngine, DeployOutcome, DeployedComponent, MetadataFile } from '../contract.ts';
import type { RowStore } from '../engine/rowStore.ts';
import type { SchemaRegistry } from '../schema/definitions.ts';
import { listComponents } from './catalog.ts';
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
  /** Active validation rules, active flows and formula fields are kept, not run: for `twin status` and rehearsals. */
  notRehearsed(): readonly NotRehearsed[];
};

const isActive = (element: Parameters<typeof textIn>[0] | undefined, name: string, value: string): boolean =>
  element !== undefined && textIn(element, name) === value;

const notRehearsed = ({ state, registry }: MetadataWorld): readonly NotRehearsed[] => [
  ...state
    .all('ValidationRule')
    .filter((rule) => isActive(rule.element, 'active', 'true'))
    .map(({ type, fullName }) => ({ type, fullName })),
  ...state
    .all('Flow')
    .filter((flow) => isActive(flow.element, 'status', 'Active'))
    .map(({ type, fullName }) => ({ type, fullName })),
  ...registry
    .objects()
    .flatMap((object) =>
      object.fields
        .filter((field) => field.formula !== undefined)
        .map((field) => ({ type: 'CustomField', fullName: `${object.name}.${field.name}` })),
    ),
];

/** The metadata side of one org: what was deployed to it, over its schema and rows. */
export const createMetadataOrg = (org: {
  readonly registry: SchemaRegistry;
  readonly store: RowStore;
  readonly production: boolean;
}): MetadataOrg => {
  const world: MetadataWorld = { ...org, state: new MetadataState() };
  return {
    deploy: (files, options) => deployPackage(world, files, options),
    list: (type) => listComponents(world, type),
    retrieve: (types) => retrievePackage(world, types),
    notRehearsed: () => notRehearsed(world),
  };
};

import type { DataEngine } from '../contract.ts';

/** The metadata side of the org (scripts/twin/metadata/metadataOrg.ts). */
export type MetadataSide = {
  deploy(
    files: Parameters<DataEngine['deployMetadata']>[1],
    options: { readonly checkOnly: boolean; readonly userId: string },
  ): ReturnType<DataEngine['deployMetadata']>;
  list(type: string): ReturnType<DataEngine['listMetadata']>;
  retrieve(types: Parameters<DataEngine['retrieveMetadata']>[1]): ReturnType<DataEngine['retrieveMetadata']>;
};

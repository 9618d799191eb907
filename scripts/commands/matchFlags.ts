import type { Org as SalesforceOrg } from '@salesforce/core';
import { Args } from '@oclif/core';
import { Flags } from '@salesforce/sf-plugins-core';

/** The files that are matched, and how they are read. */
export const fileFlags = {
  input: Flags.file({ char: 'i', summary: 'The file: CSV, XLSX or Parquet, recognised by its content.' }),
  against: Flags.file({ summary: 'A second file: only pairs across the two are looked at.', dependsOn: ['input'] }),
  columns: Flags.file({
    summary: 'Map of columns (YAML): column name, a colon, what it holds. Columns it does not name are guessed.',
    dependsOn: ['input'],
  }),
  memory: Flags.string({
    summary: 'Name under which decisions about these files are remembered; without it, by the path of the files.',
    dependsOn: ['input'],
  }),
};

/** The two records of `explain` and `decide`. */
export const pairArgs = {
  first: Args.string({ required: true, description: 'Id of a record.' }),
  second: Args.string({ required: true, description: 'Id of another record.' }),
};

export type FileFlags = {
  readonly input: string | undefined;
  readonly against: string | undefined;
  readonly columns: string | undefined;
  readonly memory: string | undefined;
};

/** Flags as an order; undefined when no file is given. */
export const filesOrderOf = ({ input, against, columns, memory }: FileFlags) =>
  input === undefined
    ? undefined
    : {
        input,
        ...(against === undefined ? {} : { against }),
        ...(columns === undefined ? {} : { columns }),
        ...(memory === undefined ? {} : { memory }),
      };

/** Where the records are: files when some are given, else the org that is named or the default one. */
export const sourceOf = (flags: FileFlags & { readonly 'target-org': SalesforceOrg | undefined }) => {
  const files = filesOrderOf(flags);
  return files === undefined
    ? { from: 'org' as const, org: flags['target-org'] }
    : { from: 'files' as const, files, org: undefined };
};

import type { DeployOutcome, MetadataFile } from '../../../scripts/twin/contract.ts';
import { createMetadataOrg, type MetadataOrg } from '../../../scripts/twin/metadata/metadataOrg.ts';
import { freshOrg, type FreshOrg } from '../schema/freshOrg.ts';

export type TestOrg = FreshOrg & {
  readonly metadata: MetadataOrg;
  readonly deploy: (files: readonly MetadataFile[], checkOnly?: boolean) => DeployOutcome;
};

export const testOrg = (options: { readonly production?: boolean } = {}): TestOrg => {
  const org = freshOrg('npsp');
  const { registry, store } = org;
  const metadata = createMetadataOrg({ registry, store, production: options.production ?? true });
  const userId = org.userId('admin');
  return { ...org, metadata, deploy: (files, checkOnly = false) => metadata.deploy(files, { checkOnly, userId }) };
};

export const file = (path: string, text: string): MetadataFile => ({ path, content: Buffer.from(text) });

export const xml = (root: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://soap.sforce.com/2006/04/metadata">\n${body}\n</${root}>\n`;

/** package.xml from `{ CustomObject: ['Gift__c'] }`. */
export const manifest = (types: Readonly<Record<string, readonly string[]>>, path = 'package.xml'): MetadataFile =>
  file(
    path,
    xml(
      'Package',
      Object.entries(types)
        .map(
          ([name, members]) =>
            `<types>${members.map((m) => `<members>${m}</members>`).join('')}<name>${name}</name></types>`,
        )
        .join('\n') + '<version>66.0</version>',
    ),
  );

export const field = (name: string, type: string, rest = ''): string =>
  `<fields><fullName>${name}</fullName><label>${name.replace('__c', '')}</label><type>${type}</type>${rest}</fields>`;

export const object = (parts: string, options: { readonly sharing?: string; readonly head?: string } = {}): string =>
  xml(
    'CustomObject',
    `<deploymentStatus>Deployed</deploymentStatus>${options.head ?? ''}<label>Gift</label><pluralLabel>Gifts</pluralLabel>` +
      `<nameField><label>Gift</label><type>Text</type></nameField><sharingModel>${options.sharing ?? 'Private'}</sharingModel>\n${parts}`,
  );

export const giftPackage = (parts: string, options: Parameters<typeof object>[1] = {}): readonly MetadataFile[] => [
  manifest({ CustomObject: ['Gift__c'] }),
  file('objects/Gift__c.object', object(parts, options)),
];

export const problems = (outcome: DeployOutcome): readonly string[] =>
  outcome.failures.map((failure) => `${failure.type} ${failure.fullName}: ${failure.problem}`);

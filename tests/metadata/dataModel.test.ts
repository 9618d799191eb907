import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fieldFiles, isAlwaysVisible, metadataFiles, objectFiles, textOf } from './packageSource.ts';

type Row = { readonly field: string; readonly cells: readonly string[] };

/** `| a | b |` as its cells; a pipe inside a cell is written `\|`. */
const cellsOf = (line: string): readonly string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

const document = readFileSync('docs/DATA-MODEL.md', 'utf8');
const sections = document.split(/^#### /m).slice(1);
const documentedObjects = sections.map((section) => section.slice(0, section.indexOf('\n')).trim());
const rows: readonly Row[] = sections.flatMap((section, i) =>
  section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map(cellsOf)
    .map((cells) => ({ field: `${documentedObjects[i] ?? ''}.${(cells[0] ?? '').replaceAll('`', '')}`, cells })),
);
const fields = fieldFiles();
const nameOf = (field: { readonly object: string; readonly name: string }): string => `${field.object}.${field.name}`;
const column = (position: number): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.map((row) => [row.field, row.cells[position] ?? '']));
const inPackage = (of: (field: (typeof fields)[number]) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(fields.map((field) => [nameOf(field), of(field)]));
const tableUnder = (heading: string): readonly (readonly string[])[] => {
  const section = document.split(`## ${heading}\n`)[1]?.split(/^## /m)[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| Garde'))
    .map(cellsOf);
};

describe('docs/DATA-MODEL.md', () => {
  const objects = objectFiles().map((object) => object.fullName);

  it('lists every object and every field that exists, and none that does not', () => {
    expect([...documentedObjects].sort()).toEqual([...objects].sort());
    expect(rows.map((row) => row.field).sort()).toEqual(fields.map(nameOf).sort());
  });

  it('says personal data exactly where the field carries the compliance group', () => {
    const tagged = inPackage((field) => {
      const group = textOf(field.content, 'complianceGroup');
      return group === undefined ? 'no' : group === 'PII;GDPR' ? 'yes' : group;
    });
    expect(column(4)).toEqual(tagged);
  });

  it('gives the label, the security classification and whether a value is required as deployed', () => {
    expect(column(1)).toEqual(inPackage((field) => textOf(field.content, 'label') ?? ''));
    expect(column(3)).toEqual(inPackage((field) => (isAlwaysVisible(field) ? 'yes' : 'no')));
    expect(column(5)).toEqual(inPackage((field) => textOf(field.content, 'securityClassification') ?? ''));
  });

  it('gives rows and KB of each object, 2 KB a row', () => {
    const sizes = tableUnder('Size');
    expect(sizes.map((cells) => cells[0]).sort()).toEqual([...objects].sort());
    const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));
    expect(sizes.filter((cells) => number(cells[1]) <= 0 || number(cells[2]) !== number(cells[1]) * 2)).toEqual([]);
  });

  it('gives the sharing of each object as deployed, its retention and what deleting does', () => {
    const sharing = tableUnder("Sharing, deletion, retention of Garde's own rows");
    expect(Object.fromEntries(sharing.map((cells) => [cells[0], cells[1]]))).toEqual(
      Object.fromEntries(objectFiles().map((object) => [object.fullName, textOf(object.content, 'sharingModel')])),
    );
    expect(sharing.filter((cells) => (cells[2] ?? '') === '' || (cells[3] ?? '') === '')).toEqual([]);
  });

  it('gives the rights of each permission set as deployed', () => {
    const header = /^\| object +\|( +Garde.*)\|$/m.exec(document)?.[1] ?? '';
    const names = header.split('|').map((cell) => cell.trim());
    const letters = [
      ['allowRead', 'R'],
      ['allowCreate', 'C'],
      ['allowEdit', 'E'],
      ['allowDelete', 'D'],
    ] as const;
    const deployed = (set: string, object: string): string => {
      const content = metadataFiles('PermissionSet').find((file) => file.fullName === set)?.content;
      const entry = (content?.['objectPermissions'] ?? [])
        .filter((grant) => typeof grant !== 'string')
        .find((grant) => textOf(grant, 'object') === object);
      const rights = entry && letters.filter(([right]) => textOf(entry, right) === 'true').map(([, letter]) => letter);
      return rights === undefined ? '–' : rights.join('');
    };
    const table = tableUnder('Who may do what');
    expect(table).toEqual(
      objects.length === 0 ? [] : table.map(([object = '']) => [object, ...names.map((set) => deployed(set, object))]),
    );
    expect(table.map((cells) => cells[0]).sort()).toEqual([...objects].sort());
    expect(names).toEqual([
      'GardeReader',
      'GardeOfficer',
      'GardeAdmin',
      'GardeAccess',
      'GardePurge',
      'GardeArchiveReader',
    ]);
  });

  it('draws every lookup between our objects', () => {
    const bare = (name: string | undefined): string => (name ?? '').replace(/__c$/, '');
    const missing = fields
      .filter((field) => (textOf(field.content, 'referenceTo') ?? '').startsWith('Garde'))
      .map((field) => ({
        field: bare(field.name),
        parent: bare(textOf(field.content, 'referenceTo')),
        child: bare(field.object),
      }))
      .filter(({ field, parent, child }) => !new RegExp(`${parent} \\S+ ${child} : "${field}`).test(document));
    expect(missing).toEqual([]);
  });
});

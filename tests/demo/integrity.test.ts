import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  demoMetadata,
  generateDemo,
  generateTruth,
  keyedObjects,
  objectOfKey,
  type DemoBatch,
  type DemoRow,
} from '../../scripts/demo/generate.ts';
import { OPTIONS } from './demoOrg.ts';

type ShapeField = {
  readonly ro?: boolean;
  readonly create?: boolean;
  readonly values?: unknown;
  readonly restricted?: boolean;
  readonly len?: number;
  readonly type?: string;
};
type Shape = {
  readonly objects: Readonly<Record<string, { readonly fields: Readonly<Record<string, ShapeField>> }>>;
};

const shapeOf = (name: string): Shape => JSON.parse(readFileSync(`config/shapes/${name}.json`, 'utf8')) as Shape;

type Note = (object: string, field: string) => void;

const noteShapes = (add: Note): void => {
  const fields = ['bare', 'npsp']
    .flatMap((name) => Object.entries(shapeOf(name).objects))
    .flatMap(([object, shape]) => Object.entries(shape.fields).map(([name, field]) => ({ object, name, field })));
  for (const { object, name, field } of fields) if (field.ro !== true && field.create !== false) add(object, name);
};

const noteMetadata = (add: Note): void => {
  for (const { path: file, content } of demoMetadata()) {
    const object = /objects\/(.+)\.object$/.exec(file)?.[1] ?? '';
    for (const [, name] of content.matchAll(/<fields><fullName>(.*?)<\/fullName>/g)) add(object, name ?? '');
  }
};

const notePackage = (add: Note): void => {
  for (const file of readdirSync('force-app', { recursive: true, encoding: 'utf8' })) {
    const match = /objects[\\/]([^\\/]+)[\\/](?:fields[\\/])?([^\\/]+)\.(field|object)-meta\.xml$/.exec(file);
    const [, object = '', name = '', kind] = match ?? [];
    if (kind === 'field') add(object, name);
    const named =
      kind === 'object' && /<nameField>[\s\S]*<type>Text</.test(readFileSync(path.join('force-app', file), 'utf8'));
    if (named) add(object, 'Name');
  }
};

/** Field names of every object: the twin's npsp shape, the demo's own metadata and the package. */
const knownFields = (): ReadonlyMap<string, Set<string>> => {
  const known = new Map<string, Set<string>>();
  const add: Note = (object, field) => void known.set(object, (known.get(object) ?? new Set()).add(field));
  noteShapes(add);
  noteMetadata(add);
  notePackage(add);
  return known;
};

/** Fields that the loader sets by the permission Set Audit Fields, or that only an admin load can set. */
const AUDIT = ['CreatedDate', 'LastModifiedDate'];

/** `npsp__X__r` → `npsp__X__c`, `Account` → `AccountId`, `WhoIdKey` → `WhoId`. */
const fieldOfColumn = (column: string): string => {
  const [relationship = '', key] = column.split('.');
  if (key !== undefined) return relationship.endsWith('__r') ? relationship.replace(/r$/, 'c') : `${relationship}Id`;
  return column.endsWith('Key') ? column.slice(0, -3) : column;
};

describe('the rows of the demo org', () => {
  let batches: readonly DemoBatch[];
  beforeAll(() => {
    batches = [...generateDemo(OPTIONS)];
  });

  it('have, among neighbouring batches of an object, the same columns, and refer to none of their own', () => {
    const columnsOf = (row: DemoRow | undefined): string => Object.keys(row ?? {}).join();
    for (const [i, { object, via, operation, rows }] of batches.entries()) {
      const before = batches[i - 1];
      const neighbours = before?.object === object && before.via === via && before.operation === operation;
      const expected = columnsOf(neighbours ? before.rows[0] : rows[0]);
      expect({ object, odd: rows.find((row) => columnsOf(row) !== expected) }).toEqual({ object, odd: undefined });
      const own = new Set(rows.map((row) => row['Demo_Key__c']).filter((key) => key !== undefined));
      const inward = rows
        .flatMap((row) => Object.entries(row))
        .filter(([column, value]) => column !== 'Demo_Key__c' && own.has(value) && column.includes('Key'));
      expect({ object, inward }).toEqual({ object, inward: [] });
    }
  });

  it('have keys that occur once and say their object', () => {
    const keyed = batches
      .filter(({ operation }) => operation === 'insert')
      .flatMap(({ object, rows }) => rows.map((row) => ({ object, key: row['Demo_Key__c'] })))
      .filter(({ key }) => key !== undefined);
    expect(keyed.length).toBeGreaterThan(5_000);
    expect(new Set(keyed.map(({ key }) => key)).size).toBe(keyed.length);
    expect(keyed.filter(({ object, key }) => objectOfKey(String(key)) !== object || String(key).length > 40)).toEqual(
      [],
    );
  });

  it('refer only to rows of earlier batches', () => {
    const keys = new Set<unknown>([null]);
    const refers = (column: string): boolean => /\.(Demo_Key__c|NoticeKey__c)$|[a-z]Key$/.test(column);
    for (const { object, rows } of batches) {
      const dangling = rows
        .flatMap((row) => Object.entries(row))
        .filter(([column, value]) => refers(column) && !keys.has(value));
      expect({ object, dangling }).toEqual({ object, dangling: [] });
      for (const row of rows) keys.add(row['Demo_Key__c'] ?? row['NoticeKey__c']);
    }
  });

  it('have columns that exist and can be created in the npsp shape with the demo metadata and the package', () => {
    const known = knownFields();
    const missing = new Set<string>();
    for (const { object, via, rows } of batches) {
      if (via === 'admin') continue;
      for (const column of Object.keys(rows[0] ?? {})) {
        const field = fieldOfColumn(column);
        if (field !== 'Id' && !AUDIT.includes(field) && known.get(object)?.has(field) !== true)
          missing.add(`${object}.${field}`);
      }
    }
    expect([...missing]).toEqual([]);
  });

  it('fit the lengths of their fields', () => {
    const shapes = ['bare', 'npsp'].map((name) => shapeOf(name));
    const lengthOf = (object: string, column: string): number =>
      shapes.map((shape) => shape.objects[object]?.fields[column]?.len).find((len) => len !== undefined) ?? 131_072;
    for (const { object, rows } of batches) {
      const tooLong = rows
        .flatMap((row) => Object.entries(row))
        .filter(([column, value]) => typeof value === 'string' && value.length > lengthOf(object, column));
      expect({ object, tooLong }).toEqual({ object, tooLong: [] });
    }
  });

  it('have truth about keys that exist', () => {
    const keys = new Set(batches.flatMap(({ rows }) => rows.map((row) => row['Demo_Key__c'])));
    for (const { kind, keys: named } of generateTruth(OPTIONS)) {
      expect(named.length).toBeGreaterThan(0);
      for (const key of named) if (!keys.has(key)) throw new Error(`${kind}: ${key} is in no row`);
    }
  });

  it('lie in the past, and were made before they were changed', () => {
    const rows = batches.flatMap((batch) => batch.rows);
    const columns = [...AUDIT, 'ActivityDate', 'StartDateTime', 'MessageDate', 'CloseDate'];
    const future = rows.filter((row) =>
      columns.some((column) => String(row[column] ?? '').slice(0, 10) > OPTIONS.today),
    );
    const backwards = rows.filter((row) => String(row['CreatedDate'] ?? '') > String(row['LastModifiedDate'] ?? '9'));
    expect({ future, backwards }).toEqual({ future: [], backwards: [] });
  });
});

describe('the metadata of the demo org', () => {
  it('has a demo key on every keyed object, listed in the package and granted to the loader', () => {
    const files = new Map(demoMetadata().map(({ path: file, content }) => [file, content]));
    const manifest = files.get('package.xml') ?? '';
    for (const object of keyedObjects) {
      expect(files.get(path.posix.join('objects', `${object}.object`))).toContain('<fullName>Demo_Key__c</fullName>');
      expect(files.get('permissionsets/GardeDemo.permissionset')).toContain(`<field>${object}.Demo_Key__c</field>`);
      expect(manifest).toMatch(new RegExp(`<members>${object}(\\.Demo_Key__c)?</members>`));
    }
  });

  it('defines what the npsp shape already has in the same way', () => {
    const shape = shapeOf('npsp');
    const own = demoMetadata().find(({ path: file }) => file === 'objects/Legal_Hold__c.object')?.content ?? '';
    const types: Readonly<Record<string, string>> = {
      reference: 'Lookup',
      textarea: 'TextArea',
      date: 'Date',
      boolean: 'Checkbox',
    };
    for (const [name, field] of Object.entries(shape.objects['Legal_Hold__c']?.fields ?? {})) {
      if (name === 'Name') continue;
      const mine = new RegExp(`<fullName>${name}</fullName>.*?<type>(\\w+)</type>`).exec(own)?.[1];
      expect({ name, type: mine }).toEqual({ name, type: types[field.type ?? ''] });
    }
  });
});

import { z } from 'zod';
import { soqlName } from '../kernel/soql.ts';
import type { Channel } from './channel.ts';
import { OrgError, readAs } from './orgProblems.ts';
import type { DescribedField, DescribedObject, ObjectSummary } from './port.ts';

const flag = z.boolean().default(false);
const text = z.string().nullable().default(null);

const field = z
  .object({
    name: z.string(),
    label: z.string().default(''),
    type: z.string(),
    length: z.number().default(0),
    nillable: flag,
    createable: flag,
    updateable: flag,
    filterable: flag,
    aggregatable: z.boolean().default(true),
    calculated: flag,
    custom: flag,
    nameField: flag,
    externalId: flag,
    unique: flag,
    encrypted: flag,
    htmlFormatted: flag,
    extraTypeInfo: text,
    compoundFieldName: text,
    referenceTo: z.array(z.string()).nullable().default([]),
    relationshipName: text,
    picklistValues: z
      .array(z.object({ value: z.string(), label: z.string().nullable().default(null), active: flag }))
      .nullable()
      .default([]),
    inlineHelpText: text,
  })
  .transform((raw): DescribedField => ({
    ...raw,
    referenceTo: raw.referenceTo ?? [],
    picklistValues: (raw.picklistValues ?? []).map((entry) => ({ ...entry, label: entry.label ?? entry.value })),
  }));

const summary = z.object({
  name: z.string(),
  label: z.string().default(''),
  keyPrefix: text,
  custom: flag,
  queryable: flag,
  createable: flag,
  deletable: flag,
});

const child = z
  .object({
    childSObject: z.string(),
    field: z.string(),
    relationshipName: text,
    cascadeDelete: flag,
    restrictedDelete: flag,
  })
  .transform(({ childSObject, ...rest }) => ({ childObject: childSObject, ...rest }));

const object = summary
  .extend({
    labelPlural: z.string().default(''),
    updateable: flag,
    undeletable: flag,
    mergeable: flag,
    fields: z.array(field),
    childRelationships: z.array(child).default([]),
  })
  .transform(({ childRelationships, ...rest }): DescribedObject => ({ ...rest, children: childRelationships }));

const everything = z.object({ sobjects: z.array(summary) });

export type Describing = {
  readonly describeGlobal: () => Promise<readonly ObjectSummary[]>;
  readonly describe: (name: string) => Promise<DescribedObject | undefined>;
};

const isNotThere = (error: unknown): boolean => error instanceof OrgError && error.name === 'PlaceNotFound';

/** Describes, asked once per object and run. */
export const createDescribing = (channel: Channel): Describing => {
  const known = new Map<string, Promise<DescribedObject | undefined>>();
  let objects: Promise<readonly ObjectSummary[]> | undefined;
  const ask = async (name: string): Promise<DescribedObject | undefined> => {
    try {
      const answer = await channel.json({ method: 'GET', path: `/sobjects/${soqlName(name)}/describe` });
      return readAs(object, answer, 'describe');
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  };
  return {
    describeGlobal: () => {
      objects ??= channel
        .json({ method: 'GET', path: '/sobjects' })
        .then((answer) => readAs(everything, answer, 'describe').sobjects);
      return objects;
    },
    describe: (name) => {
      const key = name.toLowerCase();
      const found = known.get(key) ?? ask(name);
      known.set(key, found);
      return found;
    },
  };
};

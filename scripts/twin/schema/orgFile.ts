import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { READ_ONCE } from './readOnce.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const rights = z.string().regex(/^[credvm]*$/);

const orgFile = z.strictObject({
  format: z.literal(1),
  about: z.string(),
  organization: z.record(z.string(), value),
  licenses: z.array(z.strictObject({ key: z.string(), name: z.string(), total: z.int() })),
  profiles: z.array(
    z.strictObject({
      name: z.string(),
      license: z.string(),
      permissions: z.array(z.string()),
      objects: z.record(z.string(), rights),
      fields: z.enum(['all', 'none']),
      /** Of these `Object.Field`, the first that the shape has stays without field-level security. */
      withoutFirstOf: z.array(z.string()).optional(),
    }),
  ),
  permissionSets: z.array(z.strictObject({ name: z.string(), label: z.string(), permissions: z.array(z.string()) })),
  users: z.array(
    z.strictObject({
      role: z.string(),
      username: z.string().endsWith('.example'),
      first: z.string(),
      last: z.string(),
      profile: z.string(),
      sets: z.array(z.string()),
    }),
  ),
});

export type OrgFile = z.infer<typeof orgFile>;
export type OrgProfile = OrgFile['profiles'][number];

/** Reads and checks config/shapes/org.json; a broken file throws with every problem and its path. */
export const readOrgFile = (): OrgFile => {
  const url = new URL('../../../config/shapes/org.json', import.meta.url);
  const parsed = orgFile.safeParse(JSON.parse(readFileSync(url, 'utf8')), READ_ONCE);
  if (parsed.success) return parsed.data;
  throw new Error(`config/shapes/org.json: ${z.prettifyError(parsed.error)}`);
};

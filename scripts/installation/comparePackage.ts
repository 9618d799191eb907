import { canonicalJson } from '../kernel/canonicalJson.ts';
import type { Json } from '../kernel/canonicalJson.ts';
import { sha256Hex } from '../kernel/hash.ts';
import type { MetadataComponent } from '../org/port.ts';

/**
 * A component of the package against the org:
 * `new` — not there yet; `same` — the org holds all of it already; `ours` — there as we last deployed it;
 * `changed` — ours, and changed in the org since; `foreign` — there, and nothing says that we put it there.
 */
export type ComponentState = 'new' | 'same' | 'ours' | 'changed' | 'foreign';

export type ComparedComponent = { readonly type: string; readonly fullName: string; readonly state: ComponentState };

export const keyOf = ({ type, fullName }: Pick<MetadataComponent, 'type' | 'fullName'>): string =>
  `${type}:${fullName}`;

/** SHA-256 over a component as the org writes it. */
export const componentDigest = ({ xml, files }: MetadataComponent): string => sha256Hex(canonicalJson({ xml, files }));

const isObject = (value: Json | undefined): value is Readonly<Record<string, Json | undefined>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asList = (value: Json | undefined): readonly Json[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
};

const scalarText = (value: Json | undefined): string =>
  typeof value === 'string' ? value.trim() : JSON.stringify(value ?? null);

/** Whether everything `wanted` says is said by `found` too; the org adds defaults and keeps lists in its own order. */
const says = (found: Json | undefined, wanted: Json | undefined): boolean => {
  if (Array.isArray(wanted) || Array.isArray(found)) {
    return asList(wanted).every((one) => asList(found).some((other) => says(other, one)));
  }
  if (isObject(wanted)) {
    return isObject(found) && Object.entries(wanted).every(([name, value]) => says(found[name], value));
  }
  return wanted === undefined || scalarText(found) === scalarText(wanted);
};

const holdsAll = (found: MetadataComponent, wanted: MetadataComponent): boolean =>
  says(found.xml, wanted.xml) && says(found.files, wanted.files);

const stateOf = (
  wanted: MetadataComponent,
  found: MetadataComponent | undefined,
  recorded: string | undefined,
): ComponentState => {
  if (found === undefined) return 'new';
  if (recorded === componentDigest(found)) return 'ours';
  if (holdsAll(found, wanted)) return 'same';
  return recorded === undefined ? 'foreign' : 'changed';
};

/**
 * Pure: compares the built package with what the org holds under the same names. `recorded`: digests of the components
 * as the org wrote them right after our last deployment, by `Type:FullName`.
 */
export const comparePackage = (
  built: readonly MetadataComponent[],
  inOrg: readonly MetadataComponent[],
  recorded: ReadonlyMap<string, string>,
): readonly ComparedComponent[] => {
  const found = new Map(inOrg.map((component) => [keyOf(component), component]));
  return built.map((wanted) => ({
    type: wanted.type,
    fullName: wanted.fullName,
    state: stateOf(wanted, found.get(keyOf(wanted)), recorded.get(keyOf(wanted))),
  }));
};

import type { Pack } from '../model/pack.ts';
import type { LimitReading, Org } from '../org/port.ts';
import type { UserPermissions } from '../org/permissions.ts';
import type { NeedState } from './needs.ts';

/** What a probe found; values fill the `{name}`s of its texts. */
export type Probed = { readonly state: NeedState; readonly values?: Readonly<Record<string, string | number>> };

/** What all probes look at, read once. */
export type ProbeContext = {
  readonly org: Org;
  readonly permissions: UserPermissions;
  /** Lower-case API names of the objects the running user may describe. */
  readonly visible: ReadonlySet<string>;
  readonly limits: ReadonlyMap<string, LimitReading>;
  /** Packs the charter asks for, or all there are. */
  readonly packs: readonly Pack[];
  /** Names in the built package. */
  readonly package: { readonly objects: readonly string[]; readonly permissionSets: readonly string[] };
};

/** Looks at one need; reads only. */
export type Probe = (context: ProbeContext) => Probed | Promise<Probed>;

export const isVisible = (context: ProbeContext, object: string): boolean => context.visible.has(object.toLowerCase());

export const listed = (names: readonly string[]): string => (names.length === 0 ? '–' : names.join(', '));

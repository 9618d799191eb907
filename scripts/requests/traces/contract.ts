import type { LocalDate } from '../../kernel/legalPeriod.ts';
import type { ErasureItem } from '../../model/erasure.ts';
import type { DescribedObject, OrgRow } from '../../org/port.ts';
import type { NeedleFinder } from '../../subject/needles/compileNeedles.ts';
import type { Needles } from '../../subject/needles/contract.ts';
import type { PlaceKind, ResidualFinding, Verdict } from '../../subject/residual/contract.ts';
import type { ErasureRules } from '../erase/erasureRules.ts';

/** All that a scan found of the person in one record. */
export type Trace = {
  readonly object: string;
  readonly id: string;
  readonly places: readonly PlaceKind[];
  readonly fields: readonly string[];
  readonly verdict: Verdict;
  readonly deleted: boolean;
  readonly own: boolean;
  /** Of history rows and posts: the record they hang off. */
  readonly parent: string | undefined;
};

/** What is known of a file beside its text. */
export type FileFacts = {
  /** What would be deleted: the document of a version, or the file itself. */
  readonly object: string;
  readonly id: string;
  /** A value that another version of the file would change; null where there is none. */
  readonly expects: Readonly<Record<string, string>>;
  /** Somebody else is named in it, or it is linked to a record of others. */
  readonly others: boolean;
  /** The mark stands in another version than the latest, or there are several. */
  readonly severalVersions: boolean;
};

/** What hangs on a record that may go: rows that the org deletes along, and whether a row forbids it. */
export type Hanging = { readonly goesWith: readonly string[]; readonly isBound: boolean };

/** All that decides about traces; read before, so that deciding is pure. */
export type TraceFacts = {
  readonly traces: readonly Trace[];
  readonly finder: NeedleFinder;
  readonly needles: Pick<Needles, 'emails' | 'phones' | 'country'>;
  readonly describes: ReadonlyMap<string, DescribedObject>;
  /** Text fields of what is there now, by record. */
  readonly rows: ReadonlyMap<string, OrgRow>;
  /** Traces that are somebody's own record. */
  readonly people: ReadonlySet<string>;
  /** Traces that are, or hang on, the record of somebody who bears the person's name. */
  readonly namesakes: ReadonlySet<string>;
  /** By version, attachment or document. */
  readonly files: ReadonlyMap<string, FileFacts>;
  /** What the erasure of the person decided, by record. */
  readonly known: ReadonlyMap<string, ErasureItem>;
  /** Import copies and logs, as packs name them. */
  readonly strays: ReadonlySet<string>;
  /** By object: texts that the platform or a package composes from people's names. */
  readonly derived: ReadonlyMap<string, readonly string[]>;
  /** The controller's own addresses, lower case: they are nobody else's. */
  readonly ownAddresses: ReadonlySet<string>;
  /** By record that may be deleted whole. */
  readonly hanging: ReadonlyMap<string, Hanging>;
  readonly rules: ErasureRules;
  readonly asOf: LocalDate;
  /** ISO instant of the reading. */
  readonly readAt: string;
};

/** The law that keeps what was archived longest, and its end: the archive tells of the person by a record id. */
export const archivedFor = (items: readonly ErasureItem[]): Pick<ErasureItem, 'law' | 'until'> => {
  const sealed = items.filter(({ decision }) => decision === 'archive');
  const [last] = sealed.toSorted((a, b) => ((a.until ?? '') < (b.until ?? '') ? 1 : -1));
  return { law: last?.law ?? null, until: last?.until ?? null };
};

const GRAVITY: readonly Verdict[] = ['sure', 'possible', 'shared'];

/** Findings by record, in the order in which they came. */
export const tracesOf = (findings: readonly ResidualFinding[]): readonly Trace[] => {
  const groups = new Map<string, ResidualFinding[]>();
  for (const one of findings) {
    const key = `${one.object} ${one.id}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group): readonly Trace[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { object, id, parent } = first;
    return [
      {
        ...{ object, id, parent },
        places: [...new Set(group.map(({ place }) => place))],
        fields: [...new Set(group.map(({ field }) => field))].sort(),
        verdict: GRAVITY.find((one) => group.some(({ verdict }) => verdict === one)) ?? 'possible',
        deleted: group.some(({ deleted }) => deleted),
        own: group.some(({ own }) => own),
      },
    ];
  });
};

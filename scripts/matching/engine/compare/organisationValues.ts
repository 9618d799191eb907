import type { Knowledge, Organisation, OrganisationRelation } from '../../knowledge/contract.ts';
import { relateOrganisations } from '../../knowledge/relateOrganisations.ts';
import { ORGANISATION } from '../contract.ts';
import { MARKS, type ValueTable } from '../values/contract.ts';
import { PairCache } from './pairCache.ts';
import { remembered, spelling, type ValueLevels } from './textLevels.ts';
import { neverAlike, SHAPE_BITS, SHAPE_FIELDS, shapesOf, type ValueShapes } from './valueShapes.ts';

const ORGANISATION_LEVEL: Readonly<Record<Exclude<OrganisationRelation, 'different'>, number>> = {
  same: ORGANISATION.exact,
  acronym: ORGANISATION.part,
  subset: ORGANISATION.part,
  overlap: ORGANISATION.overlap,
  section: ORGANISATION.section,
};

/** Shapes of the names of organisations of a table. */
export const organisationShapes = (table: ValueTable): ValueShapes => shapesOf(table, [MARKS]);

/** Whether knowledge may say more of two names than that they differ; `left` and `right`: where their shapes begin. */
export const marksMeet = (shapes: ValueShapes, left: number, right: number): boolean =>
  ((shapes[left + SHAPE_FIELDS] ?? 0) & (shapes[right + SHAPE_FIELDS] ?? 0)) !== 0;

export class OrganisationValues implements ValueLevels {
  private readonly shapes: ValueShapes;
  private readonly cache: PairCache;

  constructor(knowledge: Knowledge, table: ValueTable) {
    this.shapes = organisationShapes(table);
    const name = remembered<Organisation>(table, knowledge.organisation);
    const bySpelling = [ORGANISATION.different, ORGANISATION.overlap, ORGANISATION.close] as const;
    this.cache = new PairCache(table.count, (a, b) => {
      let level: number = ORGANISATION.different;
      if (marksMeet(this.shapes, a << SHAPE_BITS, b << SHAPE_BITS)) {
        const relation = relateOrganisations(name(a), name(b));
        if (relation === 'section') return ORGANISATION.section;
        if (relation !== 'different') level = ORGANISATION_LEVEL[relation];
      }
      return Math.max(level, bySpelling[spelling(table.texts, a, b)]);
    });
  }

  of(a: number, b: number): number {
    if (a === b) return ORGANISATION.exact;
    const left = a << SHAPE_BITS;
    const right = b << SHAPE_BITS;
    return neverAlike(this.shapes, left, right) && !marksMeet(this.shapes, left, right)
      ? ORGANISATION.different
      : this.cache.of(a, b);
  }
}

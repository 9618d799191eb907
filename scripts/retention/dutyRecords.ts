import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Fact } from '../standing/facts.ts';
import type { PersonFacts } from '../standing/people.ts';

/** Records of a person that a law makes us keep on a day. */
export const dutiesInForce = ({ facts }: Pick<PersonFacts, 'facts'>, asOf: LocalDate): readonly Fact[] =>
  facts.filter(({ source, until }) => source.kind === 'fiscal' && (until === null || until >= asOf));

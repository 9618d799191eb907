import type { Estimate } from '../contract.ts';
import type { FittedModel } from './contract.ts';

const sumOf = (one: Estimate, other: Estimate): Estimate => ({
  value: one.value + other.value,
  low: one.low + other.low,
  high: one.high + other.high,
});

/** The model of people with that of organisations beside it; what is expected of the file is of both. */
export const withOrganisations = (people: FittedModel, organisations: FittedModel): FittedModel => {
  const all = people.duplicates.value + organisations.duplicates.value;
  const share = all === 0 ? 0.5 : people.duplicates.value / all;
  return {
    ...people,
    organisations,
    duplicates: sumOf(people.duplicates, organisations.duplicates),
    missed: sumOf(people.missed, organisations.missed),
    recallByRule: people.recallByRule.map(
      (recall, rule) => recall * share + (organisations.recallByRule[rule] ?? 0) * (1 - share),
    ),
  };
};

/** The model that two rows of a kind are judged by: 1 for organisations. */
export const modelOfKind = (model: FittedModel, kind: number): FittedModel =>
  kind === 1 ? (model.organisations ?? model) : model;

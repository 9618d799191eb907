import type { Result } from '../kernel/result.ts';
import { parseYaml } from './parseYaml.ts';
import { hierarchies, treatments, type Hierarchies, type Treatments } from './treatments.ts';

/** How anonymised records look, from its YAML text. Problems: `TreatmentsNotValid`, all at once. */
export const parseTreatments = (text: string, file = 'treatments.yml'): Result<Treatments> =>
  parseYaml(treatments, text, { code: 'TreatmentsNotValid', file });

/** Hierarchies of generalisation, from their YAML text. Problems: `TreatmentsNotValid`, all at once. */
export const parseHierarchies = (text: string, file = 'hierarchies.yml'): Result<Hierarchies> =>
  parseYaml(hierarchies, text, { code: 'TreatmentsNotValid', file });

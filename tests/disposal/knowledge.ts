import { readFileSync } from 'node:fs';
import { valueOf } from '../../scripts/kernel/result.ts';
import { parseHierarchies, parseTreatments } from '../../scripts/model/parseTreatments.ts';

export const hierarchies = valueOf(parseHierarchies(readFileSync('config/disposal/hierarchies.yml', 'utf8')));
export const treatments = valueOf(parseTreatments(readFileSync('config/disposal/treatments.yml', 'utf8')));

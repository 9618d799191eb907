import { z } from 'zod';
import type { LegalPeriod } from '../kernel/legalPeriod.ts';

/** ISO 8601 durations of whole years, months or days: `P3Y`, `P18M`, `P90D`, `P1Y6M`. */
export const period = z
  .string()
  .regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+D)?$/, 'a duration such as P3Y, P18M or P90D')
  .transform((text): LegalPeriod => {
    const part = (unit: string): number => Number(new RegExp(`(\\d+)${unit}`).exec(text)?.[1] ?? 0);
    return { years: part('Y'), months: part('M'), days: part('D') };
  });

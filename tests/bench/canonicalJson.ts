import { canonicalJson as canonical } from '../../scripts/kernel/canonicalJson.ts';
import { examplePerson } from '../plan/examplePlan.ts';
import { timed, type Bench } from './bench.ts';

export const canonicalJson: Bench = {
  name: 'canonical-json',
  unit: 'steps/s',
  baseline: 'JSON.stringify of the same plan steps, keys as they come',
  measure: (quick) => {
    const steps = Array.from({ length: quick ? 500 : 100_000 }, (_, n) => examplePerson(2 * n).steps).flat();
    const written = (text: (step: (typeof steps)[number]) => string) =>
      timed(() => steps.reduce((count, step) => count + (text(step).length > 0 ? 1 : 0), 0));
    return { own: written(canonical), baseline: written((step) => JSON.stringify(step)) };
  },
};

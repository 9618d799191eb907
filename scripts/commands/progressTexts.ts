import { readFileSync } from 'node:fs';
import { z } from 'zod';

const file = new URL('../../messages/en/progress.json', import.meta.url);
const texts = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));

/** What a stage of a use case is called on the terminal. */
export const stageText = (stage: string): string => texts[stage] ?? stage;

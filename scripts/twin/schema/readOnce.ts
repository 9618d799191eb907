/**
 * How a file of config/ is checked when a twin boots: zod writes itself a program for each schema that is worth its time
 * only where the schema is used again and again.
 */
export const READ_ONCE = { jitless: true } as const;

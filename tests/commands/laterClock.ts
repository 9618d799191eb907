/** Loaded before a command (`node --import`): its clock is ten days ahead, so that a plan made now has expired. */
const AHEAD = 10 * 86_400_000;
const Today = Date;
const shifted = (): number => Today.now() + AHEAD;

globalThis.Date = new Proxy(Today, {
  construct: (target, parts: unknown[]) => Reflect.construct(target, parts.length === 0 ? [shifted()] : parts) as Date,
  get: (target, name) => (name === 'now' ? shifted : (Reflect.get(target, name) as unknown)),
});

/** Loaded before a command (`node --import`): its clock is a month ahead, so that a plan made now has expired. */
const AHEAD = 31 * 86_400_000;
const { now } = Date;
globalThis.Date = class extends Date {
  static now = () => now() + AHEAD;
  constructor(...parts) {
    super(...(parts.length === 0 ? [now() + AHEAD] : parts));
  }
};

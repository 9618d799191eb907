export type Pace = {
  /** Progress after so many more steps; seconds left by the speed since the pace began, once there is one. */
  after(steps: number): { readonly done: number; readonly total: number; readonly secondsLeft?: number };
};

/** How far a run is and how long the rest will take. `now` gives ISO instants. */
export const createPace = (total: number, doneBefore: number, now: () => string): Pace => {
  const begun = Date.parse(now());
  let done = 0;
  return {
    after: (steps) => {
      done += steps;
      const seconds = (Date.parse(now()) - begun) / 1000;
      const all = Math.min(total, doneBefore + done);
      if (done === 0 || seconds <= 0) return { done: all, total };
      return { done: all, total, secondsLeft: Math.ceil(((total - all) * seconds) / done) };
    },
  };
};

/** People by when they fall due under one policy: counts only. */
export type PolicyForecast = {
  readonly people: number;
  readonly dueNow: number;
  /** In the order of the forecast's months, this month's still to come first. */
  readonly byMonth: readonly number[];
  /** After the last month. */
  readonly later: number;
  /** Kept by something without an end. */
  readonly noEnd: number;
  /** No clock of any rule ever started for them. */
  readonly notConcerned: number;
};

/** What a variant changes, person by person. */
export type ForecastDelta = {
  readonly dueNowInBoth: number;
  readonly noLongerDue: number;
  readonly newlyDue: number;
  readonly sooner: number;
  readonly later: number;
  readonly unchanged: number;
};

export type Forecast = {
  /** `yyyy-MM-dd`, in the controller's time zone. */
  readonly asOf: string;
  readonly orgName: string;
  /** `2026-11`; the months that `byMonth` counts. */
  readonly months: readonly string[];
  readonly policy: PolicyForecast;
  readonly variant?: PolicyForecast;
  readonly delta?: ForecastDelta;
  /** False: something is hidden from the running user. */
  readonly complete: boolean;
  /** API calls that it cost. */
  readonly calls: number;
};

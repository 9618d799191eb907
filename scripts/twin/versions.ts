/** API versions. Listed ones are what clients choose from; a newer one is answered like the newest, unchecked. */
export const OLDEST_VERSION = 31;
export const NEWEST_VERSION = 66;
/** Accepted in addresses, not listed: no recorded answers of it were at hand. */
export const UNCHECKED_VERSION = 67;

const SEASONS = ['Winter', 'Spring', 'Summer'] as const;

/** Orgs spell this one release with a typographic apostrophe. */
const CURLY = 42;

/** `Spring '26` for 66: three releases a year; 31 was Summer '14. */
const releaseLabel = (version: number): string => {
  const releases = version - 31 + 2;
  const apostrophe = version === CURLY ? '’' : "'";
  return `${SEASONS[releases % 3] ?? ''} ${apostrophe}${14 + Math.floor(releases / 3)}`;
};

export const listedVersions = (): readonly {
  readonly label: string;
  readonly url: string;
  readonly version: string;
}[] =>
  Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, i) => {
    const version = `${OLDEST_VERSION + i}.0`;
    return { label: releaseLabel(OLDEST_VERSION + i), url: `/services/data/v${version}`, version };
  });

/**
 * Versions 21 to 30 ended with Summer '25 and answer 410; older ones answer 404.
 * Source: https://help.salesforce.com/s/articleView?id=000381744
 */
export const isRetired = (text: string): boolean => {
  const version = Number(/^v?(\d\d)\.0$/.exec(text)?.[1]);
  return version >= 21 && version < OLDEST_VERSION;
};

/** 66 for `v66.0` or `66.0`; undefined when no such version is answered. */
export const versionNumber = (text: string): number | undefined => {
  const version = /^v?(\d\d)\.0$/.exec(text)?.[1];
  if (version === undefined) return undefined;
  const number = Number(version);
  return number >= OLDEST_VERSION && number <= UNCHECKED_VERSION ? number : undefined;
};

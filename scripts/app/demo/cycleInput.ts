import type { MatchAgainstTruth } from './matchTruth.ts';
import type { RunCommand } from './runCommand.ts';

export type CycleInput = {
  readonly run: RunCommand;
  readonly outputDir: string;
  readonly privateDir: string;
  readonly language: 'en' | 'fr';
  /** Record ids of donors: the first asks for access, the first whom nothing holds is forgotten. */
  readonly donors: readonly string[];
  readonly orgName: string;
  /** What the matching run just made is worth; asked before anything is deleted. */
  readonly judgeMatch: () => Promise<MatchAgainstTruth>;
};

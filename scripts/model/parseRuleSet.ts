import type { Result } from '../kernel/result.ts';
import { parseYaml } from './parseYaml.ts';
import { ruleSet, type RuleSet } from './ruleSet.ts';

/** A rule set from its YAML text. Problems: `RuleSetNotValid`, all at once. */
export const parseRuleSet = (text: string, file = 'rule set'): Result<RuleSet> =>
  parseYaml(ruleSet, text, { code: 'RuleSetNotValid', file });

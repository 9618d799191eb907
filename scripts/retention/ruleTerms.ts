import type { PlanTerms } from '../model/plan.ts';
import type { RetentionScope } from './retentionScope.ts';
import { periodText } from './rules.ts';

/** `Object` or `Object.Field`. */
export const placeName = ({ object, field }: { readonly object: string; readonly field?: string }): string =>
  field === undefined ? object : `${object}.${field}`;

/** The rules of a plan as its header names them. */
export const ruleTerms = (scope: RetentionScope): PlanTerms['rules'] =>
  scope.groups.flatMap(({ rules }) =>
    rules.map(({ rule, law, duration }) => ({
      key: rule.key,
      from: rule.from,
      title: law.title,
      legalGround: law.legalGround,
      source: [law.source.title, law.source.url].filter((part) => part !== undefined).join(', '),
      clock: law.clock,
      duration: periodText(duration),
      people: rule.people,
      ...(rule.action === 'purge' ? {} : { action: rule.action }),
    })),
  );

#!/usr/bin/env node
// `npm run new:feature -- NAME`: the pattern of a feature as the easy path: planner, use case, command, messages, test.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const name = process.argv[2] ?? '';
if (!/^[a-z][a-z]+$/.test(name)) {
  process.stderr.write('usage: npm run new:feature -- NAME   (one lower-case word)\n');
  process.exit(2);
}
const Name = name[0].toUpperCase() + name.slice(1);

const files = {
  [`scripts/${name}/plan${Name}.ts`]: `/** Pure: the same input gives the same plan. State what it decides, and the law behind it. */
export const plan${Name} = (input: { readonly asOf: string }): { readonly asOf: string } => ({ asOf: input.asOf });
`,
  [`scripts/${name}/show.ts`]: `import type { Clock } from '../kernel/clock.ts';
import type { ReportProgress } from '../model/progress.ts';
import { plan${Name} } from './plan${Name}.ts';

export type ${Name}Result = { readonly asOf: string };

/** One use case: takes input and ports, tells progress, returns data; never prints, prompts or exits. */
export const show${Name} = (ports: { readonly clock: Clock }, tell: ReportProgress): ${Name}Result => {
  tell({ stage: '${name}.show' });
  return plan${Name}({ asOf: ports.clock.now() });
};
`,
  [`scripts/commands/garde/${name}/show.ts`]: `import { systemClock } from '../../../app/ports.ts';
import { show${Name} } from '../../../${name}/show.ts';
import type { ${Name}Result } from '../../../${name}/show.ts';
import { GardeCommand, messagesOf } from '../../gardeCommand.ts';

const messages = messagesOf('garde.${name}.show');

export type ${Name}ShowResult = ${Name}Result;

export default class ${Name}Show extends GardeCommand<${Name}ShowResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  public static override readonly examples = messages.getMessages('examples');

  public async run(): Promise<${Name}ShowResult> {
    await this.parse(${Name}Show);
    return show${Name}({ clock: systemClock }, this.tell);
  }
}
`,
  [`messages/garde.${name}.show.md`]: `# summary

Show ${name}.

# description

Say what it shows and what it does not.

# examples

- Show it:

  <%= config.bin %> <%= command.id %>
`,
  [`tests/${name}/plan${Name}.test.ts`]: `import { describe, expect, it } from '@jest/globals';
import { plan${Name} } from '../../scripts/${name}/plan${Name}.ts';

describe('plan${Name}', () => {
  it('gives the same plan for the same input', () => {
    const input = { asOf: '2026-01-01' };
    expect(plan${Name}(input)).toEqual(plan${Name}(input));
  });
});
`,
};

const taken = Object.keys(files).filter((path) => existsSync(join(root, path)));
if (taken.length > 0) {
  process.stderr.write(`already there, nothing written: ${taken.join(', ')}\n`);
  process.exit(1);
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`${path}\n`);
}
process.stdout.write(
  `\nnext: add '${name}' to the features in .dependency-cruiser.cjs if it is not there,\n      then node bin/dev.js snapshot generate\n`,
);

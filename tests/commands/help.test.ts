import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Config, Parser } from '@oclif/core';
import type { Command } from '@oclif/core';

const root = fileURLToPath(new URL('../..', import.meta.url));
let commands: Command.Loadable[] = [];
beforeAll(async () => {
  const config = await Config.load({ root });
  commands = config.commands.filter(({ id }) => id.startsWith('garde'));
});

const lineOf = (example: Command.Example): string => (typeof example === 'string' ? example : example.command);

/** The arguments of the command line in an example, quotes read as a shell does. */
const argsIn = (example: Command.Example): readonly string[] | undefined => {
  const line = lineOf(example)
    .split('\n')
    .find((text) => text.includes('<%= config.bin %>'));
  const [, rest] = /<%= config\.bin %> <%= command\.id %>(.*)$/.exec(line ?? '') ?? [];
  return rest
    ?.match(/"[^"]*"|\S+/g)
    ?.map((word) => word.replaceAll('"', ''))
    .filter((word) => word !== '') ?? (rest === undefined ? undefined : []);
};

type Definition = Command.Class['flags'];

/** Flags as they are, but for what looks into a login or the disk: an example names orgs and files that are not here. */
const withoutLookups = (flags: Definition): Definition =>
  Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      flag.type === 'option' && flag.options === undefined && !['sample-rows', 'people', 'seed', 'port', 'limit', 'budget-percent'].includes(name)
        ? { ...flag, parse: async (text: string) => text, default: undefined }
        : flag,
    ]),
  ) as Definition;

describe('the examples in help', () => {
  it('parse: every flag exists, takes the value shown, and none that is required is missing', async () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const loadable of commands) {
      const command = await loadable.load();
      for (const example of command.examples ?? []) {
        const argv = argsIn(example);
        if (argv === undefined) {
          wrong.push(`${loadable.id}: no command line in ${JSON.stringify(example)}`);
          continue;
        }
        seen += 1;
        try {
          const flags = withoutLookups({ ...command.baseFlags, ...command.flags } as Definition);
          await Parser.parse([...argv], { flags, args: command.args, strict: true, '--': false } as never);
        } catch (error) {
          wrong.push(`${loadable.id} ${argv.join(' ')}: ${(error as Error).message}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(commands.length);
  });
});

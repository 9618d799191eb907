/** Run as a process of its own (jest cannot load the CLI's own modules side by side): prints commands and examples. */
import { fileURLToPath } from 'node:url';
import { Config, Flags as OclifFlags, Parser } from '@oclif/core';
import type { Command } from '@oclif/core';

export type ListedCommand = {
  readonly id: string;
  readonly summary?: string;
  readonly description?: string;
  readonly enableJsonFlag: boolean;
  readonly flags: Readonly<
    Record<string, { readonly char?: string; readonly summary?: string; readonly description?: string }>
  >;
  readonly examples: readonly ListedExample[];
};

export type ListedExample = {
  readonly text: string;
  /** What is wrong with its command line; undefined when it parses. */
  readonly problem?: string;
};

const PLACEHOLDER = '<%= config.bin %> <%= command.id %>';

const textOf = (example: Command.Example): string =>
  typeof example === 'string' ? example : `${example.description}\n${example.command}`;

/** The words after the command's name, quotes read as a shell does; undefined without a command line. */
const wordsIn = (text: string): readonly string[] | undefined =>
  text
    .split('\n')
    .find((line) => line.includes(PLACEHOLDER))
    ?.split(PLACEHOLDER)[1]
    ?.match(/(?:"[^"]*"|[^\s"])+/g)
    ?.map((word) => word.replaceAll('"', ''));

type Flags = Command.Class['flags'];

/** What an example names is not here: orgs and files are taken as words, everything else as the command takes it. */
const LOOKED_UP = [
  ...['target-org', 'plan', 'charter', 'output-dir', 'passphrase-file', 'new-passphrase-file'],
  ...['copy', 'identity', 'export', 'recipient-file', 'out', 'witness'],
];
const withoutLookups = (flags: Flags): Flags =>
  Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      LOOKED_UP.includes(name) || name === 'api-version'
        ? { ...flag, parse: (word: string) => Promise.resolve(word), default: undefined, defaultHelp: undefined }
        : flag,
    ]),
  ) as Flags;

/** Files that an example names as arguments, as words. */
const asWords = (args: Command.Class['args']): Command.Class['args'] =>
  Object.fromEntries(
    Object.entries(args).map(([name, arg]) => [name, { ...arg, parse: (word: string) => Promise.resolve(word) }]),
  );

const checked = async (
  { flags: cached }: Command.Loadable,
  command: Command.Class,
  example: Command.Example,
): Promise<ListedExample> => {
  const text = textOf(example);
  const words = text.includes(PLACEHOLDER) ? (wordsIn(text) ?? []) : undefined;
  if (words === undefined) return { text, problem: 'it has no command line' };
  // the default org is on nobody's machine here
  const target = cached['target-org'];
  const needsOrg = target?.required === true && !words.includes('--target-org');
  const argv = [...words, ...(needsOrg ? ['--target-org', 'default'] : [])];
  const json = command.enableJsonFlag ? { json: OclifFlags.boolean() } : {};
  const flags = withoutLookups({ ...command.baseFlags, ...command.flags, ...json });
  try {
    await Parser.parse(argv, { flags, args: asWords(command.args), strict: true });
    return { text };
  } catch (error) {
    return { text, problem: (error as Error).message };
  }
};

const listed = async (loadable: Command.Loadable): Promise<ListedCommand> => {
  const command = await loadable.load();
  const { id, summary, description, flags } = loadable;
  const examples = await Promise.all((loadable.examples ?? []).map((example) => checked(loadable, command, example)));
  return {
    ...{ id, flags, examples },
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    enableJsonFlag: command.enableJsonFlag,
  };
};

const config = await Config.load({ root: fileURLToPath(new URL('../..', import.meta.url)) });
const commands: ListedCommand[] = [];
for (const command of config.commands.filter(({ id }) => id.startsWith('garde'))) commands.push(await listed(command));
process.stdout.write(JSON.stringify(commands));

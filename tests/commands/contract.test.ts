import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ListedCommand } from './listCommands.ts';
import { listCommands } from './runCommand.ts';

let commands: readonly ListedCommand[] = [];
const root = fileURLToPath(new URL('../..', import.meta.url));

beforeAll(async () => {
  commands = await listCommands();
});

describe('every command', () => {
  it('is found where its file lies', () => {
    const files = readdirSync(join(root, 'scripts/commands/garde'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `garde:${name.slice(0, -3).split(/[\\/]/).join(':')}`);
    expect(commands.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it('has a summary of one sentence, a description and examples that name it', () => {
    for (const command of commands) {
      expect({ id: command.id, summary: command.summary }).toEqual({
        id: command.id,
        summary: expect.stringMatching(/^[A-Z].+\.$/),
      });
      expect(command.description?.length ?? 0).toBeGreaterThan(command.summary?.length ?? 0);
      const examples = command.examples.map(({ text }) => text);
      expect({
        id: command.id,
        named: examples.length > 0 && examples.every((text) => text.includes('command.id')),
      }).toEqual({ id: command.id, named: true });
    }
  });

  it('has its own message file', () => {
    const missing = commands.filter(({ id }) => !existsSync(join(root, 'messages', `${id.replaceAll(':', '.')}.md`)));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('has kebab-case flags with summaries, no short form twice, and leaves -h and --json to the framework', () => {
    for (const command of commands) {
      const flags = Object.entries(command.flags).filter(([name]) => !['json', 'flags-dir'].includes(name));
      for (const [name, flag] of flags) {
        expect({ id: command.id, name }).toEqual({ id: command.id, name: expect.stringMatching(/^[a-z]+(-[a-z]+)*$/) });
        expect({ id: command.id, name, told: (flag.summary ?? flag.description ?? '').length > 0 }).toEqual({
          id: command.id,
          name,
          told: true,
        });
      }
      const short = flags.map(([, flag]) => flag.char).filter((character) => character !== undefined);
      expect(new Set(short).size).toBe(short.length);
      expect(short).not.toContain('h');
    }
  });

  it('offers --json', () => {
    expect(commands.filter(({ enableJsonFlag }) => !enableJsonFlag).map(({ id }) => id)).toEqual([]);
  });
});

describe('message files', () => {
  const files = readdirSync(join(root, 'messages')).filter((name) => name.endsWith('.md'));
  const source = (name: string): string => {
    const path = join(root, 'scripts', 'commands', `${name.slice(0, -3).replaceAll('.', '/')}.ts`);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };

  it.each(files)('%s belongs to a command', (name) => {
    expect(source(name)).not.toBe('');
  });
});

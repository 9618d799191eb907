import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ListedCommand } from './listCommands.ts';
import { listCommands } from './runCommand.ts';

let commands: readonly ListedCommand[] = [];
beforeAll(async () => {
  commands = await listCommands();
});

describe('the examples in help', () => {
  it('parse: every flag exists, takes the value shown, and none that is required is missing', () => {
    const wrong = commands.flatMap(({ id, examples }) =>
      examples.filter(({ problem }) => problem !== undefined).map((example) => ({ id, ...example })),
    );
    expect(wrong).toEqual([]);
    expect(commands.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });
});

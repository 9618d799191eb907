import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as waitFor } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createExchanges } from '../../../scripts/org/exchanges.ts';
import { cassette } from '../../../scripts/probe/cassette.ts';
import type { Cassette } from '../../../scripts/probe/cassette.ts';
import { replay } from '../../../scripts/probe/replay.ts';
import { startTwin } from '../../../scripts/twin/startTwin.ts';
import { connectionTo, orgAs } from '../../org/twinConnection.ts';
import { deployBench } from '../../probe/bench.ts';

const folder = new URL('./', import.meta.url);
const named = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'differences.json');
const read = (name: string): Cassette =>
  cassette.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown);

type Known = { cassette: string; exchange: string; path: string; why: string };
/** Where the twin is known to answer otherwise, and why it may. */
const known = JSON.parse(readFileSync(new URL('differences.json', folder), 'utf8')) as readonly Known[];

/** `exchange path` of everything that differs. */
const differencesOf = async (tape: Cassette): Promise<readonly string[]> => {
  const twin = await startTwin({ shape: 'npsp', port: 0, production: true });
  try {
    if (tape.bench === true) await deployBench(await orgAs(twin, 'admin'), twin.users['admin']!.userId);
    const { userId, username } = twin.users['admin']!;
    const results = await replay(tape, {
      exchanges: createExchanges(await connectionTo(twin, 'admin')),
      given: { instance: twin.instanceUrl, orgId: twin.orgId, userId, username },
      wait: (milliseconds) => waitFor(milliseconds),
    });
    return results.flatMap(({ name, differences }) => differences.map(({ path }) => `${name} | ${path}`));
  } finally {
    await twin.close();
  }
};

describe('recorded answers', () => {
  it.each(named)('%s: the twin answers as the org did, but for the differences that are listed', async (name) => {
    const listed = known.filter((one) => one.cassette === name).map((one) => `${one.exchange} | ${one.path}`);
    expect(await differencesOf(read(name))).toEqual(listed);
  });

  it('come from orgs and publications, never from a twin', () => {
    expect(named.filter((name) => read(name).source.kind === 'twin')).toEqual([]);
  });

  it('hold no id, address or instant of anybody', () => {
    const address = /@(?![\w.-]*\.(?:example|invalid)\b)[\w.-]+\.\w+|\d{4}-\d{2}-\d{2}T\d{2}:/;
    expect(named.filter((name) => address.test(readFileSync(new URL(name, folder), 'utf8')))).toEqual([]);
  });

  it('are there for every listed difference', () => {
    expect(known.filter((one) => !named.includes(one.cassette))).toEqual([]);
  });
});

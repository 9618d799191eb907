import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOLDING_KINDS, HOLDINGS } from '../../scripts/model/holdings.ts';
import { codeOf, keyKit, LATER, ORG } from './keyTestKit.ts';
import type { KeyKit } from './keyTestKit.ts';

let kit: KeyKit;
beforeEach(() => {
  kit = keyKit();
});
afterEach(() => {
  kit.remove();
});

const dossier = async (): Promise<{ readonly id: string; readonly path: string }> => {
  const path = join(kit.folder, 'dossier.zip.age');
  const { holding } = await kit.vault().sealForRecipient('access-dossier', ORG, Buffer.from('x'), {
    expiresAt: '2026-01-20T00:00:00.000Z',
    path,
  });
  return { id: holding.id, path };
};

describe('kinds of holdings', () => {
  it('have a word in both languages', () => {
    for (const language of ['en', 'fr']) {
      const texts = JSON.parse(readFileSync(`messages/${language}/commands.json`, 'utf8')) as Record<string, string>;
      expect(HOLDING_KINDS.filter((kind) => texts[`word.kind.${kind}`] === undefined)).toEqual([]);
    }
    expect(Object.values(HOLDINGS).filter(({ content, expiry }) => content.fr === '' || expiry.fr === '')).toEqual([]);
  });
});

describe('named outputs', () => {
  it('go at their expiry', async () => {
    const { id, path } = await dossier();
    expect(kit.vault().inspect(ORG)).toMatchObject([{ id, state: 'kept' }]);
    expect(kit.vault().sweep('2026-01-20T00:00:00.000Z')).toMatchObject([{ id }]);
    expect([existsSync(path), kit.vault().holdings()]).toEqual([false, []]);
  });

  it('are not mistaken for another file that lies at their path since', async () => {
    const { path } = await dossier();
    writeFileSync(path, 'my own notes');
    expect(kit.vault().inspect(ORG)).toMatchObject([{ state: 'replaced' }]);
    kit.vault().sweep('2026-01-20T00:00:00.000Z');
    expect([readFileSync(path, 'utf8'), kit.vault().holdings()]).toEqual(['my own notes', []]);
  });

  it('that were moved away are told as gone', async () => {
    const { path } = await dossier();
    rmSync(path);
    expect(kit.vault().inspect(ORG)).toMatchObject([{ state: 'gone', bytes: 0 }]);
  });
});

describe('what is in use', () => {
  it('is left by the sweep and refused to removal as long as another uses it', async () => {
    const vault = kit.vault();
    const { store, holding } = vault.createStore('snapshot', ORG, '2026-01-20T00:00:00.000Z');
    const other = kit.vault();
    const left: string[] = [];
    expect(other.inspect(ORG)).toMatchObject([{ state: 'in-use' }]);
    expect(other.sweep(LATER, ({ id }) => left.push(id))).toEqual([]);
    expect(left).toEqual([holding.id]);
    expect(await codeOf(() => other.remove(holding.id))).toBe('HoldingInUse');
    store.close();
    expect(other.inspect(ORG)).toMatchObject([{ state: 'kept' }]);
    expect(other.sweep(LATER)).toMatchObject([{ id: holding.id }]);
    expect(await codeOf(() => vault.openStore(holding.id))).toBe('HoldingGone');
    expect(kit.vault().strays([])).toEqual([]);
  });

  it('goes with the one who uses it, if that one says so', () => {
    const vault = kit.vault();
    const { store, holding } = vault.createStore('snapshot', ORG, LATER);
    if (process.platform === 'win32') store.close();
    vault.remove(holding.id);
    expect(vault.holdings()).toEqual([]);
    store.close();
  });

  it('is free again when its process ends, however it ends', () => {
    const { store, holding } = kit.vault().createStore('snapshot', ORG, LATER);
    store.close();
    const code = `
      import { createVault } from ${JSON.stringify(join(process.cwd(), 'scripts/vault/createVault.ts'))};
      import { randomBytes } from 'node:crypto';
      const vault = createVault({ dataDir: ${JSON.stringify(kit.dataDir)}, now: () => '', random: randomBytes });
      vault.openStore('${holding.id}');
      console.log(vault.lock('${holding.id}') !== undefined);
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(child.stdout.trim()).toBe('true');
    const release = kit.vault().lock(holding.id);
    expect(release).toBeDefined();
    expect(kit.vault().lock(holding.id)).toBeUndefined();
    release?.();
    kit.vault().remove(holding.id);
    expect(kit.vault().holdings()).toEqual([]);
  });
});

describe('two processes at once', () => {
  it('make one keyring and lose nothing of each other while one renews the key', async () => {
    const code = `
      import { createVault } from ${JSON.stringify(join(process.cwd(), 'scripts/vault/createVault.ts'))};
      import { randomBytes } from 'node:crypto';
      const vault = createVault({
        dataDir: ${JSON.stringify(kit.dataDir)}, now: () => '2026-01-15T08:00:00.000Z', random: randomBytes });
      const ids = [];
      for (let n = 0; n < 25; n += 1) {
        const { store, holding } = vault.createStore('snapshot', '${ORG}', '${LATER}');
        store.close();
        ids.push(holding.id);
      }
      console.log(JSON.stringify(ids));`;
    const { spawn } = await import('node:child_process');
    const runs = [0, 1].map(
      () =>
        new Promise<readonly string[]>((resolve, reject) => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', code]);
          let said = '';
          let failed = '';
          child.stdout.on('data', (part: Buffer) => (said += part.toString()));
          child.stderr.on('data', (part: Buffer) => (failed += part.toString()));
          child.once('close', (status) => {
            if (status === 0) resolve(JSON.parse(said) as readonly string[]);
            else reject(new Error(failed));
          });
        }),
    );
    const ended = Promise.all(runs);
    let rotations = 0;
    while (rotations < 5) {
      await kit.keys().rotate(ORG);
      rotations += 1;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const made = (await ended).flat();
    expect(made).toHaveLength(50);
    await kit.keys().rotate(ORG);
    const vault = kit.vault();
    for (const id of made) vault.openStore(id).close();
    expect(kit.keys().status(ORG).holdings).toEqual([{ kind: 'snapshot', count: 50 }]);
  });
});

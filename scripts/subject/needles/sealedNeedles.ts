import { GardeError } from '../../kernel/result.ts';
import type { Holding, Vault } from '../../vault/port.ts';
import { needles, type Needles } from './contract.ts';

/** Keeps what identifies a person until the scan after their erasure, and no longer than `expiresAt`. */
export const sealNeedles = (
  vault: Pick<Vault, 'seal'>,
  orgId: string,
  kept: Needles,
  expiresAt: string,
): Promise<Holding> =>
  vault.seal('erasure-needles', orgId, Buffer.from(JSON.stringify(kept), 'utf8'), {
    expiresAt,
    fileName: 'needles.json',
  });

/** GardeError `NeedlesUnreadable`; the vault's own when the holding is gone. */
export const openNeedles = async (vault: Pick<Vault, 'open'>, holdingId: string): Promise<Needles> => {
  const parsed = needles.safeParse(parsedJson(Buffer.from(await vault.open(holdingId)).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new GardeError([
    {
      code: 'NeedlesUnreadable',
      subject: holdingId,
      message: 'What identifies the person was sealed by another version of Garde.',
      actions: ['Scan with the version that planned the erasure, or name the person with --person.'],
    },
  ]);
};

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

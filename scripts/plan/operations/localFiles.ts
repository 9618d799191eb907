import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Holding } from '../../vault/port.ts';
import type { OperationPorts } from './contract.ts';
import { vaultOf } from './uploadFile.ts';

/** A file name that says which steps it was made for and nothing else, so that it is found again after a crash. */
export const nameFor = (prefix: string, keys: readonly string[]): string =>
  `${prefix}-${createHash('sha256')
    .update(JSON.stringify([...keys].sort()))
    .digest('hex')
    .slice(0, 32)}`;

/**
 * The holding of this org with this name; undefined when there is none. A holding is listed before its file is written,
 * and the file is in place only when it is whole: without a file nothing was kept.
 */
export const holdingNamed = (ports: OperationPorts, orgId: string, name: string): Holding | undefined =>
  vaultOf(ports)
    .holdings(orgId)
    .find((one) => one.path.endsWith(`-${name}.age`) && existsSync(one.path));

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A time-stamp authority of its own on this machine, made with openssl. */
export type LocalAuthority = {
  /** Certificate of the root, PEM, and where it lies. */
  readonly root: string;
  readonly rootPath: string;
  /** Answers a query; `unfit` signs with a certificate that is not for time-stamps alone. */
  readonly answer: (query: Uint8Array) => Promise<Uint8Array>;
  readonly remove: () => void;
};

const CONFIG = `
[ tsa ]
default_tsa = here
[ here ]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ root ]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[ stamp ]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ other ]
extendedKeyUsage = timeStamping,codeSigning
[ req ]
distinguished_name = dn
prompt = no
[ dn ]
CN = unused
`;

type Kind = 'rsa' | 'ec' | 'not-critical';

/** Errors when openssl is missing: the time-stamp tests need it and say so. */
export const openLocalAuthority = (kind: Kind = 'rsa'): LocalAuthority => {
  const folder = mkdtempSync(join(tmpdir(), 'garde-tsa-'));
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  writeFileSync(join(folder, 'tsa.cnf'), CONFIG);
  writeFileSync(join(folder, 'serial'), '01\n');
  const key = kind === 'ec' ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['-newkey', 'rsa:2048'];
  const request = ['req', '-config', 'tsa.cnf', '-nodes', ...key];
  openssl(
    ...request,
    '-x509',
    '-days',
    '3650',
    '-extensions',
    'root',
    '-subj',
    '/CN=Test root',
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
  );
  openssl(...request, '-subj', '/CN=Test authority', '-keyout', 'tsa.key', '-out', 'tsa.csr');
  const signing = ['-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-days', '3650', '-extfile', 'tsa.cnf'];
  openssl('x509', '-req', '-in', 'tsa.csr', ...signing, '-extensions', 'stamp', '-out', 'tsa.pem');
  return {
    root: readFileSync(join(folder, 'root.pem'), 'utf8'),
    rootPath: join(folder, 'root.pem'),
    answer: (query) => {
      writeFileSync(join(folder, 'query.tsq'), query);
      const signer = ['-signer', 'tsa.pem', '-inkey', 'tsa.key', '-chain', 'root.pem'];
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', ...signer, '-out', 'reply.tsr');
      return Promise.resolve(readFileSync(join(folder, 'reply.tsr')));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ComponentSet } from '@salesforce/source-deploy-retrieve';
import { problemsOf, readSchema } from './metadataSchema.ts';
import { elements, readXml, textOf, texts } from './packageSource.ts';

const ROOT = 'config/unattended';
const files = readdirSync(ROOT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
  .sort();
const contentOf = (suffix: string) => readXml(files.find((path) => path.endsWith(suffix))!).content;

describe('metadata of the unattended login', () => {
  it('is as the official metadata WSDL wants it', () => {
    const schema = readSchema();
    expect(files.length).toBe(7);
    const problems = files.flatMap((path) => {
      const { root, content } = readXml(path);
      return schema.roots.includes(root) ? problemsOf(schema, root, content, path) : [`${path}: ${root}`];
    });
    expect(problems).toEqual([]);
  });

  it('is what the official library deploys, and all that the manifest lists', () => {
    const found = [...ComponentSet.fromSource(ROOT).getSourceComponents()].map(
      ({ type, fullName }) => `${type.name} ${fullName}`,
    );
    const listed = elements(readXml(`${ROOT}/package.xml`).content, 'types').flatMap((one) =>
      texts(one, 'members').map((member) => `${textOf(one, 'name') ?? ''} ${member}`),
    );
    expect([...found].sort()).toEqual([...listed].sort());
    expect(found).toHaveLength(6);
  });

  it('is in no folder that `garde deploy` sends, and holds neither key, secret nor certificate', () => {
    const manifest = readFileSync('manifest/package.xml', 'utf8');
    expect(manifest).not.toMatch(/Extl|ExternalClient|GardeUnattended/);
    for (const path of files) {
      expect(readFileSync(path, 'utf8')).not.toMatch(/consumerKey|consumerSecret|BEGIN |<certificate>|@/);
    }
  });

  it('lets in whom an administrator let in, by JWT alone, from the network the org allows, without refresh tokens', () => {
    const policies = contentOf('.ecaOauthPlcy');
    expect(textOf(policies, 'permittedUsersPolicyType')).toBe('AdminApprovedPreAuthorized');
    expect(textOf(policies, 'ipRelaxationPolicyType')).toBe('Enforce');
    expect(textOf(policies, 'refreshTokenPolicyType')).toBe('Zero');
    const flows = contentOf('.ecaGlblOauth');
    for (const flow of ['ClientCredentialsFlow', 'CodeCredFlow', 'DeviceFlow', 'NamedUserJwt', 'TokenExchange']) {
      expect(textOf(flows, `is${flow}Enabled`)).toBe('false');
    }
    expect(textOf(contentOf('.ecaOauth'), 'commaSeparatedOauthScopes')).toBe('Api, RefreshToken');
    const rights = elements(contentOf('.permissionset'), 'userPermissions').map((one) => textOf(one, 'name'));
    expect(rights).toEqual(['ApiEnabled']);
  });
});

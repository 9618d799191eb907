import { describe, expect, it } from '@jest/globals';
import { comparePackage, componentDigest, keyOf } from '../../scripts/installation/comparePackage.ts';
import type { MetadataComponent } from '../../scripts/org/port.ts';

const component = (xml: MetadataComponent['xml'], files: MetadataComponent['files'] = {}): MetadataComponent => ({
  type: 'CustomField',
  fullName: 'Probe__c.Kind__c',
  xml,
  files,
});
const built = component({ label: 'Kind', values: [{ name: 'a' }, { name: 'b' }] }, { 'x.js': 'one\n' });
const state = (found?: MetadataComponent, recorded?: string): string =>
  comparePackage(
    [built],
    found === undefined ? [] : [found],
    new Map(recorded === undefined ? [] : [[keyOf(built), recorded]]),
  )[0]!.state;

describe('comparePackage', () => {
  it('calls new what the org has not', () => {
    expect(state()).toBe('new');
  });

  it('calls the same what the org says too, whatever it adds, in whatever order', () => {
    const found = component(
      { values: [{ name: 'b', default: 'false' }, { name: 'a' }, { name: 'c' }], label: ' Kind ', externalId: 'false' },
      { 'x.js': 'one' },
    );
    expect(state(found)).toBe('same');
  });

  it('calls foreign what differs and was never deployed from here', () => {
    expect(state(component({ label: 'Sort' }))).toBe('foreign');
    expect(state(component(built.xml, { 'x.js': 'two' }))).toBe('foreign');
  });

  it('calls ours what is as it was after our last deployment, and changed what is not', () => {
    const before = component({ label: 'Old label' });
    expect(state(before, componentDigest(before))).toBe('ours');
    expect(state(component({ label: 'Their label' }), componentDigest(before))).toBe('changed');
  });
});

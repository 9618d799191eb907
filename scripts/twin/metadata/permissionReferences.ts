import type { MetadataWorld } from './deployContext.ts';
import { ComponentProblem } from './problem.ts';
import { childrenOf, textIn, type XmlElement } from './xmlTree.ts';

type Reference = {
  readonly element: string;
  readonly field: string;
  readonly type: string;
  readonly exists: (world: MetadataWorld, name: string) => boolean;
};

const deployed =
  (type: string) =>
  (world: MetadataWorld, name: string): boolean =>
    world.state.has(type, name);

/** `standard-Account`, `standard__Sales`: the platform's own, which every org has. */
const standardOr =
  (type: string) =>
  (world: MetadataWorld, name: string): boolean =>
    name.startsWith('standard-') || name.startsWith('standard__') || world.state.has(type, name);

const hasRecordType = (world: MetadataWorld, name: string): boolean => {
  const [object = '', type = ''] = name.split('.');
  return (world.registry.object(object)?.recordTypes ?? []).some((each) => each.developerName === type);
};

const references: readonly Reference[] = [
  {
    element: 'applicationVisibilities',
    field: 'application',
    type: 'CustomApplication',
    exists: standardOr('CustomApplication'),
  },
  { element: 'tabSettings', field: 'tab', type: 'CustomTab', exists: standardOr('CustomTab') },
  { element: 'tabVisibilities', field: 'tab', type: 'CustomTab', exists: standardOr('CustomTab') },
  { element: 'customPermissions', field: 'name', type: 'CustomPermission', exists: deployed('CustomPermission') },
  { element: 'classAccesses', field: 'apexClass', type: 'ApexClass', exists: deployed('ApexClass') },
  { element: 'pageAccesses', field: 'apexPage', type: 'ApexPage', exists: deployed('ApexPage') },
  { element: 'flowAccesses', field: 'flow', type: 'Flow', exists: deployed('Flow') },
  { element: 'recordTypeVisibilities', field: 'recordType', type: 'RecordType', exists: hasRecordType },
];

/** Everything a permission set or profile names must be in the org. */
export const checkReferences = (world: MetadataWorld, root: XmlElement): void => {
  for (const { element, field, type, exists } of references) {
    for (const entry of childrenOf(root, element)) {
      const name = textIn(entry, field) ?? '';
      if (exists(world, name)) continue;
      throw new ComponentProblem(`In field: ${field} - no ${type} named ${name} found`, entry);
    }
  }
};

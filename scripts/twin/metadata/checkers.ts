import type { MetadataWorld } from './deployContext.ts';
import { checkElements } from './fieldChecks.ts';
import { ComponentProblem } from './problem.ts';
import { childrenOf, flagIn, textIn, type XmlElement } from './xmlTree.ts';

export type Checker = (world: MetadataWorld, fullName: string, root: XmlElement) => void;

const noObject = (name: string, place: XmlElement): ComponentProblem =>
  new ComponentProblem(`In field: customObject - no CustomObject named ${name} found`, place);

/** A tab of a custom object has the object's name. */
const checkTab: Checker = ({ registry }, fullName, root) => {
  checkElements('CustomTab', root);
  if (flagIn(root, 'customObject') && registry.object(fullName) === undefined) throw noObject(fullName, root);
};

const checkApplication: Checker = ({ state }, _fullName, root) => {
  checkElements('CustomApplication', root);
  if (textIn(root, 'label') === undefined) throw new ComponentProblem('Required field is missing: label', root);
  for (const tab of childrenOf(root, 'tabs')) {
    const name = tab.text.trim();
    if (name.startsWith('standard-') || state.has('CustomTab', name)) continue;
    throw new ComponentProblem(`In field: tab - no CustomTab named ${name} found`, tab);
  }
};

const layoutFields = (root: XmlElement): readonly XmlElement[] =>
  childrenOf(root, 'layoutSections')
    .flatMap((section) => childrenOf(section, 'layoutColumns'))
    .flatMap((column) => childrenOf(column, 'layoutItems'))
    .filter((item) => textIn(item, 'field') !== undefined);

/** `GardeRequest__c-Garde Request Layout`. */
const checkLayout: Checker = ({ registry }, fullName, root) => {
  checkElements('Layout', root);
  const object = fullName.slice(0, fullName.indexOf('-'));
  if (fullName.indexOf('-') < 1 || registry.object(object) === undefined) {
    throw new ComponentProblem('Parent entity failed to deploy', root);
  }
  for (const item of layoutFields(root)) {
    const field = textIn(item, 'field') ?? '';
    if (registry.field(object, field) !== undefined || registry.field(object, `${field}Id`) !== undefined) continue;
    throw new ComponentProblem(`In field: field - no CustomField named ${object}.${field} found`, item);
  }
};

const descendants = (root: XmlElement, name: string): readonly XmlElement[] =>
  root.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendants(child, name)]);

const checkPage: Checker = ({ registry, state }, _fullName, root) => {
  checkElements('FlexiPage', root);
  const object = textIn(root, 'sobjectType');
  if (object !== undefined && registry.object(object) === undefined) throw noObject(object, root);
  for (const component of descendants(root, 'componentName')) {
    const name = component.text.trim();
    const own = name.startsWith('c:') ? name.slice(2) : name.includes(':') ? undefined : name;
    if (own === undefined || state.has('LightningComponentBundle', own)) continue;
    throw new ComponentProblem(
      `We couldn't retrieve the design time component information for component ${name}.`,
      component,
    );
  }
};

/** `GardeRequest__c-fr`. */
const checkObjectTranslation: Checker = ({ registry }, fullName, root) => {
  const object = fullName.slice(0, fullName.lastIndexOf('-'));
  if (registry.object(object) === undefined) throw noObject(object, root);
  for (const field of childrenOf(root, 'fields')) {
    const name = textIn(field, 'name') ?? '';
    if (registry.field(object, name) !== undefined || registry.field(object, `${name}Id`) !== undefined) continue;
    throw new ComponentProblem(`In field: name - no CustomField named ${object}.${name} found`, field);
  }
};

const checkReportType: Checker = ({ registry }, _fullName, root) => {
  const object = textIn(root, 'baseObject') ?? '';
  if (registry.object(object) === undefined) throw noObject(object, root);
};

/** What is checked before a component is kept, by type; other types are kept as they came. */
export const checkers: Readonly<Record<string, Checker>> = {
  CustomTab: checkTab,
  CustomApplication: checkApplication,
  Layout: checkLayout,
  FlexiPage: checkPage,
  CustomObjectTranslation: checkObjectTranslation,
  ReportType: checkReportType,
};

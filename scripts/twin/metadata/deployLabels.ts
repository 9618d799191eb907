import type { Component } from './components.ts';
import { named, type DeployContext } from './deployContext.ts';
import { keep } from './keep.ts';
import { ComponentProblem } from './problem.ts';
import { childrenOf, parseXml, textIn, type XmlElement } from './xmlTree.ts';

/** The row that the Tooling API shows and that formulas read. */
const saveLabel = ({ store }: DeployContext, name: string, element: XmlElement): void => {
  const row = {
    Name: name,
    MasterLabel: textIn(element, 'shortDescription') ?? name,
    Value: textIn(element, 'value') ?? '',
    Language: textIn(element, 'language') ?? null,
    Category: textIn(element, 'categories') ?? null,
    IsProtected: textIn(element, 'protected') === 'true',
  };
  const known = store.find('ExternalString', 'Name', name)[0];
  if (known === undefined) store.insertRaw('ExternalString', row);
  else store.updateRaw('ExternalString', String(known['Id']), row);
};

const NEEDED = ['language', 'shortDescription', 'value', 'protected'] as const;

/** Custom labels: one message per label; labels that the file does not name stay. */
export const deployLabels = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = parseXml(component.files[0]?.content ?? new Uint8Array());
    for (const element of childrenOf(root, 'labels')) {
      const child = { type: 'CustomLabel', fullName: textIn(element, 'fullName') ?? '', fileName: component.fileName };
      context.report.attempt(child, () => {
        if (child.fullName === '') throw new ComponentProblem('Required field is missing: fullName', element);
        for (const name of NEEDED) {
          if (textIn(element, name) === undefined)
            throw new ComponentProblem(`Required field is missing: ${name}`, element);
        }
        saveLabel(context, child.fullName, element);
        keep(context, { ...child, element });
      });
    }
    keep(context, { ...named(component), files: component.files });
  });
};

import type { Component } from './components.ts';
import { named, type DeployContext } from './deployContext.ts';
import { keep } from './keep.ts';
import { ComponentProblem } from './problem.ts';
import { flagIn, parseXml, textIn } from './xmlTree.ts';

const NAME = /^[A-Za-z](?!.*__)(?!.*_$)\w*$/;

/** `lwc/x/x.js` of bundle x. */
const has = (component: Component, suffix: string): boolean => {
  const path = `lwc/${component.fullName}/${component.fullName}${suffix}`;
  return component.files.some((file) => file.path === path);
};

const checkMeta = (component: Component): void => {
  const file = component.files.find((each) => each.path.endsWith(`/${component.fullName}.js-meta.xml`));
  if (file === undefined) throw new ComponentProblem(`Cannot find Lightning Component Bundle ${component.fullName}`);
  const root = parseXml(file.content);
  if (root.name !== 'LightningComponentBundle') {
    throw new ComponentProblem(
      `The root element of a .js-meta.xml file is LightningComponentBundle, not ${root.name}`,
      root,
    );
  }
  if (textIn(root, 'apiVersion') === undefined)
    throw new ComponentProblem('Required field is missing: apiVersion', root);
  if (flagIn(root, 'isExposed') && !root.children.some((child) => child.name === 'targets')) {
    throw new ComponentProblem('An exposed component names its targets', root);
  }
};

const ALLOWED = /\.(?:js|html|css|svg|js-meta\.xml)$/;

/**
 * A Lightning web component: emitted JavaScript, since the platform takes no TypeScript. Texts of the platform as
 * seen in deployments (forcedotcom/salesforcedx-vscode#3823, jamessimone/lwc-paginator#1).
 */
export const deployBundle = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    if (!NAME.test(component.fullName)) {
      throw new ComponentProblem(
        'Name: The Lightning Web Component Bundle API Name can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores.',
      );
    }
    checkMeta(component);
    if (!has(component, '.js')) throw new ComponentProblem(`No base file for markup://c:${component.fullName}`);
    const odd = component.files.find((file) => !ALLOWED.test(file.path) && !file.path.includes('/__'));
    if (odd !== undefined)
      throw new ComponentProblem(`Unsupported file in a Lightning web component bundle: ${odd.path}`);
    keep(context, { ...named(component), files: component.files });
  });
};

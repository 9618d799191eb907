import type { Component } from './components.ts';
import { named, type DeployContext } from './deployContext.ts';
import { keep } from './keep.ts';
import { ComponentProblem } from './problem.ts';
import { element, parseXml, textIn, type XmlElement } from './xmlTree.ts';

const STATUSES = new Set(['Active', 'Draft', 'Obsolete', 'InvalidDraft']);

const withStatus = (root: XmlElement, status: string): XmlElement => ({
  ...root,
  children: root.children.map((child) =>
    child.name === 'status' ? { ...child, ...element('status', status) } : child,
  ),
});

/** A version row and the definition row that points at it. */
const saveRows = (context: DeployContext, name: string, root: XmlElement, status: string): void => {
  const { store } = context;
  const label = textIn(root, 'label') ?? name;
  const known = store.find('FlowDefinitionView', 'ApiName', name)[0];
  const definition = known === undefined ? context.state.newId('Flow') : String(known['Id']);
  const versionNumber = store.find('Flow', 'DefinitionId', definition).length + 1;
  const processType = textIn(root, 'processType') ?? 'AutoLaunchedFlow';
  const made = { CreatedById: context.userId, LastModifiedById: context.userId };
  const version = store.insertRaw('Flow', {
    DefinitionId: definition,
    MasterLabel: label,
    Status: status,
    ProcessType: processType,
    VersionNumber: versionNumber,
    ManageableState: 'unmanaged',
    ...made,
  });
  const active = status === 'Active';
  const view = {
    ApiName: name,
    Label: label,
    ProcessType: processType,
    IsActive: active,
    ActiveVersionId: active ? version : (known?.['ActiveVersionId'] ?? null),
    LatestVersionId: version,
    VersionNumber: versionNumber,
    DurableId: definition,
  };
  if (known === undefined) store.insertRaw('FlowDefinitionView', { Id: definition, ...view });
  else store.updateRaw('FlowDefinitionView', definition, { ...view, IsActive: active || known['IsActive'] === true });
};

/**
 * A flow. In production a version deployed as active arrives as a draft, unless the org opts in to active deployment
 * with test coverage: https://help.salesforce.com/s/articleView?id=sf.flow_distribute_deploy_active.htm
 * The twin runs no flow; `notRehearsed` names those that are active.
 */
export const deployFlow = (context: DeployContext, component: Component): void => {
  context.report.attempt(named(component), () => {
    const root = parseXml(component.files[0]?.content ?? new Uint8Array());
    if (root.name !== 'Flow')
      throw new ComponentProblem(`The root element of a .flow file is Flow, not ${root.name}`, root);
    if (textIn(root, 'label') === undefined) throw new ComponentProblem('Required field is missing: label', root);
    const asked = textIn(root, 'status') ?? 'Draft';
    if (!STATUSES.has(asked)) {
      throw new ComponentProblem(`'${asked}' is not a valid value for the enum 'FlowVersionStatus'`, root);
    }
    const status = context.production && asked === 'Active' ? 'Draft' : asked;
    saveRows(context, component.fullName, root, status);
    keep(context, { ...named(component), element: withStatus(root, status) });
  });
};

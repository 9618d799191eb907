import type { DeployContext } from './deployContext.ts';
import type { StoredComponent } from './metadataState.ts';
import { sameXml } from './xmlTree.ts';

type Draft = Omit<StoredComponent, 'id'>;

const sameFiles = (a: StoredComponent, b: Draft): boolean => {
  if (a.files?.length !== b.files?.length) return false;
  return (a.files ?? []).every((file) => {
    const other = b.files?.find((candidate) => candidate.path === file.path);
    return other !== undefined && Buffer.compare(file.content, other.content) === 0;
  });
};

const isSame = (a: StoredComponent, b: Draft): boolean => {
  if (a.element !== undefined && b.element !== undefined) return sameXml(a.element, b.element) && sameFiles(a, b);
  return a.element === b.element && sameFiles(a, b);
};

/** Stores a component under its old id or a new one, and reports it created, changed or unchanged. */
export const keep = (context: DeployContext, draft: Draft, existed = false): StoredComponent => {
  const known = context.state.get(draft.type, draft.fullName);
  const component = { ...draft, id: known?.id ?? context.state.newId(draft.type) };
  context.state.put(component);
  const created = known === undefined && !existed;
  context.report.succeed(component, { created, changed: created || known === undefined || !isSame(known, draft) });
  return component;
};

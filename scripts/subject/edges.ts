import type { ModelPath, OrgModel } from '../model/orgModel.ts';
import type { LocalisedText } from '../model/text.ts';
import type { EdgeQuery } from './rowSource.ts';

/** An edge ready to be followed from rows of one object. */
export type Edge = {
  /** `down`: rows that point to the given ones; `up`: rows that the given ones point to. */
  readonly direction: 'down' | 'up';
  readonly query: EdgeQuery;
  /** What is found. */
  readonly finds: string;
  readonly role: LocalisedText;
  readonly shared: boolean;
  readonly origin: ModelPath['origin'];
  /** How many of `query.extra` name people: a row that names somebody else is skipped. */
  readonly others: boolean;
};

const marksDeleted = (model: OrgModel, object: string): boolean =>
  model.objects.get(object)?.fields.some((field) => field.name === 'IsDeleted') ?? false;

const queryOf = (model: OrgModel, path: Pick<ModelPath, 'object' | 'via'>, extra: readonly string[]): EdgeQuery => ({
  object: path.object,
  via: path.via,
  extra,
  marksDeleted: marksDeleted(model, path.object),
});

const acceptsFrom = (
  model: OrgModel,
  path: { readonly object: string; readonly via: string },
  from: string,
): boolean => {
  const targets = model.objects.get(path.object)?.fields.find((field) => field.name === path.via)?.referenceTo ?? [];
  return targets.length === 0 || targets.includes(from);
};

/** Edges that leave rows of `from`. Users are staff: what merely hangs off their user record is not about them. */
export const edgesFrom = (model: OrgModel, from: string): readonly Edge[] => {
  const down = model.paths
    .filter((path) => path.to === from)
    .map((path): Edge => ({
      ...path,
      direction: 'down',
      query: queryOf(model, path, path.others),
      finds: path.object,
      others: path.others.length > 0,
    }));
  const up = model.upward
    .filter((path) => path.object === from)
    .map((path): Edge => ({
      ...path,
      direction: 'up',
      query: queryOf(model, path, []),
      finds: path.to,
      others: false,
    }));
  const anywhere = (from === 'User' ? [] : model.anywhere)
    .filter((path) => path.object !== from && acceptsFrom(model, path, from))
    .map((path): Edge => ({
      ...path,
      direction: 'down',
      query: queryOf(model, path, []),
      finds: path.object,
      origin: 'pack',
      others: false,
    }));
  return [...down, ...up, ...anywhere];
};

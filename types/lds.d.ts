// The platform modules our components import; @salesforce/lightning-types has none of them.

declare module '@salesforce/label/*' {
  const label: string;
  export default label;
}

declare module '@salesforce/i18n/lang' {
  const lang: string;
  export default lang;
}

declare module 'lightning/graphql' {
  import type { WireAdapterConstructor } from 'lwc';

  export type GraphqlDocument = { readonly query: string };
  export type GraphqlError = { readonly message: string };
  export type GraphqlResult<Data> = {
    readonly data?: Data;
    readonly errors?: readonly GraphqlError[];
    readonly refresh?: () => Promise<void>;
  };
  export type GraphqlConfig = {
    readonly query: GraphqlDocument | undefined;
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly operationName?: string;
  };

  export function gql(strings: TemplateStringsArray, ...values: readonly unknown[]): GraphqlDocument;
  // The platform's adapter is not generic; a component states the shape of its own query on the property it wires.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a wire adapter's value type cannot be inferred from a query text
  export const graphql: WireAdapterConstructor<GraphqlConfig, GraphqlResult<any>>;

  export type MutationConfig = {
    readonly query: GraphqlDocument;
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly operationName?: string;
  };
  export function executeMutation(
    config: MutationConfig,
  ): Promise<{ readonly data?: unknown; readonly errors?: readonly GraphqlError[] }>;
}

declare module 'lightning/uiObjectInfoApi' {
  import type { WireAdapterConstructor } from 'lwc';

  /** As much of an object info as our components read. */
  export type ObjectInfo = {
    readonly apiName: string;
    readonly createable: boolean;
    readonly updateable?: boolean;
  };
  export type ObjectInfoResult = { readonly data?: ObjectInfo; readonly error?: unknown };
  export const getObjectInfo: WireAdapterConstructor<{ readonly objectApiName: string }, ObjectInfoResult>;
}

declare module '@salesforce/user/Id' {
  const userId: string;
  export default userId;
}

declare module 'lightning/uiRecordApi' {
  import type { WireAdapterConstructor } from 'lwc';

  /** As much of a record as our components read. */
  export type UiRecord = {
    readonly apiName: string;
    readonly id: string;
    readonly fields: Readonly<Record<string, { readonly displayValue: string | null; readonly value: unknown }>>;
  };
  export type RecordsResult = {
    readonly data?: {
      readonly results: readonly { readonly statusCode: number; readonly result: UiRecord | readonly unknown[] }[];
    };
    readonly error?: unknown;
  };
  export type RecordsWish = { readonly recordIds: readonly string[]; readonly optionalFields: readonly string[] };
  export const getRecords: WireAdapterConstructor<
    { readonly records: readonly RecordsWish[] | undefined },
    RecordsResult
  >;
}

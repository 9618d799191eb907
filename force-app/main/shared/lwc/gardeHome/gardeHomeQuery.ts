import { gql } from 'lightning/graphql';

type Field<Value> = { readonly value: Value | null };
type Edges<Node> = { readonly edges: readonly { readonly node: Node }[] };

export type FigureNode = {
  readonly Id: string;
  readonly Key__c: Field<string>;
  readonly Value__c: Field<number>;
  readonly AsOf__c: Field<string>;
  readonly IsIncomplete__c: Field<boolean>;
};

export type RequestNode = {
  readonly Id: string;
  readonly Name: Field<string>;
  readonly DueDate__c: Field<string>;
  readonly Status__c: Field<string> & { readonly displayValue: string | null };
};

export type RuleNode = {
  readonly Id: string;
  readonly OverdueCount__c: Field<number>;
  readonly LastPlannedAt__c: Field<string>;
};

export type CheckpointNode = {
  readonly Id: string;
  readonly CheckedAt__c: Field<string>;
  readonly CheckResult__c: Field<string> & { readonly displayValue: string | null };
};

export type HomeData = {
  readonly uiapi: {
    readonly query: {
      readonly GardeFigure__c: Edges<FigureNode>;
      readonly GardeRetentionRule__c: Edges<RuleNode>;
      readonly GardeCheckpoint__c: Edges<CheckpointNode>;
      readonly GardeRequest__c: Edges<RequestNode> & { readonly totalCount: number };
    };
  };
};

/** One call for the whole page: what the commands published, and the open requests by due date. */
export const homeQuery = gql`
  query gardeHome {
    uiapi {
      query {
        GardeFigure__c(first: 50) {
          edges {
            node {
              Id
              Key__c {
                value
              }
              Value__c {
                value
              }
              AsOf__c {
                value
              }
              IsIncomplete__c {
                value
              }
            }
          }
        }
        GardeRetentionRule__c(where: { IsActive__c: { eq: true } }, first: 200) {
          edges {
            node {
              Id
              OverdueCount__c {
                value
              }
              LastPlannedAt__c {
                value
              }
            }
          }
        }
        GardeCheckpoint__c(orderBy: { TreeSize__c: { order: DESC } }, first: 1) {
          edges {
            node {
              Id
              CheckedAt__c {
                value
              }
              CheckResult__c {
                value
                displayValue
              }
            }
          }
        }
        GardeRequest__c(where: { ClosedAt__c: { eq: null } }, orderBy: { DueDate__c: { order: ASC } }, first: 25) {
          totalCount
          edges {
            node {
              Id
              Name {
                value
              }
              DueDate__c {
                value
              }
              Status__c {
                value
                displayValue
              }
            }
          }
        }
      }
    }
  }
`;

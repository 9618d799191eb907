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

export type HomeData = {
  readonly uiapi: {
    readonly query: {
      readonly GardeFigure__c: Edges<FigureNode>;
      readonly GardeRequest__c: Edges<RequestNode> & { readonly totalCount: number };
    };
  };
};

/** One call for the whole page: the figures the commands publish, and the open requests by due date. */
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

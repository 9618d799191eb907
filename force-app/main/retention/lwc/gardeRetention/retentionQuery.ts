import { gql } from 'lightning/graphql';

type Field<Value> = { readonly value: Value | null };
type Shown<Value> = Field<Value> & { readonly displayValue: string | null };
type Edges<Node> = { readonly edges: readonly { readonly node: Node }[] };

export type RuleNode = {
  readonly Id: string;
  readonly Name: Field<string>;
  readonly Duration__c: Field<string>;
  readonly Action__c: Shown<string>;
  readonly OverdueCount__c: Field<number>;
  readonly HeldCount__c: Field<number>;
  readonly LastPlannedAt__c: Field<string>;
  readonly LegalGround__c: Field<string>;
  readonly SourceUrl__c: Field<string>;
};

export type MonthNode = {
  readonly Id: string;
  readonly Key__c: Field<string>;
  readonly Value__c: Field<number>;
};

export type StandingNode = {
  readonly Id: string;
  readonly SubjectKey__c: Field<string>;
  readonly Explanation__c: Field<string>;
  readonly ExplanationFr__c: Field<string>;
  readonly UntilDate__c: Field<string>;
  readonly Contact__r: { readonly Name: Field<string> } | null;
  readonly Lead__r: { readonly Name: Field<string> } | null;
  readonly Account__r: { readonly Name: Field<string> } | null;
};

export type RetentionData = {
  readonly uiapi: {
    readonly query: {
      readonly GardeRetentionRule__c: Edges<RuleNode>;
      readonly GardeFigure__c: Edges<MonthNode>;
      readonly GardeStanding__c: Edges<StandingNode> & { readonly totalCount: number };
      readonly soon: Edges<StandingNode> & { readonly totalCount: number };
    };
  };
};

/** Figures of `garde retention forecast --publish`: this and a month, `2027-03`. */
export const MONTH_KEY = 'retention-due-';

/** Rules in force, what the forecast published, whom the last plan found due and whom it announced: one call for the page. */
export const retentionQuery = gql`
  query gardeRetention {
    uiapi {
      query {
        GardeRetentionRule__c(where: { IsActive__c: { eq: true } }, orderBy: { Name: { order: ASC } }, first: 200) {
          edges {
            node {
              Id
              Name {
                value
              }
              Duration__c {
                value
              }
              Action__c {
                value
                displayValue
              }
              OverdueCount__c {
                value
              }
              HeldCount__c {
                value
              }
              LastPlannedAt__c {
                value
              }
              LegalGround__c {
                value
              }
              SourceUrl__c {
                value
              }
            }
          }
        }
        GardeFigure__c(where: { Key__c: { like: "retention-due-%" } }, orderBy: { Key__c: { order: ASC } }, first: 60) {
          edges {
            node {
              Id
              Key__c {
                value
              }
              Value__c {
                value
              }
            }
          }
        }
        GardeStanding__c(where: { Verdict__c: { eq: "due" } }, orderBy: { SubjectKey__c: { order: ASC } }, first: 25) {
          totalCount
          edges {
            node {
              Id
              SubjectKey__c {
                value
              }
              Explanation__c {
                value
              }
              ExplanationFr__c {
                value
              }
              UntilDate__c {
                value
              }
              Contact__r {
                Name {
                  value
                }
              }
              Lead__r {
                Name {
                  value
                }
              }
              Account__r {
                Name {
                  value
                }
              }
            }
          }
        }
        soon: GardeStanding__c(
          where: { ReasonCode__c: { eq: "due-soon" } }
          orderBy: { UntilDate__c: { order: ASC } }
          first: 25
        ) {
          totalCount
          edges {
            node {
              Id
              SubjectKey__c {
                value
              }
              Explanation__c {
                value
              }
              ExplanationFr__c {
                value
              }
              UntilDate__c {
                value
              }
              Contact__r {
                Name {
                  value
                }
              }
              Lead__r {
                Name {
                  value
                }
              }
              Account__r {
                Name {
                  value
                }
              }
            }
          }
        }
      }
    }
  }
`;

import { gql } from 'lightning/graphql';

type Field<Value> = { readonly value: Value | null };
type Shown<Value> = Field<Value> & { readonly displayValue: string | null };
type Edges<Node> = { readonly edges: readonly { readonly node: Node }[] };

export type StandingNode = {
  readonly Id: string;
  readonly SubjectType__c: Field<string>;
  readonly Verdict__c: Shown<string>;
  readonly RuleKey__c: Field<string>;
  readonly Explanation__c: Field<string>;
  readonly ExplanationFr__c: Field<string>;
  readonly UntilDate__c: Field<string>;
  readonly DecidedDate__c: Field<string>;
};

export type RuleNode = {
  readonly Id: string;
  readonly Name: Field<string>;
  readonly RuleKey__c: Field<string>;
  readonly PeopleObject__c: Field<string>;
  readonly Duration__c: Field<string>;
  readonly Action__c: Shown<string>;
  readonly LegalGround__c: Field<string>;
  readonly SourceUrl__c: Field<string>;
};

export type RequestNode = {
  readonly Id: string;
  readonly Name: Field<string>;
  readonly Status__c: Shown<string>;
};

export type ConsentNode = {
  readonly Id: string;
  readonly PurposeKey__c: Field<string>;
  readonly Status__c: Shown<string>;
  readonly OccurredAt__c: Field<string>;
};

export type WhyData = {
  readonly uiapi: {
    readonly query: {
      readonly GardeStanding__c: Edges<StandingNode>;
      readonly GardeRetentionRule__c: Edges<RuleNode>;
      readonly GardeRequest__c: Edges<RequestNode>;
      readonly GardeConsentEvent__c: Edges<ConsentNode>;
    };
  };
};

/** All that Garde knows of why one record is held: the last decision, the rules, open requests, latest consents. */
export const whyQuery = gql`
  query gardeWhyKept($person: ID!, $key: String!) {
    uiapi {
      query {
        GardeStanding__c(where: { SubjectKey__c: { eq: $key } }, first: 1) {
          edges {
            node {
              Id
              SubjectType__c {
                value
              }
              Verdict__c {
                value
                displayValue
              }
              RuleKey__c {
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
              DecidedDate__c {
                value
              }
            }
          }
        }
        GardeRetentionRule__c(where: { IsActive__c: { eq: true } }, orderBy: { Name: { order: ASC } }, first: 200) {
          edges {
            node {
              Id
              Name {
                value
              }
              RuleKey__c {
                value
              }
              PeopleObject__c {
                value
              }
              Duration__c {
                value
              }
              Action__c {
                value
                displayValue
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
        GardeRequest__c(
          where: {
            and: [
              { ClosedAt__c: { eq: null } }
              {
                or: [
                  { Contact__c: { eq: $person } }
                  { Lead__c: { eq: $person } }
                  { Account__c: { eq: $person } }
                  { Individual__c: { eq: $person } }
                ]
              }
            ]
          }
          first: 10
        ) {
          edges {
            node {
              Id
              Name {
                value
              }
              Status__c {
                value
                displayValue
              }
            }
          }
        }
        GardeConsentEvent__c(
          where: {
            or: [
              { Contact__c: { eq: $person } }
              { Lead__c: { eq: $person } }
              { Account__c: { eq: $person } }
              { Individual__c: { eq: $person } }
            ]
          }
          orderBy: { OccurredAt__c: { order: DESC } }
          first: 5
        ) {
          edges {
            node {
              Id
              PurposeKey__c {
                value
              }
              Status__c {
                value
                displayValue
              }
              OccurredAt__c {
                value
              }
            }
          }
        }
      }
    }
  }
`;

import { gql } from 'lightning/graphql';

type Field<Value> = { readonly value: Value | null };
type Shown<Value> = Field<Value> & { readonly displayValue: string | null };
type Edges<Node> = { readonly edges: readonly { readonly node: Node }[] };

export type PlanNode = {
  readonly Id: string;
  readonly Name: Field<string>;
  readonly PlanDigest__c: Field<string>;
  readonly Kind__c: Shown<string>;
  readonly Status__c: Shown<string>;
  readonly RuleKeys__c: Field<string>;
  readonly PeopleCount__c: Field<number>;
  readonly HeldCount__c: Field<number>;
  readonly StepCount__c: Field<number>;
  readonly RecordCount__c: Field<number>;
  readonly IrreversibleCount__c: Field<number>;
  readonly Completeness__c: Shown<string>;
  readonly HiddenCount__c: Field<number>;
  readonly ApprovalsNeededCount__c: Field<number>;
  readonly ExpiresAt__c: Field<string>;
  readonly PlannedBy__c: Field<string>;
  readonly RehearsedAt__c: Field<string>;
  readonly RehearsalTier__c: Shown<string>;
  readonly IsRehearsalRequired__c: Field<boolean>;
  readonly OpenDifferenceCount__c: Field<number>;
  readonly AcceptedDifferenceCount__c: Field<number>;
  readonly RehearsalNotes__c: Field<string>;
};

export type ApprovalNode = {
  readonly Id: string;
  readonly PlanDigest__c: Field<string>;
  readonly Decision__c: Shown<string>;
  readonly Comment__c: Field<string>;
  readonly CreatedDate: Field<string>;
  readonly CreatedById: Field<string>;
  readonly CreatedBy: { readonly Name: Field<string> } | null;
};

export type ApprovalsData = {
  readonly uiapi: {
    readonly query: {
      readonly GardePlan__c: Edges<PlanNode> & { readonly totalCount: number };
      readonly GardeApproval__c: Edges<ApprovalNode>;
    };
  };
};

/** Plans that wait and what was decided about them: one call for the whole page. */
export const approvalsQuery = gql`
  query gardeApprovals {
    uiapi {
      query {
        GardePlan__c(
          where: { Status__c: { in: ["planned", "rehearsed", "approved"] } }
          orderBy: { ExpiresAt__c: { order: ASC } }
          first: 25
        ) {
          totalCount
          edges {
            node {
              Id
              Name {
                value
              }
              PlanDigest__c {
                value
              }
              Kind__c {
                value
                displayValue
              }
              Status__c {
                value
                displayValue
              }
              RuleKeys__c {
                value
              }
              PeopleCount__c {
                value
              }
              HeldCount__c {
                value
              }
              StepCount__c {
                value
              }
              RecordCount__c {
                value
              }
              IrreversibleCount__c {
                value
              }
              Completeness__c {
                value
                displayValue
              }
              HiddenCount__c {
                value
              }
              ApprovalsNeededCount__c {
                value
              }
              ExpiresAt__c {
                value
              }
              PlannedBy__c {
                value
              }
              RehearsedAt__c {
                value
              }
              RehearsalTier__c {
                value
                displayValue
              }
              IsRehearsalRequired__c {
                value
              }
              OpenDifferenceCount__c {
                value
              }
              AcceptedDifferenceCount__c {
                value
              }
              RehearsalNotes__c {
                value
              }
            }
          }
        }
        GardeApproval__c(orderBy: { CreatedDate: { order: DESC } }, first: 200) {
          edges {
            node {
              Id
              PlanDigest__c {
                value
              }
              Decision__c {
                value
                displayValue
              }
              Comment__c {
                value
              }
              CreatedDate {
                value
              }
              CreatedById {
                value
              }
              CreatedBy {
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

/** Records one decision; the platform writes who made it. */
export const decideMutation = gql`
  mutation gardeDecide($input: GardeApproval__cCreateInput!) {
    uiapi {
      GardeApproval__cCreate(input: $input) {
        Record {
          Id
        }
      }
    }
  }
`;

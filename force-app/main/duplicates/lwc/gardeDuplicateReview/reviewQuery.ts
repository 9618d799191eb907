import { gql } from 'lightning/graphql';

type Field<Value> = { readonly value: Value | null };
type Shown<Value> = Field<Value> & { readonly displayValue: string | null };
type Edges<Node> = { readonly edges: readonly { readonly node: Node }[] };

export type GroupNode = {
  readonly Id: string;
  readonly Name: Field<string>;
  readonly LinkKind__c: Shown<string>;
  readonly Status__c: Shown<string>;
  readonly Decision__c: Shown<string>;
  readonly Confidence__c: Field<number>;
  readonly TotalMembers__c: Field<number>;
  readonly ComparedFields__c: Field<string>;
  readonly DecidedAt__c: Field<string>;
  readonly DecidedBy__r: { readonly Name: Field<string> } | null;
};

export type MemberNode = {
  readonly Id: string;
  readonly Group__c: Field<string>;
  readonly SubjectKey__c: Field<string>;
  readonly SubjectType__c: Field<string>;
  readonly Role__c: Field<string>;
  readonly ExclusionReason__c: Field<string>;
  readonly Score__c: Field<number>;
  readonly LinkedToKey__c: Field<string>;
  readonly Evidence__c: Field<string>;
};

export type GroupsData = {
  readonly uiapi: {
    readonly query: { readonly GardeDuplicateGroup__c: Edges<GroupNode> & { readonly totalCount: number } };
  };
};
export type MembersData = {
  readonly uiapi: { readonly query: { readonly GardeDuplicateMember__c: Edges<MemberNode> } };
};

/** The groups of a filter, the most probable first. */
export const groupsQuery = gql`
  query gardeDuplicateGroups($where: GardeDuplicateGroup__c_Filter) {
    uiapi {
      query {
        GardeDuplicateGroup__c(where: $where, orderBy: { Confidence__c: { order: DESC } }, first: 50) {
          totalCount
          edges {
            node {
              Id
              Name {
                value
              }
              LinkKind__c {
                value
                displayValue
              }
              Status__c {
                value
                displayValue
              }
              Decision__c {
                value
                displayValue
              }
              Confidence__c {
                value
              }
              TotalMembers__c {
                value
              }
              ComparedFields__c {
                value
              }
              DecidedAt__c {
                value
              }
              DecidedBy__r {
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

/** The members of one group: evidence is read for the group that is looked at only. */
export const membersQuery = gql`
  query gardeDuplicateMembers($group: ID) {
    uiapi {
      query {
        GardeDuplicateMember__c(
          where: { Group__c: { eq: $group } }
          orderBy: { SubjectKey__c: { order: ASC } }
          first: 50
        ) {
          edges {
            node {
              Id
              Group__c {
                value
              }
              SubjectKey__c {
                value
              }
              SubjectType__c {
                value
              }
              Role__c {
                value
              }
              ExclusionReason__c {
                value
              }
              Score__c {
                value
              }
              LinkedToKey__c {
                value
              }
              Evidence__c {
                value
              }
            }
          }
        }
      }
    }
  }
`;

/** Marks a member, or takes the mark away. */
export const memberMutation = gql`
  mutation gardeDuplicateMember($input: GardeDuplicateMember__cUpdateInput!) {
    uiapi {
      GardeDuplicateMember__cUpdate(input: $input) {
        Record {
          Id
        }
      }
    }
  }
`;

/** Records one decision about a group. */
export const groupMutation = gql`
  mutation gardeDuplicateGroup($input: GardeDuplicateGroup__cUpdateInput!) {
    uiapi {
      GardeDuplicateGroup__cUpdate(input: $input) {
        Record {
          Id
        }
      }
    }
  }
`;

export type Show = 'todo' | 'later' | 'decided';

const SHOWN: Readonly<Record<Show, Readonly<Record<string, unknown>>>> = {
  todo: { Status__c: { eq: 'proposed' }, Decision__c: { eq: null } },
  later: { Status__c: { eq: 'proposed' }, Decision__c: { eq: 'later' } },
  decided: { Status__c: { in: ['confirmed', 'dismissed', 'merged', 'undone'] } },
};

/** The filter as GraphQL takes it; `link` empty = every link. */
export const whereOf = (show: Show, link: string): Readonly<Record<string, unknown>> => ({
  ...SHOWN[show],
  ...(link === '' ? {} : { LinkKind__c: { eq: link } }),
});

import { LightningElement, wire } from 'lwc';
import { graphql } from 'lightning/graphql';
import type { GraphqlDocument, GraphqlResult } from 'lightning/graphql';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import type { ObjectInfoResult } from 'lightning/uiObjectInfoApi';
import { getRecords } from 'lightning/uiRecordApi';
import type { RecordsResult, RecordsWish } from 'lightning/uiRecordApi';
import userId from '@salesforce/user/Id';
import { DECISIONS, REASONS, reasonText, recordDecision } from './decide';
import type { Decision } from './decide';
import { linkViews } from './evidenceView';
import type { LinkView } from './evidenceView';
import { labels } from './labels';
import { groupsQuery, membersQuery, whereOf } from './reviewQuery';
import type { GroupNode, GroupsData, MemberNode, MembersData, Show } from './reviewQuery';
import { dateText, fill, percentText } from './reviewTexts';
import { columnViews, comparedOf, fieldRows, recordsWish } from './sideBySide';
import type { ColumnView, FieldRow } from './sideBySide';

type GroupLine = {
  readonly id: string;
  readonly text: string;
  readonly current: 'true' | 'false';
  readonly cssClass: string;
};
type Option = { readonly value: string; readonly label: string };

const NOBODY: ReadonlySet<string> = new Set();

export default class GardeDuplicateReview extends LightningElement {
  readonly labels = labels;
  readonly shows: readonly Option[] = [
    { value: 'todo', label: labels.showTodo },
    { value: 'later', label: labels.showLater },
    { value: 'decided', label: labels.showDecided },
  ];
  readonly links: readonly Option[] = [
    { value: '', label: labels.linkAll },
    { value: 'person', label: labels.linkPerson },
    { value: 'household', label: labels.linkHousehold },
    { value: 'organisation', label: labels.linkOrganisation },
  ];
  readonly reasons: readonly Option[] = REASONS;
  readonly groupsQuery = groupsQuery;

  show: Show = 'todo';
  link = '';
  chosenId = '';
  reason = 'evidence';
  comment = '';
  /** Members marked as somebody else; undefined until the reader marks one. */
  marked: ReadonlySet<string> | undefined;
  told = '';
  problem = '';
  isSaving = false;
  private focusHeading = false;

  @wire(graphql, { query: groupsQuery, variables: '$groupVariables' })
  groups?: GraphqlResult<GroupsData>;

  @wire(graphql, { query: '$memberQuery', variables: '$memberVariables' })
  memberAnswer?: GraphqlResult<MembersData>;

  @wire(getRecords, { records: '$wish' })
  records?: RecordsResult;

  @wire(getObjectInfo, { objectApiName: 'GardeDuplicateGroup__c' })
  groupInfo?: ObjectInfoResult;

  get groupVariables(): Readonly<Record<string, unknown>> {
    return { where: whereOf(this.show, this.link) };
  }

  get memberQuery(): GraphqlDocument | undefined {
    return this.group === undefined ? undefined : membersQuery;
  }

  get memberVariables(): Readonly<Record<string, unknown>> {
    return { group: this.group?.Id ?? '' };
  }

  get wish(): readonly RecordsWish[] | undefined {
    return this.members.length === 0 ? undefined : recordsWish(this.members, this.compared);
  }

  get hasErrors(): boolean {
    return (this.groups?.errors?.length ?? 0) > 0 || (this.memberAnswer?.errors?.length ?? 0) > 0;
  }

  get isLoading(): boolean {
    return this.groups?.data === undefined && !this.hasErrors;
  }

  get hasNone(): boolean {
    return this.groups?.data !== undefined && this.groupNodes.length === 0;
  }

  get hasGroup(): boolean {
    return this.group !== undefined && !this.hasErrors;
  }

  get groupLines(): readonly GroupLine[] {
    return this.groupNodes.map((node) => {
      const isCurrent = node.Id === this.group?.Id;
      return {
        id: node.Id,
        text: this.lineOf(node),
        current: isCurrent ? 'true' : 'false',
        cssClass: isCurrent ? 'line current' : 'line',
      };
    });
  }

  get moreText(): string {
    const hidden = (this.groups?.data?.uiapi.query.GardeDuplicateGroup__c.totalCount ?? 0) - this.groupNodes.length;
    return hidden > 0 ? fill(labels.more, String(hidden)) : '';
  }

  get heading(): string {
    return this.group === undefined ? '' : this.lineOf(this.group);
  }

  get decidedText(): string {
    const { group } = this;
    if (group?.Decision__c.value === null || group === undefined) return '';
    return fill(
      labels.decidedLine,
      group.Decision__c.displayValue ?? group.Decision__c.value,
      group.DecidedBy__r?.Name.value ?? '–',
      dateText(group.DecidedAt__c.value),
    );
  }

  get columns(): readonly ColumnView[] {
    return columnViews(this.members, this.others);
  }

  get rows(): readonly FieldRow[] {
    return fieldRows(this.members, this.compared, this.records);
  }

  get hasRows(): boolean {
    return this.rows.length > 0;
  }

  get mayExclude(): boolean {
    return this.barred === '' && this.members.length > 2;
  }

  get linkList(): readonly LinkView[] {
    return linkViews(this.members);
  }

  get barred(): string {
    if (this.groupInfo?.data?.updateable !== true) return labels.noRight;
    return this.group?.Status__c.value === 'merged' ? labels.merged : '';
  }

  get mayDecide(): boolean {
    return this.barred === '' && this.members.length > 0;
  }

  private get groupNodes(): readonly GroupNode[] {
    return (this.groups?.data?.uiapi.query.GardeDuplicateGroup__c.edges ?? []).map(({ node }) => node);
  }

  /** The group that is looked at: the chosen one while the list holds it, else the first. */
  private get group(): GroupNode | undefined {
    return this.groupNodes.find(({ Id }) => Id === this.chosenId) ?? this.groupNodes[0];
  }

  /** Members of the group shown; those of the group before are not shown as its own. */
  private get members(): readonly MemberNode[] {
    return (this.memberAnswer?.data?.uiapi.query.GardeDuplicateMember__c.edges ?? [])
      .map(({ node }) => node)
      .filter((node) => node.Group__c.value === this.group?.Id);
  }

  private get compared() {
    return comparedOf(this.group?.ComparedFields__c.value ?? null);
  }

  private get others(): ReadonlySet<string> {
    if (this.marked !== undefined) return this.marked;
    const excluded = this.members.filter((member) => member.ExclusionReason__c.value === 'different-person');
    return excluded.length === 0 ? NOBODY : new Set(excluded.map(({ Id }) => Id));
  }

  private lineOf(node: GroupNode): string {
    return fill(
      labels.groupLine,
      node.Name.value ?? '',
      node.LinkKind__c.displayValue ?? node.LinkKind__c.value ?? '–',
      String(node.TotalMembers__c.value ?? '–'),
      percentText(node.Confidence__c.value),
    );
  }

  renderedCallback(): void {
    if (!this.focusHeading) return;
    this.focusHeading = false;
    this.template?.querySelector<HTMLElement>('.heading')?.focus();
  }

  handleShow(event: CustomEvent<{ value: Show }>): void {
    this.show = event.detail.value;
    this.choose('');
  }

  handleLink(event: CustomEvent<{ value: string }>): void {
    this.link = event.detail.value;
    this.choose('');
  }

  handleChoose(event: Event): void {
    this.told = '';
    this.choose((event.currentTarget as HTMLElement).dataset.group ?? '');
  }

  /** Arrow keys move along the list; Tab leaves it, Enter chooses. */
  handleKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const lines = [...(this.template?.querySelectorAll<HTMLElement>('.line') ?? [])];
    lines[lines.indexOf(event.currentTarget as HTMLElement) + step]?.focus();
  }

  handleOther(event: Event): void {
    const { checked, dataset } = event.target as HTMLInputElement;
    const marked = new Set(this.others);
    if (checked) marked.add(dataset.member ?? '');
    else marked.delete(dataset.member ?? '');
    this.marked = marked;
  }

  handleReason(event: CustomEvent<{ value: string }>): void {
    this.reason = event.detail.value;
  }

  handleComment(event: CustomEvent<{ value: string }>): void {
    this.comment = event.detail.value;
  }

  async handleDecision(event: Event): Promise<void> {
    const decision = (event.target as HTMLElement).dataset.decision as Decision | undefined;
    const { group } = this;
    if (decision === undefined || group === undefined || this.isSaving) return;
    this.isSaving = true;
    this.told = '';
    this.problem = '';
    try {
      await this.decide(group, decision);
    } catch {
      this.problem = labels.saveError;
    } finally {
      this.isSaving = false;
    }
  }

  private async decide(group: GroupNode, decision: Decision): Promise<void> {
    const why = decision === 'later' ? this.comment.trim() : reasonText(this.reason, this.comment);
    if (why === undefined) {
      this.problem = labels.sayWhy;
      return;
    }
    const { members, others } = this;
    if (decision === 'duplicate' && members.length - others.size < 2) {
      this.problem = labels.tooFew;
      return;
    }
    if (!(await recordDecision({ groupId: group.Id, decision, why, userId, members, others }))) {
      this.problem = labels.saveError;
      return;
    }
    this.told = fill(labels.done, group.Name.value ?? '', DECISIONS[decision]);
    this.choose(this.nextId(group));
    this.focusHeading = true;
    await this.groups?.refresh?.();
  }

  /** The group after this one in the list, so that the reader goes on where they were. */
  private nextId(group: GroupNode): string {
    const nodes = this.groupNodes;
    return nodes[nodes.findIndex(({ Id }) => Id === group.Id) + 1]?.Id ?? '';
  }

  private choose(id: string): void {
    this.chosenId = id;
    this.marked = undefined;
    this.comment = '';
    this.reason = 'evidence';
    this.problem = '';
  }
}

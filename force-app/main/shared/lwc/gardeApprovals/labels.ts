import acceptedDifferences from '@salesforce/label/c.GardeApprovals_AcceptedDifferences';
import acceptFirst from '@salesforce/label/c.GardeApprovals_AcceptFirst';
import approvalsSoFar from '@salesforce/label/c.GardeApprovals_ApprovalsSoFar';
import approve from '@salesforce/label/c.GardeApprovals_Approve';
import approvedDone from '@salesforce/label/c.GardeApprovals_ApprovedDone';
import comment from '@salesforce/label/c.GardeApprovals_Comment';
import commentHelp from '@salesforce/label/c.GardeApprovals_CommentHelp';
import completeness from '@salesforce/label/c.GardeApprovals_Completeness';
import expired from '@salesforce/label/c.GardeApprovals_Expired';
import expires from '@salesforce/label/c.GardeApprovals_Expires';
import hiddenPlaces from '@salesforce/label/c.GardeApprovals_HiddenPlaces';
import irreversible from '@salesforce/label/c.GardeApprovals_Irreversible';
import kept from '@salesforce/label/c.GardeApprovals_Kept';
import loadError from '@salesforce/label/c.GardeApprovals_LoadError';
import loading from '@salesforce/label/c.GardeApprovals_Loading';
import morePlans from '@salesforce/label/c.GardeApprovals_MorePlans';
import noDifferences from '@salesforce/label/c.GardeApprovals_NoDifferences';
import none from '@salesforce/label/c.GardeApprovals_None';
import noRight from '@salesforce/label/c.GardeApprovals_NoRight';
import notes from '@salesforce/label/c.GardeApprovals_Notes';
import notRehearsed from '@salesforce/label/c.GardeApprovals_NotRehearsed';
import openDifferences from '@salesforce/label/c.GardeApprovals_OpenDifferences';
import people from '@salesforce/label/c.GardeApprovals_People';
import planTitle from '@salesforce/label/c.GardeApprovals_PlanTitle';
import records from '@salesforce/label/c.GardeApprovals_Records';
import refuse from '@salesforce/label/c.GardeApprovals_Refuse';
import refusedDone from '@salesforce/label/c.GardeApprovals_RefusedDone';
import rehearsed from '@salesforce/label/c.GardeApprovals_Rehearsed';
import rehearseFirst from '@salesforce/label/c.GardeApprovals_RehearseFirst';
import revokedDone from '@salesforce/label/c.GardeApprovals_RevokedDone';
import saveError from '@salesforce/label/c.GardeApprovals_SaveError';
import sayWhy from '@salesforce/label/c.GardeApprovals_SayWhy';
import steps from '@salesforce/label/c.GardeApprovals_Steps';
import title from '@salesforce/label/c.GardeApprovals_Title';
import withdraw from '@salesforce/label/c.GardeApprovals_Withdraw';
import youPlanned from '@salesforce/label/c.GardeApprovals_YouPlanned';

/** Texts of the page; `{0}` and `{1}` are the only places in them. */
export const labels = {
  acceptedDifferences,
  acceptFirst,
  approvalsSoFar,
  approve,
  approvedDone,
  comment,
  commentHelp,
  completeness,
  expired,
  expires,
  hiddenPlaces,
  irreversible,
  kept,
  loadError,
  loading,
  morePlans,
  noDifferences,
  none,
  noRight,
  notes,
  notRehearsed,
  openDifferences,
  people,
  planTitle,
  records,
  refuse,
  refusedDone,
  rehearsed,
  rehearseFirst,
  revokedDone,
  saveError,
  sayWhy,
  steps,
  title,
  withdraw,
  youPlanned,
};

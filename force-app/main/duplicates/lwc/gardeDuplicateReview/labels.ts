import anotherPerson from '@salesforce/label/c.GardeDuplicateReview_AnotherPerson';
import cannotSee from '@salesforce/label/c.GardeDuplicateReview_CannotSee';
import comment from '@salesforce/label/c.GardeDuplicateReview_Comment';
import commentHelp from '@salesforce/label/c.GardeDuplicateReview_CommentHelp';
import decidedLine from '@salesforce/label/c.GardeDuplicateReview_DecidedLine';
import decision from '@salesforce/label/c.GardeDuplicateReview_Decision';
import differs from '@salesforce/label/c.GardeDuplicateReview_Differs';
import done from '@salesforce/label/c.GardeDuplicateReview_Done';
import duplicate from '@salesforce/label/c.GardeDuplicateReview_Duplicate';
import evidence from '@salesforce/label/c.GardeDuplicateReview_Evidence';
import field from '@salesforce/label/c.GardeDuplicateReview_Field';
import groupLine from '@salesforce/label/c.GardeDuplicateReview_GroupLine';
import groups from '@salesforce/label/c.GardeDuplicateReview_Groups';
import later from '@salesforce/label/c.GardeDuplicateReview_Later';
import link from '@salesforce/label/c.GardeDuplicateReview_Link';
import linkAll from '@salesforce/label/c.GardeDuplicateReview_LinkAll';
import linkHousehold from '@salesforce/label/c.GardeDuplicateReview_LinkHousehold';
import linkOrganisation from '@salesforce/label/c.GardeDuplicateReview_LinkOrganisation';
import linkPerson from '@salesforce/label/c.GardeDuplicateReview_LinkPerson';
import loadError from '@salesforce/label/c.GardeDuplicateReview_LoadError';
import loading from '@salesforce/label/c.GardeDuplicateReview_Loading';
import merged from '@salesforce/label/c.GardeDuplicateReview_Merged';
import more from '@salesforce/label/c.GardeDuplicateReview_More';
import noEvidence from '@salesforce/label/c.GardeDuplicateReview_NoEvidence';
import noFields from '@salesforce/label/c.GardeDuplicateReview_NoFields';
import noRight from '@salesforce/label/c.GardeDuplicateReview_NoRight';
import none from '@salesforce/label/c.GardeDuplicateReview_None';
import notDuplicate from '@salesforce/label/c.GardeDuplicateReview_NotDuplicate';
import pairLine from '@salesforce/label/c.GardeDuplicateReview_PairLine';
import reason from '@salesforce/label/c.GardeDuplicateReview_Reason';
import reasonAsked from '@salesforce/label/c.GardeDuplicateReview_ReasonAsked';
import reasonDocument from '@salesforce/label/c.GardeDuplicateReview_ReasonDocument';
import reasonEvidence from '@salesforce/label/c.GardeDuplicateReview_ReasonEvidence';
import reasonOther from '@salesforce/label/c.GardeDuplicateReview_ReasonOther';
import recordAccount from '@salesforce/label/c.GardeDuplicateReview_RecordAccount';
import recordContact from '@salesforce/label/c.GardeDuplicateReview_RecordContact';
import recordIndividual from '@salesforce/label/c.GardeDuplicateReview_RecordIndividual';
import recordLead from '@salesforce/label/c.GardeDuplicateReview_RecordLead';
import related from '@salesforce/label/c.GardeDuplicateReview_Related';
import saveError from '@salesforce/label/c.GardeDuplicateReview_SaveError';
import sayWhy from '@salesforce/label/c.GardeDuplicateReview_SayWhy';
import show from '@salesforce/label/c.GardeDuplicateReview_Show';
import showDecided from '@salesforce/label/c.GardeDuplicateReview_ShowDecided';
import showLater from '@salesforce/label/c.GardeDuplicateReview_ShowLater';
import showTodo from '@salesforce/label/c.GardeDuplicateReview_ShowTodo';
import sideBySide from '@salesforce/label/c.GardeDuplicateReview_SideBySide';
import title from '@salesforce/label/c.GardeDuplicateReview_Title';
import tooFew from '@salesforce/label/c.GardeDuplicateReview_TooFew';
import weight from '@salesforce/label/c.GardeDuplicateReview_Weight';

/** Texts of the page; `{0}` to `{3}` are the only places in them. */
export const labels = {
  anotherPerson,
  cannotSee,
  comment,
  commentHelp,
  decidedLine,
  decision,
  differs,
  done,
  duplicate,
  evidence,
  field,
  groupLine,
  groups,
  later,
  link,
  linkAll,
  linkHousehold,
  linkOrganisation,
  linkPerson,
  loadError,
  loading,
  merged,
  more,
  noEvidence,
  noFields,
  noRight,
  none,
  notDuplicate,
  pairLine,
  reason,
  reasonAsked,
  reasonDocument,
  reasonEvidence,
  reasonOther,
  recordAccount,
  recordContact,
  recordIndividual,
  recordLead,
  related,
  saveError,
  sayWhy,
  show,
  showDecided,
  showLater,
  showTodo,
  sideBySide,
  title,
  tooFew,
  weight,
};

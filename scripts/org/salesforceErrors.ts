/** What Garde does when an org answers with an error. */
export type Reaction =
  /** Passes by itself: a read is asked again here; a write is settled and repeated by who made it. */
  | 'retry'
  /** The run ends cleanly and goes on later from where it was: quota, maintenance, session, storage. */
  | 'stop-and-resume'
  /** The wanted end is already there. */
  | 'already-done'
  /** The org is no longer as it was read: the decision is made again. */
  | 'replan'
  /** Somebody who may decide must act in the org: permission, validation rule, duplicate rule, missing feature. */
  | 'ask-human'
  /** A defect of the request or an answer nobody decided about. */
  | 'stop';

export type ErrorRule = { readonly reaction: Reaction; readonly problem: OrgProblemCode };

export type OrgProblemCode =
  | 'OrgUnreachable'
  | 'AnswerLost'
  | 'AnswerUnreadable'
  | 'SessionExpired'
  | 'PermissionMissing'
  | 'ApiQuotaSpent'
  | 'StorageFull'
  | 'OrgBusy'
  | 'OrgInMaintenance'
  | 'RecordGone'
  | 'RecordChanged'
  | 'RecordProtected'
  | 'OrgRuleRefused'
  | 'DuplicateRefused'
  | 'FeatureMissing'
  | 'PlaceNotFound'
  | 'RequestRefused'
  | 'NotEmulated'
  | 'UnknownOrgError';

const decided = (
  reaction: Reaction,
  problem: OrgProblemCode,
  codes: string,
): readonly (readonly [string, ErrorRule])[] =>
  codes
    .trim()
    .split(/\s+/)
    .map((code) => [code, { reaction, problem }] as const);

/**
 * Every code has a decided reaction: these by name, all others by the last line of `reactionTo`.
 * Codes: StatusCode and ExceptionCode of the partner WSDL, API 66; `ERROR_HTTP_…` for answers without a code.
 */
const RULES: ReadonlyMap<string, ErrorRule> = new Map([
  ...decided(
    'retry',
    'OrgBusy',
    `UNABLE_TO_LOCK_ROW UNABLE_TO_LOCK_RECORD SERVER_UNAVAILABLE SERVICE_UNAVAILABLE BAD_GATEWAY QUERY_TIMEOUT
     REQUEST_RUNNING_TOO_LONG REQUEST_TIMEOUT_OR_CONFLICT CONCURRENT_PER_ORG_LONG_TXN FUNCTIONALITY_TEMPORARILY_UNAVAILABLE
     ERROR_HTTP_429 ERROR_HTTP_502 ERROR_HTTP_503 ERROR_HTTP_504 TOO_MANY_JOBS TXN_SECURITY_RUNTIME_ERROR`,
  ),
  ...decided(
    'stop-and-resume',
    'SessionExpired',
    'INVALID_SESSION_ID SESSION_EXPIRED SESSION_INVALIDATED ERROR_HTTP_401',
  ),
  ...decided(
    'stop-and-resume',
    'SessionExpired',
    'INVALID_ACCESS_TOKEN INVALID_AUTH_HEADER INVALID_REFRESH_TOKEN INVALID_OPERATION_WITH_EXPIRED_PASSWORD',
  ),
  ...decided(
    'stop-and-resume',
    'ApiQuotaSpent',
    'REQUEST_LIMIT_EXCEEDED LIMIT_EXCEEDED EXCEEDED_QUOTA MAX_LIMIT_EXCEEDED',
  ),
  ...decided('stop-and-resume', 'StorageFull', 'STORAGE_LIMIT_EXCEEDED'),
  ...decided(
    'stop-and-resume',
    'OrgInMaintenance',
    `INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE ORG_IN_MAINTENANCE ORG_LOCKED TERRITORY_REALIGN_IN_PROGRESS
     ORG_IS_SIGNING_UP ORG_NOT_OWNED_BY_INSTANCE TRIAL_EXPIRED`,
  ),
  ...decided('already-done', 'RecordGone', 'ENTITY_IS_DELETED ALREADY_APPLIED ALREADY_IN_PROCESS'),
  ...decided(
    'replan',
    'RecordChanged',
    `INVALID_CROSS_REFERENCE_KEY ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE PRECONDITION_FAILED MODIFIED CONFLICT
     COLLISION_DETECTED MISSING_RECORD RECORD_NOT_FOUND INVALID_MERGE_RECORD MERGE_FAILED CANNOT_REPARENT_RECORD
     DEPENDENCY_EXISTS ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED INACTIVE_OWNER_OR_USER UNDELETE_FAILED
     CANNOT_UPDATE_CONVERTED_LEAD ENTITY_IS_ARCHIVED`,
  ),
  ...decided(
    'replan',
    'RecordProtected',
    `DELETE_FAILED DELETE_NOT_ALLOWED DELETE_REQUIRED_ON_CASCADE DELETE_OPERATION_TOO_LARGE HAS_PUBLIC_REFERENCES
     ENTITY_IS_LOCKED RECORD_LOCKED RECORD_IN_USE_BY_WORKFLOW SELF_REFERENCE_FROM_TRIGGER SELF_REFERENCE_FROM_FLOW`,
  ),
  ...decided(
    'ask-human',
    'PermissionMissing',
    `INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY
     CLM_INSUFFICIENT_ACCESS APEX_DATA_ACCESS_RESTRICTION INVALID_FIELD_FOR_INSERT_UPDATE FIELD_NOT_UPDATABLE
     UNAUTHORIZED_EXCEPTION FORBIDDEN FORBIDDEN_EXCEPTION ERROR_HTTP_403 TXN_SECURITY_NO_ACCESS
     TXN_SECURITY_TWO_FA_REQUIRED TRANSFER_REQUIRES_READ NO_ATTACHMENT_PERMISSION OP_WITH_INVALID_USER_TYPE_EXCEPTION
     INVALID_READ_ONLY_USER_DML LOGIN_DURING_RESTRICTED_DOMAIN LOGIN_DURING_RESTRICTED_TIME
     LOGIN_MUST_USE_SECURITY_TOKEN INSUFFICIENT_ACCESS_APEX_METADATA_DEPLOY FEATURENOTENABLED_OR_NOACCESS`,
  ),
  ...decided(
    'ask-human',
    'OrgRuleRefused',
    `FIELD_CUSTOM_VALIDATION_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION RELATED_ENTITY_FILTER_VALIDATION_EXCEPTION
     CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY CANNOT_EXECUTE_FLOW_TRIGGER FLOW_EXCEPTION APEX_FAILED CUSTOM_APEX_ERROR
     REQUIRED_FIELD_MISSING STRING_TOO_LONG INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST INVALID_EMAIL_ADDRESS
     FIELD_INTEGRITY_EXCEPTION NUMBER_OUTSIDE_VALID_RANGE DATE_OUT_OF_RANGE INVALID_RECORD_TYPE
     TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET FIELD_MODERATION_RULE_BLOCK INVALID_STATUS MIXED_DML_OPERATION
     FILE_EXTENSION_NOT_ALLOWED HTML_FILE_UPLOAD_NOT_ALLOWED FILE_SIZE_LIMIT_EXCEEDED MAXIMUM_SIZE_OF_ATTACHMENT
     INVALID_PERSON_ACCOUNT_OPERATION`,
  ),
  ...decided(
    'ask-human',
    'DuplicateRefused',
    'DUPLICATES_DETECTED DUPLICATE_VALUE DUPLICATE_EXTERNAL_ID DUPLICATE_USERNAME',
  ),
  ...decided(
    'ask-human',
    'FeatureMissing',
    `API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED FUNCTIONALITY_NOT_ENABLED REQUIRED_FEATURE_MISSING ORG_SETTING_REQUIRED
     FEATURENOTENABLED PACKAGE_LICENSE_REQUIRED LICENSE_LIMIT_EXCEEDED UNSUPPORTED_API_VERSION CLIENT_NOT_ACCESSIBLE_FOR_USER`,
  ),
  ...decided('replan', 'PlaceNotFound', 'INVALID_TYPE INVALID_FIELD NOT_FOUND RESOURCE_NOT_FOUND ERROR_HTTP_404'),
  ...decided(
    'stop',
    'RequestRefused',
    `MALFORMED_QUERY MALFORMED_ID MALFORMED_SEARCH INVALID_QUERY_FILTER_OPERATOR INVALID_QUERY_LOCATOR INVALID_LOCATOR
     JSON_PARSER_ERROR XML_PARSER_ERROR POST_BODY_PARSE_ERROR INVALID_BATCH_OPERATION INVALID_BATCH_SIZE INVALID_ID_FIELD
     INVALID_INPUT BAD_REQUEST ERROR_HTTP_400 METHOD_NOT_ALLOWED ERROR_HTTP_405 UNSUPPORTED_MEDIA_TYPE ERROR_HTTP_415
     OPERATION_TOO_LARGE QUERY_TOO_COMPLICATED EXCEEDED_ID_LIMIT UNSUPPORTED_QUERY INVALID_TYPE_FOR_OPERATION
     INVALID_EXTERNAL_ID_FIELD_NAME INVALID_ENTITY_FOR_UPSERT TOO_MANY_RECORDS INVALID_ARGUMENT_TYPE INVALIDJOB INVALIDBATCH`,
  ),
  ...decided('stop', 'NotEmulated', 'NOT_EMULATED'),
]);

/** The decided reaction to a Salesforce error code; a code nobody decided about stops the run. */
export const reactionTo = (code: string): ErrorRule =>
  RULES.get(code) ?? { reaction: 'stop', problem: 'UnknownOrgError' };

/** Codes with a decision of their own, for docs/ERRORS.md and its test. */
export const decidedCodes = (): readonly string[] => [...RULES.keys()];

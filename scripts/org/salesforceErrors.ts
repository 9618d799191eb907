import { FEATURE_CODES } from './featureErrors.ts';

/**
 * What Garde does when an org answers with an error. There is no default: a code that nobody decided about stops the
 * run. Writes are repeated only by who journaled them; reads are repeated where they are made.
 */
export const REACTIONS = [
  /** Nothing was changed and it passes by itself: wait, then the same call again. */
  'retry-after-wait',
  /** Nothing was changed, others hold the rows or the call was too big: wait, then half as many rows, and so on. */
  'smaller-batches',
  /** The change may or may not have been made: ask the org step by step, send again only what has not taken effect. */
  'settle-then-repeat',
  /** A new session, once; where there is none to be had, the run ends cleanly and goes on after a login. */
  'refresh-session',
  /** The run ends cleanly and goes on later from where it was: quota, storage, maintenance. */
  'stop-and-resume',
  /** The wanted end seems to be there: the org is asked, and only then the step counts as done already. */
  'already-done',
  /** The org is no longer as it was read: the step is left, and the person is decided about again. */
  'decide-again',
  /** The org protects this record, for the time being or for good: the step is left and reported; the others go on. */
  'leave-and-report',
  /** Somebody who may decide must act in the org. For one row: left and reported; for a whole call: the run pauses. */
  'ask-human',
  /** A defect of the request, or an answer nobody decided about: nothing more is changed. */
  'stop',
] as const;
export type Reaction = (typeof REACTIONS)[number];

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
 * Codes: StatusCode and ExceptionCode of the partner WSDL, API 66, and those of REST and Bulk that it lacks
 * (https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/asynch_api_reference_errors.htm);
 * `ERROR_HTTP_…` for answers without a code
 * (https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm). What each means:
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
 */
const RULES: ReadonlyMap<string, ErrorRule> = new Map([
  ...decided(
    'retry-after-wait',
    'OrgBusy',
    `CONCURRENT_PER_ORG_LONG_TXN FUNCTIONALITY_TEMPORARILY_UNAVAILABLE ERROR_HTTP_429 TOO_MANY_JOBS QUERY_TIMEOUT
     TXN_SECURITY_RUNTIME_ERROR TXN_SECURITY_METERING_ERROR TOO_MANY_APEX_REQUESTS IDEMPOTENCY_CONCURRENT_REQUEST
     CIRCUIT_BREAKER_OPEN_EXCEPTION EVENT_LOG_OBJECT_CONCURRENT_LIMIT_EXCEPTION PENDING_COMMIT UNCOMMITTED_WORK
     CDS_UNCOMMITTED_WORK OPERATION_CONFLICT`,
  ),
  ...decided(
    'smaller-batches',
    'OrgBusy',
    `UNABLE_TO_LOCK_ROW UNABLE_TO_LOCK_RECORD UNABLE_TO_UPDATE_RECORD_LOCK UNABLE_TO_UNLOCK_RECORD OPERATION_TOO_LARGE
     EXCEEDED_MAX_SIZE_REQUEST PAYLOAD_SIZE_EXCEEDED APEX_TRIGGER_COUPLING_LIMIT ERROR_HTTP_413 TOOMANYLOCKFAILURE`,
  ),
  ...decided(
    'settle-then-repeat',
    'OrgBusy',
    `SERVER_UNAVAILABLE SERVICE_UNAVAILABLE BAD_GATEWAY REQUEST_RUNNING_TOO_LONG REQUEST_TIMEOUT_OR_CONFLICT
     CDS_TIMEOUT_EXCEPTION RESOURCE_NOT_REACHABLE TIMEOUT ERROR_HTTP_502 ERROR_HTTP_503 ERROR_HTTP_504`,
  ),
  ...decided(
    'refresh-session',
    'SessionExpired',
    'INVALID_SESSION_ID INVALIDSESSIONID SESSION_EXPIRED SESSION_INVALIDATED TXN_SECURITY_END_A_SESSION ERROR_HTTP_401',
  ),
  ...decided(
    'stop-and-resume',
    'SessionExpired',
    `INVALID_ACCESS_TOKEN INVALID_AUTH_HEADER INVALID_REFRESH_TOKEN INVALID_OPERATION_WITH_EXPIRED_PASSWORD INVALID_LOGIN
     INVALID_CLIENT LOGIN_CHALLENGE_ISSUED LOGIN_CHALLENGE_PENDING MUTUAL_AUTHENTICATION_FAILED PASSWORD_LOCKOUT
     NO_ACCESS_TOKEN NO_ACCESS_TOKEN_FROM_REFRESH NO_REFRESH_TOKEN NO_TOKEN_ENDPOINT REFRESH_FAILED
     TERMS_OF_SERVICE_UNREAD SSO_SERVICE_DOWN INVALIDUSER`,
  ),
  ...decided(
    'stop-and-resume',
    'ApiQuotaSpent',
    'REQUEST_LIMIT_EXCEEDED LIMIT_EXCEEDED EXCEEDED_QUOTA EXCEEDEDQUOTA MAX_LIMIT_EXCEEDED DATA_TRANSFER_RECORD_LIMIT_EXCEEDED',
  ),
  ...decided('stop-and-resume', 'StorageFull', 'STORAGE_LIMIT_EXCEEDED'),
  ...decided(
    'stop-and-resume',
    'OrgInMaintenance',
    `INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE ORG_IN_MAINTENANCE ORG_LOCKED TERRITORY_REALIGN_IN_PROGRESS
     ORG_IS_SIGNING_UP ORG_NOT_OWNED_BY_INSTANCE TRIAL_EXPIRED ORG_ADMIN_LOCKED ERROR_HTTP_420`,
  ),
  // INVALID_ID_FIELD: what emptyRecycleBin says of a row that the bin has dropped by itself, or somebody emptied before us.
  ...decided(
    'already-done',
    'RecordGone',
    'ENTITY_IS_DELETED INVALID_ID_FIELD ALREADY_APPLIED ALREADY_IN_PROCESS NOT_MODIFIED GONE',
  ),
  ...decided(
    'decide-again',
    'RecordChanged',
    `INVALID_CROSS_REFERENCE_KEY ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE PRECONDITION_FAILED MODIFIED CONFLICT
     COLLISION_DETECTED MISSING_RECORD RECORD_NOT_FOUND INVALID_MERGE_RECORD MERGE_FAILED CANNOT_REPARENT_RECORD
     DEPENDENCY_EXISTS INACTIVE_OWNER_OR_USER UNDELETE_FAILED CANNOT_UPDATE_CONVERTED_LEAD INVALID_UNMERGE_RECORD
     DOCUMENT_VERSION_EXISTS CIRCULAR_DEPENDENCY MULTIPLE_RECORDS_FOUND INVALID_OWNER VERSION_NOT_FOUND ITEM_NOT_FOUND
     CONTENT_NOT_FOUND STATE_TRANSITION_NOT_ALLOWED INVALID_STATUS_CHANGE INVALID_RECORD_STATUS ERROR_HTTP_300 ERROR_HTTP_304
     ERROR_HTTP_409 ERROR_HTTP_412`,
  ),
  ...decided('decide-again', 'PlaceNotFound', 'NOT_FOUND RESOURCE_NOT_FOUND TYPE_NOT_FOUND ERROR_HTTP_404'),
  ...decided(
    'leave-and-report',
    'RecordProtected',
    `DELETE_FAILED DELETE_NOT_ALLOWED DELETE_REQUIRED_ON_CASCADE DELETE_OPERATION_TOO_LARGE HAS_PUBLIC_REFERENCES
     ENTITY_IS_LOCKED RECORD_LOCKED RECORD_IN_USE_BY_WORKFLOW SELF_REFERENCE_FROM_TRIGGER SELF_REFERENCE_FROM_FLOW
     ENTITY_IS_ARCHIVED CANNOT_DELETE_ENTITY CANNOT_DELETE_OWNER CANNOT_DELETE_MANAGED_OBJECT
     CANNOT_MODIFY_MANAGED_OBJECT CANNOT_CASCADE_PRODUCT_ACTIVE SHARE_NEEDED_FOR_CHILD_OWNER
     USER_OWNS_PORTAL_ACCOUNT_EXCEPTION PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT CANNOT_DISABLE_LAST_ADMIN
     CANNOT_FREEZE_SELF CONTENT_ALREADY_AN_ASSET_EXCEPTION CANNOT_POST_TO_ARCHIVED_GROUP PRIVATE_CONTACT_ON_ASSET
     ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED BATCH_PROCESSING_HALTED FAILED_DUE_TO_OTHER_INPUTS`,
  ),
  ...decided(
    'ask-human',
    'PermissionMissing',
    `INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY
     CLM_INSUFFICIENT_ACCESS APEX_DATA_ACCESS_RESTRICTION INVALID_FIELD_FOR_INSERT_UPDATE FIELD_NOT_UPDATABLE
     UNAUTHORIZED_EXCEPTION FORBIDDEN FORBIDDEN_EXCEPTION ERROR_HTTP_403 TXN_SECURITY_NO_ACCESS TXN_SECURITY_FAIL_CLOSE
     TXN_SECURITY_TWO_FA_REQUIRED TRANSFER_REQUIRES_READ NO_ATTACHMENT_PERMISSION OP_WITH_INVALID_USER_TYPE_EXCEPTION
     INVALID_READ_ONLY_USER_DML LOGIN_DURING_RESTRICTED_DOMAIN LOGIN_DURING_RESTRICTED_TIME
     LOGIN_MUST_USE_SECURITY_TOKEN INSUFFICIENT_ACCESS_APEX_METADATA_DEPLOY FEATURENOTENABLED_OR_NOACCESS
     UNAVAILABLE_RECORDTYPE_EXCEPTION UNAUTHORIZED_SHARE_ACTION COMMUNITY_NOT_ACCESSIBLE`,
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
     MAXIMUM_SIZE_OF_DOCUMENT UNSAFE_HTML_CONTENT INVALID_PERSON_ACCOUNT_OPERATION MAX_DEPTH_IN_FLOW_EXECUTION
     TXN_SECURITY_APEX_ERROR MAXIMUM_HIERARCHY_CHILDREN_REACHED MAXIMUM_HIERARCHY_LEVELS_REACHED
     MAXIMUM_HIERARCHY_TREE_SIZE_REACHED ENTITY_SAVE_ERROR ENTITY_SAVE_VALIDATION_ERROR INVALID_CURRENCY_ISO
     CHILD_SHARE_FAILS_PARENT KEY_HAS_BEEN_DESTROYED INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD MANAGER_NOT_DEFINED
     NO_APPLICABLE_PROCESS UNSUPPORTED_APEX_TRIGGER_OPERATON`,
  ),
  ...decided(
    'ask-human',
    'DuplicateRefused',
    'DUPLICATES_DETECTED DUPLICATE_VALUE DUPLICATE_EXTERNAL_ID DUPLICATE_USERNAME DUPLICATE_COMM_NICKNAME',
  ),
  ...decided(
    'ask-human',
    'FeatureMissing',
    `API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED FUNCTIONALITY_NOT_ENABLED REQUIRED_FEATURE_MISSING ORG_SETTING_REQUIRED
     FEATURENOTENABLED PACKAGE_LICENSE_REQUIRED LICENSE_LIMIT_EXCEEDED UNSUPPORTED_API_VERSION PACKAGE_DISABLED
     CLIENT_NOT_ACCESSIBLE_FOR_USER CLIENT_REQUIRE_UPDATE_FOR_USER UNSUPPORTED_CLIENT FEED_NOT_ENABLED_FOR_OBJECT
     CONTENT_TYPE_DISABLED_FOR_API ERROR_HTTP_410`,
  ),
  // An object or field the plan was made with is not there any more: no step of the kind can be right.
  ...decided('stop', 'PlaceNotFound', 'INVALID_TYPE INVALID_FIELD ENTITY_NOT_QUERYABLE'),
  ...decided(
    'stop',
    'RequestRefused',
    `MALFORMED_QUERY MALFORMED_ID MALFORMED_SEARCH INVALID_QUERY_FILTER_OPERATOR INVALID_QUERY_LOCATOR INVALID_LOCATOR
     JSON_PARSER_ERROR XML_PARSER_ERROR POST_BODY_PARSE_ERROR INVALID_BATCH_OPERATION INVALID_BATCH_SIZE INVALID_INPUT
     BAD_REQUEST ERROR_HTTP_400 METHOD_NOT_ALLOWED ERROR_HTTP_405 UNSUPPORTED_MEDIA_TYPE ERROR_HTTP_415
     QUERY_TOO_COMPLICATED EXCEEDED_ID_LIMIT UNSUPPORTED_QUERY INVALID_TYPE_FOR_OPERATION INVALID_BATCH_REQUEST
     INVALID_EXTERNAL_ID_FIELD_NAME INVALID_ENTITY_FOR_UPSERT TOO_MANY_RECORDS INVALID_ARGUMENT_TYPE INVALIDJOB
     INVALIDBATCH INVALID_OPERATION INVALID_SOAP_HEADER INVALID_MULTIPART_REQUEST INVALID_TYPE_ON_FIELD_IN_RECORD
     INVALID_DATE_FORMAT MISSING_ARGUMENT ID_REQUIRED DUPLICATE_ARGUMENT_VALUE UNSUPPORTED_DML_OPERATION
     EXCEEDED_MAX_TYPES_LIMIT EXCEEDED_MAX_SOBJECTS EXCEEDED_MAX_SEMIJOIN_SUBSELECTS CIRCULAR_OBJECT_GRAPH
     INVALID_CONTENT_TYPE NOT_ACCEPTABLE PARAMETER_TOO_LARGE UNPROCESSABLE_REQUEST CLIENTINPUTERROR INVALIDJOBSTATE
     INVALIDOPERATION INVALIDURL INVALIDXML ERROR_HTTP_414 ERROR_HTTP_428 ERROR_HTTP_431`,
  ),
  // The org itself does not know what happened: every step of the call is asked for, then a person looks.
  ...decided(
    'stop',
    'UnknownOrgError',
    'UNKNOWN_EXCEPTION INTERNAL_ERROR INTERNAL_SERVER_ERROR DATA_INTEGRITY_ERROR UNREADABLE_CODE UNKNOWN ERROR_HTTP_500',
  ),
  ...decided('stop', 'NotEmulated', 'NOT_EMULATED'),
  ...FEATURE_CODES.flatMap(([reaction, problem, codes]) => decided(reaction, problem, codes)),
]);

/** The decided reaction to a Salesforce error code; a code nobody decided about stops the run. */
export const reactionTo = (code: string): ErrorRule =>
  RULES.get(code) ?? { reaction: 'stop', problem: 'UnknownOrgError' };

/** Codes with a decision of their own: docs/REACTIONS.md lists them, and is tested against this. */
export const decidedCodes = (): readonly string[] => [...RULES.keys()];

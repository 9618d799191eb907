/** How the platform words a whole-request error when a plan names only its code. */
type ErrorText = { readonly status: number; readonly message: string };

/**
 * Statuses: REST API guide, "Status Codes and Error Responses"
 * (https://developer.salesforce.com/docs/platform/api-rest/guide/errorcodes.html): 401 session, 403 request limit,
 * 503 server unavailable, 500 server error; everything else is 400. Texts: recorded answers where there are any
 * (INVALID_SESSION_ID, UNABLE_TO_LOCK_ROW, REQUEST_LIMIT_EXCEEDED), otherwise ours.
 */
const known: Readonly<Record<string, ErrorText>> = {
  INVALID_SESSION_ID: { status: 401, message: 'Session expired or invalid' },
  REQUEST_LIMIT_EXCEEDED: { status: 403, message: 'TotalRequests Limit exceeded.' },
  UNABLE_TO_LOCK_ROW: { status: 400, message: 'unable to obtain exclusive access to this record' },
  SERVER_UNAVAILABLE: { status: 503, message: 'Server Unavailable' },
  UNKNOWN_EXCEPTION: {
    status: 500,
    message: 'An unexpected error occurred. Please include this ErrorId if you contact support',
  },
  QUERY_TIMEOUT: { status: 400, message: 'Your query request was running for too long.' },
  REQUEST_RUNNING_TOO_LONG: {
    status: 400,
    message: 'Your request was running for too long, and has been stopped.',
  },
};

export const errorText = (code: string): ErrorText => known[code] ?? { status: 400, message: code };

/**
 * The text of UNABLE_TO_LOCK_ROW. Recorded with a count and the ids in Bulk 2.0 result files and REST answers, and
 * without them where no id is known.
 */
export const lockText = (ids: readonly string[]): string => {
  const plain = errorText('UNABLE_TO_LOCK_ROW').message;
  return ids.length === 0 ? plain : `${plain} or ${ids.length} records: ${ids.join(',')}`;
};

import type { QueryRow } from '../contract.ts';
import type { TwinContext } from '../context.ts';
import { json } from '../http/exchange.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { Route } from '../router.ts';
import { restInstant } from '../rest/shape.ts';
import { NEWEST_VERSION, versionNumber } from '../versions.ts';

const plain = (status: number, text: string): Answer => ({
  status,
  headers: { 'Content-Type': 'text/plain' },
  content: text,
});

type Person = { readonly id: string; readonly row: QueryRow; readonly asserted: boolean };

const tokenOf = (exchange: Exchange): string | undefined => {
  const form = exchange.body instanceof URLSearchParams ? exchange.body : exchange.query;
  return exchange.token ?? form.get('oauth_token') ?? form.get('access_token') ?? undefined;
};

const rowOf = (context: TwinContext, asker: { id: string; username: string }, userId: string): QueryRow => {
  const { orgId, engine } = context.org;
  const session = { orgId, userId: asker.id, username: asker.username, apiVersion: NEWEST_VERSION };
  return engine.retrieve(session, 'User', userId);
};

/** Whose identity is asked; an answer when the token is missing or bad. */
const askerOf = (exchange: Exchange, context: TwinContext): { id: string; username: string } | Answer => {
  const token = tokenOf(exchange);
  if (token === undefined) return plain(403, 'Missing_OAuth_Token');
  const username = context.sessions.usernameOfToken(token);
  const user = username === undefined ? undefined : context.org.engine.findUser(username);
  return user?.isActive === true ? user : plain(403, 'Bad_OAuth_Token');
};

const isAnswer = (value: object): value is Answer => 'status' in value;

const same = (a: string, b: string): boolean => a.slice(0, 15) === b.slice(0, 15);

/** Minutes of a zone against UTC at an instant. */
const zoneOffset = (zone: string, instant: number): number => {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(instant);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

const urlsOf = (context: TwinContext, userId: string, version: string): Readonly<Record<string, string>> => {
  const host = context.instanceUrl;
  const rest = `${host}/services/data/v${version}/`;
  const soap = (letter: string): string =>
    `${host}/services/Soap/${letter}/${version}/${context.org.orgId.slice(0, 15)}`;
  return {
    enterprise: soap('c'),
    metadata: soap('m'),
    partner: soap('u'),
    rest,
    sobjects: `${rest}sobjects/`,
    search: `${rest}search/`,
    query: `${rest}query/`,
    recent: `${rest}recent/`,
    tooling_soap: soap('T'),
    tooling_rest: `${rest}tooling/`,
    profile: `${host}/${userId}`,
    feeds: `${rest}chatter/feeds`,
    groups: `${rest}chatter/groups`,
    users: `${rest}chatter/users`,
    feed_items: `${rest}chatter/feed-items`,
    feed_elements: `${rest}chatter/feed-elements`,
    custom_domain: host,
  };
};

/** What both answers tell, by the names of the identity URL. */
const common = (context: TwinContext, { id, row }: Person, version: string): Readonly<Record<string, unknown>> => ({
  user_id: id,
  organization_id: context.org.orgId,
  email: row['Email'],
  email_verified: true,
  urls: urlsOf(context, id, version),
  active: row['IsActive'],
  user_type: (typeof row['UserType'] === 'string' ? row['UserType'] : 'Standard').toUpperCase(),
  language: row['LanguageLocaleKey'],
  locale: row['LocaleSidKey'],
  utcOffset: standardOffset(row) * 60_000,
});

/** The zone's offset without daylight saving, which the platform answers: the smaller of two. */
const standardOffset = (row: QueryRow): number => {
  const zone = typeof row['TimeZoneSidKey'] === 'string' ? row['TimeZoneSidKey'] : 'UTC';
  return Math.min(zoneOffset(zone, Date.UTC(2026, 0, 1)), zoneOffset(zone, Date.UTC(2026, 6, 1)));
};

const photos = (context: TwinContext): Readonly<Record<string, string>> => ({
  picture: `${context.instanceUrl}/profilephoto/005/F`,
  thumbnail: `${context.instanceUrl}/profilephoto/005/T`,
});

const identityBody = (context: TwinContext, person: Person, version: string): Readonly<Record<string, unknown>> => {
  const { row, id } = person;
  const modified = row['LastModifiedDate'];
  return {
    id: `${context.instanceUrl}/id/${context.org.orgId}/${id}`,
    asserted_user: person.asserted,
    username: row['Username'],
    nick_name: row['CommunityNickname'],
    display_name: row['Name'],
    first_name: row['FirstName'],
    last_name: row['LastName'],
    timezone: row['TimeZoneSidKey'],
    photos: photos(context),
    addr_street: row['Street'],
    addr_city: row['City'],
    addr_state: row['State'],
    addr_country: row['Country'],
    addr_zip: row['PostalCode'],
    mobile_phone: row['MobilePhone'],
    mobile_phone_verified: false,
    is_lightning_login_user: false,
    status: { created_date: null, body: null },
    ...common(context, person, version),
    is_app_installed: true,
    last_modified_date: typeof modified === 'string' ? restInstant(modified) : null,
  };
};

/** The version the caller wants in addresses; undefined when there is no such one. */
const versionIn = (exchange: Exchange): string | undefined => {
  const asked = exchange.query.get('version');
  if (asked === null) return '{version}';
  if (asked === 'latest') return `${NEWEST_VERSION}.0`;
  const number = versionNumber(asked);
  return number === undefined ? undefined : `${number}.0`;
};

/**
 * The identity URL. Failures are plain texts:
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm
 */
const identity = (exchange: Exchange, context: TwinContext): Answer => {
  const asker = askerOf(exchange, context);
  if (isAnswer(asker)) return asker;
  const { org = '', user = '' } = exchange.params;
  if (!same(org, context.org.orgId)) return plain(403, 'Wrong_Org');
  if (!same(user, asker.id)) return plain(404, 'Bad_Id');
  const version = versionIn(exchange);
  if (version === undefined) return plain(406, 'Invalid_Version');
  const format = exchange.query.get('format') ?? 'json';
  if (format !== 'json' || exchange.query.has('callback'))
    return plain(501, 'NOT_EMULATED: identity other than as JSON');
  const person = { id: asker.id, row: rowOf(context, asker, asker.id), asserted: true };
  return json(identityBody(context, person, version));
};

/** The claims there are values for; recorded from an org: a user without an address has `{}`. */
const addressOf = (row: QueryRow): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries({
      street_address: row['Street'],
      locality: row['City'],
      region: row['State'],
      postal_code: row['PostalCode'],
      country: row['Country'],
    }).filter(([, value]) => typeof value === 'string'),
  );

/** OpenID Connect user info: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm */
const userInfo = (exchange: Exchange, context: TwinContext): Answer => {
  const asker = askerOf(exchange, context);
  if (isAnswer(asker)) return asker;
  const row = rowOf(context, asker, asker.id);
  const modified = row['LastModifiedDate'];
  const { picture } = photos(context);
  return json({
    sub: `${context.instanceUrl}/id/${context.org.orgId}/${asker.id}`,
    preferred_username: asker.username,
    nickname: row['CommunityNickname'],
    name: row['Name'],
    given_name: row['FirstName'],
    family_name: row['LastName'],
    zoneinfo: row['TimeZoneSidKey'],
    photos: photos(context),
    profile: `${context.instanceUrl}/${asker.id}`,
    picture,
    address: addressOf(row),
    is_salesforce_integration_user: false,
    ...common(context, { id: asker.id, row, asserted: true }, '{version}'),
    updated_at: typeof modified === 'string' ? modified : null,
  });
};

const userInfoPath = '/services/oauth2/userinfo';

export const identityRoutes: readonly Route[] = [
  { name: 'user info', method: 'GET', path: userInfoPath, auth: 'none', handle: userInfo },
  { name: 'user info by form', method: 'POST', path: userInfoPath, auth: 'none', body: 'form', handle: userInfo },
  { name: 'identity', method: 'GET', path: '/id/:org/:user', auth: 'none', handle: identity },
  { name: 'identity by form', method: 'POST', path: '/id/:org/:user', auth: 'none', body: 'form', handle: identity },
];

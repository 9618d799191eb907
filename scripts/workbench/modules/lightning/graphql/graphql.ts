/**
 * `lightning/graphql` for the workbench: the platform's wire adapter over the public GraphQL resource, which the
 * workbench's server passes on to the org. https://developer.salesforce.com/docs/platform/lwc/guide/reference-graphql.html
 */

export const gql = (strings, ...values) => ({ query: String.raw({ raw: strings }, ...values) });

const post = async (document, variables, operationName) => {
  const response = await fetch('/org/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document.query, variables, operationName }),
  });
  if (!response.ok) return { data: undefined, errors: [{ message: `HTTP ${response.status}` }] };
  const { data, errors } = await response.json();
  return errors?.length > 0 ? { data: undefined, errors } : { data, errors: undefined };
};

export class graphql {
  dataCallback;
  config;
  connected = false;
  // a late answer to an old question is dropped
  asked = 0;

  constructor(dataCallback) {
    this.dataCallback = dataCallback;
    dataCallback({ data: undefined, errors: undefined });
  }

  connect() {
    this.connected = true;
    this.ask();
  }

  disconnect() {
    this.connected = false;
  }

  update(config) {
    if (JSON.stringify(config) === JSON.stringify(this.config)) return;
    this.config = config;
    this.ask();
  }

  async ask() {
    const { query, variables, operationName } = this.config ?? {};
    if (!this.connected || query === undefined) return;
    this.asked += 1;
    const turn = this.asked;
    const answer = await post(query, variables, operationName);
    if (turn !== this.asked || !this.connected) return;
    this.dataCallback({ ...answer, refresh: () => this.ask() });
  }
}

export const executeMutation = async ({ query, variables, operationName }) => post(query, variables, operationName);

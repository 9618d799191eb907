/**
 * `lightning/uiRecordApi` for the workbench: records with the fields the user may see, from the org's own UI API.
 * https://developer.salesforce.com/docs/platform/lwc/guide/reference-wire-adapters-records.html
 */

const oneRecord = async (id, optionalFields) => {
  const fields = encodeURIComponent(optionalFields.join(','));
  const response = await fetch(`/org/records/${encodeURIComponent(id)}?optionalFields=${fields}`);
  return { statusCode: response.status, result: await response.json() };
};

export class getRecords {
  dataCallback;
  wishes;
  asked = '';
  connected = false;

  constructor(dataCallback) {
    this.dataCallback = dataCallback;
    dataCallback({ data: undefined, error: undefined });
  }

  connect() {
    this.connected = true;
    this.ask();
  }

  disconnect() {
    this.connected = false;
  }

  update({ records }) {
    this.wishes = records;
    this.ask();
  }

  async ask() {
    if (!this.connected || this.wishes === undefined) return;
    const key = JSON.stringify(this.wishes);
    if (key === this.asked) return;
    this.asked = key;
    const results = await Promise.all(
      this.wishes.flatMap(({ recordIds, optionalFields }) => recordIds.map((id) => oneRecord(id, optionalFields))),
    );
    // a late answer to an old question is dropped
    if (key !== this.asked || !this.connected) return;
    const hasErrors = results.some(({ statusCode }) => statusCode !== 200);
    this.dataCallback({ data: { hasErrors, results }, error: undefined });
  }
}

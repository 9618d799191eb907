/**
 * `lightning/uiObjectInfoApi` for the workbench: what the user may do with an object, from the org's own UI API.
 * https://developer.salesforce.com/docs/platform/lwc/guide/reference-wire-adapters-object-info.html
 */

const objectInfo = async (objectApiName) => {
  const response = await fetch(`/org/object-info/${encodeURIComponent(objectApiName)}`);
  if (!response.ok) return { data: undefined, error: { status: response.status } };
  return { data: await response.json(), error: undefined };
};

export class getObjectInfo {
  dataCallback;
  objectApiName;
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

  update({ objectApiName }) {
    const name = typeof objectApiName === 'string' ? objectApiName : objectApiName?.objectApiName;
    if (name === this.objectApiName) return;
    this.objectApiName = name;
    this.ask();
  }

  async ask() {
    const name = this.objectApiName;
    if (!this.connected || name === undefined) return;
    const answer = await objectInfo(name);
    if (name === this.objectApiName && this.connected) this.dataCallback(answer);
  }
}

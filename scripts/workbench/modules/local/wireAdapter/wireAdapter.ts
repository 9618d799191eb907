/**
 * A wire adapter over one question: asked when a component is there and its configuration is whole, again when the
 * configuration changes, and never answered with what an older question brought.
 * https://github.com/salesforce/lwc-rfcs/blob/master/text/0103-wire-adapters.md
 *
 * `nothing` is what a component has before the first answer; `wishOf` makes the question of a configuration (undefined =
 * not yet), `ask` answers it; `ask` is given a function that asks the same again.
 */
export const wireAdapter = ({ nothing, wishOf, ask }) =>
  class {
    dataCallback;
    wish;
    asked = '';
    connected = false;
    turn = 0;

    constructor(dataCallback) {
      this.dataCallback = dataCallback;
      dataCallback(nothing);
    }

    connect() {
      this.connected = true;
      return this.askOnce();
    }

    disconnect() {
      this.connected = false;
      this.asked = '';
    }

    update(config) {
      this.wish = wishOf(config);
      return this.askOnce();
    }

    askOnce() {
      const wish = JSON.stringify(this.wish);
      if (!this.connected || wish === undefined || wish === this.asked) return undefined;
      this.asked = wish;
      return this.askNow();
    }

    async askNow() {
      this.turn += 1;
      const turn = this.turn;
      const answer = await ask(this.wish, () => this.askNow());
      if (turn === this.turn && this.connected) this.dataCallback(answer);
    }
  };

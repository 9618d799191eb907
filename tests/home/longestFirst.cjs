const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that start processes or whole orgs take minutes: one of them begun last would leave the other core idle. */
const LONG = [/\/tests\/commands\//, /\/tests\/readme\.test/, /\/tests\/twin\/protocol\/sf/, /\/tests\/plan\//];
const rank = ({ path }) => {
  const at = LONG.findIndex((pattern) => pattern.test(path.replaceAll('\\', '/')));
  return at < 0 ? LONG.length : at;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};

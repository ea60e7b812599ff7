const { default: Sequencer } = require("@jest/test-sequencer");

/** By name: files that share a cluster run in an order that a reader can see. */
module.exports = class ByName extends Sequencer {
    sort(tests) {
        return [...tests].sort((one, other) => one.path.localeCompare(other.path));
    }
};

/** @type {import("jest").Config} */
module.exports = {
    testEnvironment: "node",
    testEnvironmentOptions: { globalsCleanup: "off" },
    testTimeout: 30_000,
    transform: {
        "^.+\\.ts$": [
            "@swc/jest",
            { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
        ],
    },
    testSequencer: "<rootDir>/test/support/sequencer.cjs",
    roots: ["<rootDir>/test"],
    testMatch: ["**/*.test.ts"],
    modulePathIgnorePatterns: ["<rootDir>/.*/dist/"],
};

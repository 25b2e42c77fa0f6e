const { jest } = require("../../package.json");

// One test at a time: all share the Docker engine, and Terraform alone uses all cores.
module.exports = {
  testEnvironment: "node",
  transform: jest.transform,
  watchman: jest.watchman,
  roots: ["<rootDir>/.."],
  // The tests of `npm test` that take long run here.
  testMatch: ["<rootDir>/*.test.ts", "**/__tests__/**/*.slow.test.ts"],
  maxWorkers: 1,
  // Reports each skipped test and the reason.
  verbose: true,
  globalSetup: "<rootDir>/prepare-emulator.ts",
  testTimeout: 180_000,
};

const { jest } = require("../../package.json");

// One test at a time: all share the Docker engine, and Terraform alone uses all cores.
module.exports = {
  testEnvironment: jest.testEnvironment,
  transform: jest.transform,
  watchman: jest.watchman,
  testMatch: ["<rootDir>/*.test.ts"],
  maxWorkers: 1,
  // Reports each skipped test and the reason.
  verbose: true,
  globalSetup: "<rootDir>/prepare-emulator.ts",
  testTimeout: 180_000,
};

const { jest } = require("../../package.json");

// One test after the other: they share the machine's Docker engine, and Terraform takes all cores by itself.
module.exports = {
  testEnvironment: jest.testEnvironment,
  transform: jest.transform,
  watchman: jest.watchman,
  testMatch: ["<rootDir>/*.test.ts"],
  maxWorkers: 1,
  // Says what was skipped, and why.
  verbose: true,
  testTimeout: 180_000,
};

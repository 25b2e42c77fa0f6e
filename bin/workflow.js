#!/usr/bin/env node
// Starts the command: cli.ts is compiled as it is loaded, so there is no build to forget.
process.env.TS_NODE_PROJECT ??= require("node:path").join(__dirname, "..", "tsconfig.json");
require("ts-node/register/transpile-only");
require("../cli").main();

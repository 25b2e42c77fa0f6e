#!/usr/bin/env node
// Starts the command: cli.ts is compiled as it is loaded, so there is no build to forget. Old versions of Node.js must be able to
// read this file, in order to be refused.
const { engines } = require("../package.json");

const FOLDER = `${__dirname}/..`;

function refuse(message, exitCode = 2) {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}

/** The cause of a cause may say it. */
function isOutOfFiles(error) {
  return /EMFILE|ENFILE|too many open files/i.test(require("node:util").inspect(error, { depth: 8 }));
}

function isTooOld(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split(".").map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function load() {
  process.env.TS_NODE_PROJECT = process.env.TS_NODE_PROJECT || `${FOLDER}/tsconfig.json`;
  try {
    require("ts-node/register/transpile-only");
    return require("../src/cli/program");
  } catch (error) {
    if (isOutOfFiles(error)) {
      refuse("the command cannot be loaded: too many files are open; raise the limit with `ulimit -n`", 1);
      return null;
    }
    // Only a package that is missing is not a defect.
    if (error.code !== "MODULE_NOT_FOUND" || !/^Cannot find (module|package) '[^./]/.test(error.message)) throw error;
    refuse(`the packages of this project are not installed; run \`npm ci\` in the project's folder`);
    return null;
  }
}

if (isTooOld(process.versions.node, engines.node.match(/\d+/g).map(Number))) {
  refuse(
    `Node.js ${engines.node.replace(">=", "")} or newer is needed, this is ${process.versions.node}; see https://nodejs.org`,
  );
} else {
  const cli = load();
  if (cli !== null) cli.main();
}

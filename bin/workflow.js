#!/usr/bin/env node
// Starts the command. Old versions of Node.js must be able to read this file, because it refuses them.
const { engines } = require("../package.json");

function refuse(message, exitCode = 2) {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}

/** The error may be the cause of another one. */
function isOutOfFiles(error) {
  return /EMFILE|ENFILE|too many open files/i.test(require("node:util").inspect(error, { depth: 8 }));
}

function isTooOld(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split(".").map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function load() {
  try {
    require("./register");
    const { main } = require("../src/cli/program");
    return main;
  } catch (error) {
    if (isOutOfFiles(error)) {
      refuse("the command cannot be loaded: too many files are open; raise the limit with `ulimit -n`", 1);
      return null;
    }
    // A missing package is for the user to install. Any other missing file is a defect.
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
  const main = load();
  if (main !== null) main();
}

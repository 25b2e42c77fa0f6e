// Lets Node.js load TypeScript: `node -r ./bin/register.js main.ts`. A file is compiled once. Later starts take its code, and V8's
// own code of it and of the packages, from node_modules/.cache/workflow. The key of an entry is the file's content, so there is
// nothing to build and nothing to clean. If the cache cannot be read or written, files are compiled in memory.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { constants, Script } = require("node:vm");
const { threadId } = require("node:worker_threads");
const { crc32 } = require("node:zlib");

const PROJECT = dirname(__dirname);
const FOLDER = join(PROJECT, "node_modules", ".cache", "workflow");
const PACKAGES = `node_modules${require("node:path").sep}`;

/** How many files are kept in all. */
const KEPT_FILES = 8;

/**
 * Names the files of the cache by everything that their entries depend on. V8 takes code only from its own version with the same
 * flags, some of which the cdktf CLI sets, and the code names the folder of the project in stack traces.
 */
const VARIANT = sha1(
  [
    PROJECT,
    cachedDataVersionTag(),
    process.version,
    require("@swc/core/package.json").version,
    fs.readFileSync(__filename),
  ].join(),
);

/**
 * Entries in one file: a line of JSON that tells their places, then their bytes. An entry has up to three parts: JavaScript and
 * its source map, which only TypeScript has, and V8's code.
 */
class Cache {
  #path;
  #entries;
  #bytes = null;
  #scripts = new Map();

  constructor(name) {
    this.#path = join(FOLDER, `${name}-${VARIANT}`);
    this.#entries = attempt(() => this.#open()) ?? {};
  }

  /** Returns the parts of a file whose content has this hash, or null. */
  get(filename, hash) {
    const entry = this.#entries[filename];
    if (entry?.hash !== hash) return null;
    const [code, map, data] = entry.lengths;
    const bytes = this.#bytes.subarray(entry.offset, entry.offset + code + map + data);
    if (crc32(bytes) !== entry.checksum) return null;
    return { code: bytes.subarray(0, code), map: bytes.subarray(code, code + map), data: bytes.subarray(code + map) };
  }

  /** Notes a script that the cache lacks. */
  add(filename, hash, script, { code = "", map = "" } = {}) {
    this.#scripts.set(filename, { hash, script, code, map });
  }

  /** Writes the cache if it lacks something. Another process may do the same: a file is complete before it gets its name. */
  save() {
    if (this.#scripts.size === 0) return;
    const beside = `${this.#path}.${process.pid}-${threadId}`;
    attempt(() => {
      fs.mkdirSync(FOLDER, { recursive: true });
      const output = fs.openSync(beside, "w");
      try {
        fs.writeFileSync(output, this.#content());
      } finally {
        fs.closeSync(output);
      }
      fs.renameSync(beside, this.#path);
      removeOldFiles();
    });
    attempt(() => fs.rmSync(beside, { force: true }));
  }

  #open() {
    const content = fs.readFileSync(this.#path);
    const end = content.indexOf("\n");
    this.#bytes = content.subarray(end + 1);
    return JSON.parse(content.toString("utf8", 0, end));
  }

  #content() {
    const entries = {};
    const parts = [];
    let offset = 0;
    const put = (name, hash, own) => {
      const bytes = Buffer.concat(own);
      entries[name] = { hash, offset, lengths: own.map((part) => part.length), checksum: crc32(bytes) };
      parts.push(bytes);
      offset += bytes.length;
    };
    for (const [name, { hash, script, code, map }] of this.#scripts) {
      put(name, hash, [Buffer.from(code), Buffer.from(map), script.createCachedData()]);
    }
    for (const [name, entry] of Object.entries(this.#entries)) {
      if (entries[name] !== undefined || !fs.existsSync(name)) continue;
      const kept = attempt(() => this.get(name, entry.hash));
      if (kept !== null) put(name, entry.hash, [kept.code, kept.map, kept.data]);
    }
    return Buffer.concat([Buffer.from(`${JSON.stringify(entries)}\n`), ...parts]);
  }
}

const project = new Cache("project");
const packages = new Cache("packages");
const maps = new Map();
const compileOriginally = Module.prototype._compile;

Module._extensions[".ts"] = (module, filename) => {
  const source = fs.readFileSync(filename);
  const hash = sha1(source);
  const cached = attempt(() => project.get(filename, hash));
  const { code, map } = cached ?? compile(source.toString(), filename);
  maps.set(filename, map);
  const script = scriptOf(code.toString(), filename, cached?.data);
  if (cached === null || script.cachedDataRejected) project.add(filename, hash, script, { code, map });
  run(script, module, filename);
};

Module.prototype._compile = function (content, filename, ...rest) {
  // Only V8's code is kept: its version and flags are V8's to check, and the content is checked here.
  if (!filename.includes(PACKAGES) || rest[0] === "module")
    return compileOriginally.call(this, content, filename, ...rest);
  const hash = `${content.length} ${crc32(content)}`;
  const cached = attempt(() => packages.get(filename, hash));
  const script = attempt(() => scriptOf(content, filename, cached?.data));
  // Perhaps it is an ES module, or has a mistake that Node.js should describe.
  if (script === null) return compileOriginally.call(this, content, filename, ...rest);
  if (cached === null || script.cachedDataRejected) packages.add(filename, hash, script);
  return run(script, this, filename);
};

Error.prepareStackTrace = (error, frames) => {
  // CDKTF takes a trace for each token, and throws it away: that must be cheap.
  const describeFrame = error instanceof Error ? inSource : String;
  const places = frames.filter((frame) => frame.getFileName() !== __filename).map(describeFrame);
  return [describe(error), ...places].join("\n    at ");
};

process.on("exit", () => {
  project.save();
  packages.save();
});

// --- internal ---

function compile(source, filename) {
  const { transformSync } = require("@swc/core");
  return transformSync(source, {
    filename,
    sourceMaps: true,
    swcrc: false,
    module: { type: "commonjs" },
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
  });
}

/** Prepares a module as Node.js does. */
function scriptOf(content, filename, cachedData) {
  const code = Module.wrap(content.replace(/^#!.*/, ""));
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new Script(code, { filename, cachedData, importModuleDynamically, columnOffset: -Module.wrapper[0].length });
}

function run(script, module, filename) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  const start = script.runInThisContext();
  return start.call(module.exports, module.exports, require, module, filename, dirname(filename));
}

function describe(error) {
  return attempt(() => String(error)) ?? "Error";
}

/** Describes a frame of a stack by its place in the TypeScript file. */
function inSource(frame) {
  const filename = frame.getFileName();
  let map = maps.get(filename);
  if (map === undefined) return frame.toString();
  if (!(map instanceof Module.SourceMap)) {
    map = new Module.SourceMap(JSON.parse(map.toString()));
    maps.set(filename, map);
  }
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  const source = map.findEntry(line - 1, column - 1);
  const place = `${filename}:${source.originalLine + 1}:${source.originalColumn + 1}`;
  return frame.toString().replace(`${filename}:${line}:${column}`, () => place);
}

/** Removes the oldest files, such as those for another version of Node.js. */
function removeOldFiles() {
  const paths = fs.readdirSync(FOLDER).map((name) => join(FOLDER, name));
  const dated = paths.map((path) => ({ path, time: fs.statSync(path).mtimeMs }));
  for (const { path } of dated.sort((one, other) => other.time - one.time).slice(KEPT_FILES)) fs.rmSync(path);
}

function sha1(bytes) {
  return createHash("sha1").update(bytes).digest("hex");
}

/** Returns null if the work fails: without the cache, the program starts more slowly and is otherwise the same. */
function attempt(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

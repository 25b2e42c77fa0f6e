/**
 * The environment of all tests. Jest gives each suite a JavaScript world of its own, in which nothing is compiled, optimised or loaded yet,
 * and where each use of a global passes an interceptor. Here all suites of a worker share one world. The project's own modules are still
 * evaluated for each suite, and what a suite changes in `process` and in the globals is put back after it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import vm, { type CompileFunctionOptions } from "node:vm";
import { TestEnvironment } from "jest-environment-node";
import * as noStackTrace from "./no-stack-trace";

type Configuration = ConstructorParameters<typeof TestEnvironment>;
type Environment = InstanceType<typeof TestEnvironment>;
type Globals = Environment["global"];
type Mocker = NonNullable<Environment["moduleMocker"]>;
type Timers = NonNullable<Environment["fakeTimersModern"]>;
/** The function around the code of a CommonJS module. */
type ModuleFunction = (module: NodeJS.Module, ...others: unknown[]) => void;

/**
 * Packages are evaluated once for all suites of a worker, but for Jest's runner, which keeps the tests of a suite, and the clients of AWS,
 * whose prototypes tests mock. An environment with the option `sharePackages: false` evaluates all of them again, so that their own imports
 * can be mocked too.
 */
const PACKAGE = /\/node_modules\/(?!jest-circus\/build\/|@aws-sdk\/client-)/;
let sharePackages = true;

/** cdktf keeps the values behind all of its tokens in a global. Tokens of modules that are evaluated once outlive a suite. */
const KEPT_GLOBALS = ["__cdktfTokenMap"];

/** The listeners of `process`, some of which are the worker's. */
const KEPT_OF_PROCESS = ["_events", "_eventsCount"];

const requirePackage = createRequire(__filename);
Object.assign(requirePackage("cdktf/lib/tokens/private/stack-trace"), noStackTrace);

const compiledModules = new Map<string, { code: string; run: ModuleFunction }>();
const compile = vm.compileFunction;

function moduleFunction(code: string, parameters: readonly string[], options: CompileFunctionOptions): ModuleFunction {
  const { filename = "" } = options;
  if (sharePackages && PACKAGE.test(filename)) {
    return (module) => {
      module.exports = requirePackage(filename);
    };
  }
  const known = compiledModules.get(filename);
  if (known?.code === code) return known.run;
  const run = compile(code, parameters, { ...options, parsingContext: undefined }) as unknown as ModuleFunction;
  compiledModules.set(filename, { code, run });
  return run;
}
vm.compileFunction = ((code: string, parameters: readonly string[] = [], options: CompileFunctionOptions = {}) =>
  moduleFunction(code, parameters, options)) as unknown as typeof compile;

/**
 * Jest makes an AsyncLocalStorage for each suite, and never disables it. Up to Node.js 22, each promise then costs time for each suite
 * before.
 */
const storages = new Set<AsyncLocalStorage<unknown>>();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...call: Parameters<typeof run>) {
  storages.add(this);
  return run.apply(this, call);
} as typeof run;

/** Returns a function that gives `object` the properties back that it has now, but for those of the names `kept`. */
function restorer(object: object, kept: string[] = []): () => void {
  const before = Object.getOwnPropertyDescriptors(object);
  for (const key of kept) Reflect.deleteProperty(before, key);
  return () => {
    for (const key of Reflect.ownKeys(object)) {
      if (!Object.hasOwn(before, key) && !kept.includes(String(key))) Reflect.deleteProperty(object, key);
    }
    Object.defineProperties(object, before);
  };
}

export default class extends TestEnvironment {
  private readonly restorers = [
    restorer(globalThis, KEPT_GLOBALS),
    restorer(process, KEPT_OF_PROCESS),
    restorer(process.env),
  ];
  private readonly exitCode = process.exitCode;

  constructor(...[configuration, context]: Configuration) {
    super(configuration, context);
    const { projectConfig: config } = configuration;
    sharePackages = config.testEnvironmentOptions.sharePackages !== false;
    const global = globalThis as unknown as Globals;
    // What the constructor of Jest made is for a world of its own.
    const OwnMocker = this.moduleMocker!.constructor as new (global: Globals) => Mocker;
    const OwnTimers = this.fakeTimersModern!.constructor as new (options: object) => Timers;
    this.moduleMocker = new OwnMocker(global);
    this.fakeTimersModern = new OwnTimers({ config, global });
    this.global = global;
  }

  override async teardown(): Promise<void> {
    for (const storage of storages) storage.disable();
    storages.clear();
    await super.teardown();
    for (const restore of this.restorers) restore();
    process.exitCode = this.exitCode;
  }
}

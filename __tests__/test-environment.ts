/**
 * The environment of all tests: that of Jest, with two repairs of its speed. A worker runs a hundred suites, each in a context of its own.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import vm, { type CompileFunctionOptions } from "node:vm";
import { TestEnvironment } from "jest-environment-node";

/** Each context compiles all modules again. With V8's data of the first time that takes little time. */
const compiledModules = new Map<string, Buffer>();
const compile = vm.compileFunction;
vm.compileFunction = (code, parameters, options: CompileFunctionOptions = {}) => {
  const cachedData = compiledModules.get(code);
  if (cachedData !== undefined) return compile(code, parameters, { ...options, cachedData });
  const compiled = compile(code, parameters, { ...options, produceCachedData: true });
  if (compiled.cachedData !== undefined) compiledModules.set(code, compiled.cachedData);
  return compiled;
};

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

export default class extends TestEnvironment {
  override async teardown(): Promise<void> {
    for (const storage of storages) storage.disable();
    storages.clear();
    await super.teardown();
  }
}

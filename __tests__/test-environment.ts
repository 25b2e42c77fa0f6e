/**
 * The environment of all tests: that of Jest, with two repairs of its speed. A worker runs a hundred suites, each in a context of its own.
 */
import asyncHooks from "node:async_hooks";
import vm, { type CompileFunctionOptions } from "node:vm";
import { TestEnvironment } from "jest-environment-node";

keepCompiledModules();
keepOneStorage();

export default TestEnvironment;

/** Each context compiles all modules again. With V8's data of the first time that takes little time. */
function keepCompiledModules(): void {
  const known = new Map<string, Buffer>();
  const compile = vm.compileFunction;
  vm.compileFunction = (code, parameters, options: CompileFunctionOptions = {}) => {
    const cachedData = known.get(code);
    if (cachedData !== undefined) return compile(code, parameters, { ...options, cachedData });
    const compiled = compile(code, parameters, { ...options, produceCachedData: true });
    if (compiled.cachedData !== undefined) known.set(code, compiled.cachedData);
    return compiled;
  };
}

/**
 * Jest makes an AsyncLocalStorage for each suite, and never disables it. Up to Node.js 22, each promise then costs time for each suite
 * before. Here a new one ends the one before.
 */
function keepOneStorage(): void {
  let before: asyncHooks.AsyncLocalStorage<unknown> | null = null;
  asyncHooks.AsyncLocalStorage = class<T> extends asyncHooks.AsyncLocalStorage<T> {
    constructor() {
      super();
      before?.disable();
      before = this;
    }
  } as typeof asyncHooks.AsyncLocalStorage;
}

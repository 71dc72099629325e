type Process = { getBuiltinModule?: (name: string) => unknown } | undefined;
const process = (): Process => (globalThis as { process?: Process }).process;

/** Whether this is Node, Bun or Deno: a page has no such modules, though a bundler may have given it a `process`. */
export const hasBuiltins = (): boolean => process()?.getBuiltinModule !== undefined;

/** A module of Node's own, asked for at run time, so that a page's bundler never looks for it. */
export function builtin<T>(name: string): T {
  return process()!.getBuiltinModule!(name) as T;
}

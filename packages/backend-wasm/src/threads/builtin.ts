/** A module of Node's own, asked for at run time, so that a page's bundler never looks for it. */
export function builtin<T>(name: string): T {
  return (globalThis as unknown as { process: { getBuiltinModule: (name: string) => T } }).process.getBuiltinModule(
    name,
  );
}

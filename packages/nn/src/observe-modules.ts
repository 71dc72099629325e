/** Called in place of a module's forward: `run` is that forward, and what it gives has to be returned. */
export type ModuleObserver = (module: object, run: () => unknown) => unknown;

// Set only while the synchronous body of `observeModules` runs.
let current: ModuleObserver | undefined;

/** Who observes now: nobody, nearly always. */
export const currentObserver = (): ModuleObserver | undefined => current;

/**
 * Runs the synchronous body while `observer` is told of every module that computes, from its beginning to its end: where an op runs, how long a
 * part takes. Observers do not nest: an inner one takes the place of the outer until its body ends.
 *
 * @example
 * ```ts
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
 * const names: string[] = [];
 * const observer: ModuleObserver = (module, run) => {
 *   names.push(module.constructor.name);
 *   return run();
 * };
 * observeModules(observer, () => model.forward(tensor([1, 2], [1, 2], model.weight.value.backend)));
 * console.log(names); // [ 'Linear' ]
 * ```
 */
export function observeModules<T>(observer: ModuleObserver, body: () => T): T {
  const outer = current;
  current = observer;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** `next` of a value, at once or when it is there. (It is not called then: a module that exports a `then` is taken for a promise.) */
export const after = <A, B>(x: A | Promise<A>, next: (x: A) => B | Promise<B>): B | Promise<B> =>
  x instanceof Promise ? x.then(next) : next(x);

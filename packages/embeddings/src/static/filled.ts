/** Options of which each is given: what was left out, or undefined, has its default. */
export type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

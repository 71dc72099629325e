/** A variable of the environment whose name begins with VITE_, in Node and in a page. */
export const asked = (name: `VITE_${string}`): string | undefined =>
  (import.meta as ImportMeta & { readonly env?: Readonly<Record<string, string>> }).env?.[name];

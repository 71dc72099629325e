/** The version of this package, as its package.json says: `npm run version` writes both. */
export const version: string = "0.1.0";

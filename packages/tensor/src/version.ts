/** The version of this package, as its package.json says: `npm run version-packages` writes both. */
export const version: string = "0.1.0";

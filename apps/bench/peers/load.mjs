// Imports a peer from this folder's node_modules. Code elsewhere has no other way to reach a package that only modules may import.
export const load = (specifier) => import(specifier);

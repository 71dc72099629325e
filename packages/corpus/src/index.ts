export type { TokenSource } from "./token-source.ts";

export type { ModelFiles } from "./files/model-files.ts";

export { readSafetensors } from "./node/read.ts";
export { writeFileAtomically } from "./node/write-file-atomically.ts";
export { writeSafetensors } from "./node/write.ts";

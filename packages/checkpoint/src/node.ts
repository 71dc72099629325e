export { fileProblem } from "./node/file-problem.ts";
export { openFile } from "./node/open-file.ts";
export { readSafetensors } from "./node/read.ts";
export { writeFileAtomically } from "./node/write-file-atomically.ts";
export { writeSafetensors } from "./node/write.ts";

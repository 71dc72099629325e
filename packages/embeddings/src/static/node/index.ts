export { fileCheckpoint } from "./training/file-checkpoint.ts";
export { textFile } from "./training/text-file.ts";
export { readFastText, writeFastText } from "./fasttext/files.ts";
export { formatOfName, readVectorFile, writeVectorFile } from "./vector-file.ts";
export { temporaryFiles } from "./temporary-files.ts";

export { readFastText, writeFastText } from "./fasttext/files.ts";
export { formatOfName, readVectorFile, writeVectorFile } from "./vector-file.ts";

export { checkpointFolder } from "./node/checkpoint-folder.ts";

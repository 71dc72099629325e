import { availableParallelism, cpus } from "node:os";

/** One line that says where the numbers come from. */
export const describeMachine = (): string =>
  `Node ${process.versions.node}, V8 ${process.versions.v8}, ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${availableParallelism()} cores`;

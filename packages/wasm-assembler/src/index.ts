export type { Callee, Code, Either, Type, Value, Whole } from "./value.ts";
export { Func, Local, type Place } from "./func.ts";
export * from "./instructions.ts";
export { assembleWasm, type MemoryLimits } from "./module.ts";
export { farPages, type MemoryOptions, nearPages, newMemory, pageBytes } from "./memory.ts";
export { hasFarMemory, hasRelaxedSimd, hasSimd } from "./features.ts";

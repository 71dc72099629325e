export { gpujs, type GpujsBackend, type GpujsOptions, type Mode } from "./gpujs.ts";

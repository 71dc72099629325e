/** The key of a safetensors file's metadata under which a training run's options stand, as JSON. */
export const runKey = "tenon-run";

import wabt from "wabt";

const tool = await wabt();
const features = { simd: true, threads: true, bulk_memory: true, sat_float_to_int: true, memory64: true };
/** A module that is valid, in the text format; throws where it is not. Of shared memories the tool knows nothing. */
export const text = (bytes: Uint8Array, relaxed_simd = false): string => {
  const module = tool.readWasm(bytes, { readDebugNames: false, ...features, relaxed_simd });
  try {
    module.validate();
    return module.toText({ foldExprs: false, inlineExport: false });
  } finally {
    module.destroy();
  }
};

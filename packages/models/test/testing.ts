// What the backends' tests take from here, as `@tenon/models/testing`. It is not published.
export { allCombinations, fewCombinations, someCombinations } from "./combinations.ts";
export { testCombinations } from "./test-combinations.ts";
export { testQuantizedDecoders } from "./test-quantized-decoders.ts";

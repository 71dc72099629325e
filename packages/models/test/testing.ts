// What the backends' tests take from here, as `@tenon/models/testing`. It is not published.
export { allCombinations, fewCombinations, linearCombinations, someCombinations } from "./combinations.ts";
export { testCombinations } from "./test-combinations.ts";

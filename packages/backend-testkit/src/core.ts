export type { BackendTest, BackendUnderTest, Outcome, Skip, Tolerances } from "./backend-test.ts";
export { backendTests } from "./backend-tests.ts";
export type { Component, ComponentTest, ComponentUnderTest } from "./components/component-test.ts";
export { componentTests } from "./components/component-tests.ts";
export type { GroupName } from "./group-names.ts";
export type { BackendResults, TestResult } from "./results.ts";
export { runBackendTests } from "./run-backend-tests.ts";
export { checkGolden, type GoldenArray, type GoldenPart, type PartGolden } from "./components/part-golden.ts";

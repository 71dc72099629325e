export * from "./core.ts";
export { testBackend } from "./test-backend.ts";
export { testComponent } from "./components/test-component.ts";

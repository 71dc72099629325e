import { testBackend } from "@tenon/backend-testkit";
import { vi } from "vitest";

vi.spyOn(console, "log").mockImplementation(() => undefined);
const { toy } = await import("./toy-backend.ts");

testBackend({ name: "toy", create: () => toy(), runs: 5 });

// Runs in the page: the testkit on the backend, with the options that the address asks for. Each thing that it finds out goes to /report.
import { runBackendTests } from "@tenon/backend-testkit/core";
import { matmul, ones } from "@tenon/tensor";

// A worker has the question in its name.
const what = typeof document === "undefined" ? self.name : new URLSearchParams(location.search).get("what");
const { runs, groups } = JSON.parse(what);
const tell = (event) => fetch("/report", { method: "POST", body: JSON.stringify(event) });

async function main() {
  const began = performance.now();
  const { wasm } = await import("@tenon/backend-wasm");
  const imported = performance.now() - began;
  try {
    for (const { options, name: wanted } of runs) {
      const start = performance.now();
      const first = await wasm(options);
      const ready = performance.now() - start;
      const [product] = await matmul(ones([1, 5], first), ones([5, 1], first)).read();
      first.close();
      const backends = [];
      const create = async () => {
        const on = await wasm(options);
        backends.push(on);
        return on;
      };
      const { tests } =
        product === 5 ? await runBackendTests({ name: first.name, create, ...(groups && { groups }) }) : { tests: [] };
      for (const on of backends) on.close();
      await tell({
        name: first.name,
        wanted,
        ready,
        passed: tests.filter(({ status }) => status === "passed").length,
        skipped: tests.filter(({ status }) => status === "skipped").length,
        failures: tests.flatMap(({ name, status, error }) => (status === "failed" ? [`${name}: ${error}`] : [])),
        seconds: (performance.now() - start) / 1000,
      });
    }
  } catch (error) {
    await tell({ error: `${error.name}: ${error.message}` });
  }
  await tell({ last: true, imported });
}
void main();

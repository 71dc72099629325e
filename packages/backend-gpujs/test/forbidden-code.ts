import { expect, onTestFinished, test } from "vitest";

/** Runs a module in a page with a content security policy, and gives what it posts. */
async function inPageWith(policy: string, code: string): Promise<unknown> {
  const frame = document.createElement("iframe");
  onTestFinished(() => frame.remove());
  const told = new Promise((resolve) => {
    addEventListener("message", ({ source, data }) => source === frame.contentWindow && resolve(data));
  });
  const from = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}">
    <script>Object.assign(window, { __vitest_browser_runner__: { wrapDynamicImport: (load) => load() } });</script>
    <script type="module">
      const tell = (data) => parent.postMessage(data, "*");
      try {
        const { gpujs } = await import(${from("../src/gpujs.ts")});
        const { add, tensor } = await import(${from("../../tensor/src/index.ts")});
        const on = await gpujs(${code});
        tell([on.name, ...(await add(tensor([1, 2], [2], on), 1).read())]);
        on.close();
      } catch (error) {
        tell(String(error));
      }
    </script>`;
  document.body.append(frame);
  return told;
}

/** gpu.js makes functions of text, and modules from bytes. Where a page's policy forbids that it goes on without them, or fails anywhere. */
export function testForbiddenCode(): void {
  const without = "script-src 'self' 'unsafe-inline'";
  const inline = "'unsafe-inline' blob:";
  test.each([
    ["cpu", "functions from text", "'unsafe-eval'"],
    ["webasm", "WebAssembly", "'wasm-unsafe-eval'"],
  ])("a page that forbids it is told so by the mode %s", async (mode, what, allowed) => {
    expect(await inPageWith(without, `{ mode: "${mode}" }`)).toBe(
      `BackendError: gpujs (${mode}): gpu.js makes ${what}, which this page's content security policy forbids. ` +
        `It allows it with script-src ${allowed}; cpu() of @tenon/tensor needs none`,
    );
  });
  test.each([
    ["{ mode: 'cpu' }", `script-src 'self' ${inline} 'unsafe-eval'`, "gpujs (cpu)"],
    ["{ mode: 'webasm', threads: 1 }", `script-src 'self' ${inline} 'wasm-unsafe-eval'`, "gpujs (webasm, 1 thread)"],
    ["{ mode: 'webgl2' }", without, "gpujs (webgl2)"],
    ["{ mode: 'webgpu' }", without, "gpujs (webgpu)"],
    [
      "{ mode: 'webasm', threads: 2 }",
      `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'`,
      "gpujs (webasm, 1 thread: a content security policy forbids workers from blob: (worker-src))",
    ],
  ])("%s computes with %s", async (options, policy, name) => {
    expect(await inPageWith(policy, options)).toEqual([name, 2, 3]);
  });
}

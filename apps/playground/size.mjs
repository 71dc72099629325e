import { build } from "vite";
const r = await build({
  logLevel: "silent",
  configFile: false,
  resolve: { conditions: ["@tenon/source", "module", "browser", "production"] },
  build: {
    write: false,
    minify: true,
    target: "es2023",
    lib: undefined,
    rollupOptions: { input: "src/architect/architect.worker.ts", preserveEntrySignatures: false },
  },
});
const chunks = (Array.isArray(r) ? r : [r]).flatMap((x) => x.output).filter((c) => c.type === "chunk");
for (const c of chunks) {
  const by = new Map();
  for (const [id, m] of Object.entries(c.modules)) {
    const key = id.includes("node_modules")
      ? id
          .replace(/.*node_modules\//, "")
          .split("/")
          .slice(0, 3)
          .join("/")
      : id
          .replace(/.*packages\//, "")
          .split("/")
          .slice(0, process.argv[2] ?? 1)
          .join("/");
    by.set(key, (by.get(key) ?? 0) + (m.renderedLength ?? 0));
  }
  console.log(c.fileName, c.code.length);
  for (const [k, v] of [...by].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log("  ", v, k);
}

// Prints how long it took to import the built backend, and to make one, in ms, in a process that has done nothing else.
import { built } from "./built.mjs";

const began = performance.now();
const { wasm } = await built("backend-wasm");
const imported = performance.now();
const on = await wasm({ threads: 2 });
console.log(JSON.stringify({ imported: imported - began, ready: performance.now() - imported }));
on.close();

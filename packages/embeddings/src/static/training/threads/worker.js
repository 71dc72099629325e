// Where the code runs from source, the file that `new URL("./worker.js", …)` finds; in dist the compiled worker.ts stands in its place.
import "./worker.ts";

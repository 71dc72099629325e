// Every part of a model meets these kernels: models in which any two parts meet, or with `npm run test:combinations` all of them.
import { allCombinations, someCombinations, testCombinations } from "@tenon/models/testing";

import { wasm } from "./wasm.ts";

const combinations = process.env["COMBINATIONS"] === "all" ? allCombinations : someCombinations;
testCombinations(() => wasm({ threads: 1 }), combinations);

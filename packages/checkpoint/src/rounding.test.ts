import { readFileSync } from "node:fs";
import { float32ToBfloat16, float32ToFloat16 } from "@tenon/tensor";
import { expect, test } from "vitest";

const { rounding } = JSON.parse(readFileSync(new URL("../goldens/expected.json", import.meta.url), "utf8"));
const values = new Float32Array(Uint32Array.from(rounding.float32).buffer);

test("f16 rounds as NumPy does", () => expect([...float32ToFloat16(values)]).toEqual(rounding.float16));
test("bf16 rounds as ml_dtypes does", () => expect([...float32ToBfloat16(values)]).toEqual(rounding.bfloat16));

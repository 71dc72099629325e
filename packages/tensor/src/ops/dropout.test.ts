import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { Variable } from "../variable.ts";
import { dropout } from "./dropout.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const { key } = random(7).fork("dropout");
const ones = (n: number) => tensor(new Float32Array(n).fill(1), [n], on);

test.each([0.1, 0.5, 0.9])("at rate %d it keeps the share 1 − rate, scaled so that the mean stays", async (rate) => {
  const y = await dropout(ones(20000), rate, key, 3).read();
  const kept = y.filter((value) => value !== 0);
  expect(new Set(kept)).toEqual(new Set([Math.fround(1 / (1 - rate))]));
  const deviation = Math.sqrt((rate * (1 - rate)) / 20000);
  expect(Math.abs(kept.length / 20000 - (1 - rate))).toBeLessThan(4 * deviation);
});

test("forward and backward drop the same elements", async () => {
  const x = Variable.holding(ones(50));
  const { gradients } = differentiate([x], () => sum(dropout(x.value, 0.4, key, 8)));
  expect(await gradients[0]!.read()).toEqual(await dropout(x.value, 0.4, key, 8).read());
});

test("another counter or key drops others; the same drops the same", async () => {
  const drop = (counter: number, of = key) => dropout(ones(50), 0.5, of, counter).read();
  expect(await drop(1)).toEqual(await drop(1));
  expect(await drop(1)).not.toEqual(await drop(2));
  expect(await drop(1)).not.toEqual(await drop(1, random(8).key));
});

test("rate 0 keeps everything", async () => {
  expect(await dropout(ones(5), 0, key, 0).read()).toEqual(await ones(5).read());
});

test("a rate that is none is refused", () => {
  expect(() => dropout(ones(1), 1, key, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: dropout: the rate must be at least 0 and below 1, got 1]`,
  );
  expect(() => dropout(ones(1), -0.1, key, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: dropout: the rate must be at least 0 and below 1, got -0.1]`,
  );
  expect(() => dropout(ones(1), NaN, key, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: dropout: the rate must be at least 0 and below 1, got NaN]`,
  );
});

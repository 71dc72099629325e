import { checkGradients, Part, trace, valueAndGrad } from "@tenon/nn";
import {
  add,
  concat,
  cpu,
  flip,
  mean,
  mul,
  ones,
  random,
  slice,
  square,
  sum,
  tensor,
  type Tensor,
} from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { BidirectionalGRU } from "./bidirectional-gru.ts";
import { GRU } from "./gru.ts";
import { GRUCell, type ResetPlace } from "./gru-cell.ts";

const on = cpu({ precision: "f64" });
const [input, hidden] = [3, 4];
const read = async (x: Tensor): Promise<number[]> => [...(await x.read())];
const random1 = random(1);
const x = place(floats([3, 7, input], random(2)), on);
const lengths = tensor([7, 0, 4], [3], on, "i32");
const state = place(floats([3, hidden], random(3)), on);

describe.each(["before", "after"] as const)("with the reset %s", (reset: ResetPlace) => {
  test("a layer is its cell, step by step", async () => {
    const gru = await new GRU({ input, hidden, reset, random: random1 }).to(on);
    const { outputs, state: last } = gru.forward(x, { state });
    let h = state;
    for (let t = 0; t < 7; t++) {
      h = gru.cell.forward(tensor(await read(slice(x, 1, t, 1)), [3, input], on), h);
      expectNumbers(await read(slice(outputs, 1, t, 1)), await read(h), 1e-12, `the output at ${t}`);
    }
    expectNumbers(await read(last), await read(h), 1e-12, "the last state");
  });

  test("padding changes nothing, and gives zeros", async () => {
    const gru = await new GRU({ input, hidden, reset, random: random1 }).to(on);
    const noise = concat([slice(x, 1, 0, 4), mul(ones([3, 3, input], on), 50)], 1);
    const [padded, other] = [x, noise].map((x) =>
      gru.forward(slice(x, 0, 1, 2), {
        lengths: slice(lengths, 0, 1, 2),
        state: slice(state, 0, 1, 2),
      }),
    );
    expect(await read(padded!.outputs)).toEqual(await read(other!.outputs));
    expect(await read(padded!.state)).toEqual(await read(other!.state));
    const alone = gru.forward(slice(slice(x, 0, 2, 1), 1, 0, 4), { state: slice(state, 0, 2, 1) });
    expectNumbers((await read(padded!.outputs)).slice(28, 44), await read(alone.outputs), 1e-12, "the short sequence");
    expect((await read(padded!.outputs)).slice(44)).toEqual(new Array(12).fill(0));
    expectNumbers((await read(padded!.state)).slice(4), await read(alone.state), 1e-12, "its last state");
    // A sequence without positions keeps the state that it was given.
    expect((await read(padded!.outputs)).slice(0, 28)).toEqual(new Array(28).fill(0));
    expect((await read(padded!.state)).slice(0, 4)).toEqual((await read(state)).slice(4, 8));
  });

  test("backwards it reads each sequence from its own end", async () => {
    const both = await new BidirectionalGRU({ input, hidden, reset, random: random1 }).to(on);
    const one = new GRU({ input, hidden, reset, random: random1 });
    for (const [path, parameter] of one.cell.parameters()) {
      await parameter.place(on);
      parameter.assign(await both.backwards.parameters().get(path)!.host());
    }
    const { outputs, states } = both.forward(x, { lengths });
    const turned = flip(slice(slice(x, 0, 2, 1), 1, 0, 4), 1);
    const expected = one.forward(turned);
    const theirs = slice(slice(slice(outputs, 2, hidden, hidden), 0, 2, 1), 1, 0, 4);
    expectNumbers(await read(flip(theirs, 1)), await read(expected.outputs), 1e-12, "the backward annotations");
    expectNumbers((await read(states.backwards)).slice(8), await read(expected.state), 1e-12, "the backward state");
  });

  test("gradients agree with central differences, from both directions and the states", async () => {
    const all = new (class extends Part {
      readonly both = new BidirectionalGRU({ input, hidden, reset, random: random1 });
      readonly gru = new GRU({ input: 2 * hidden, hidden: 2, reset, random: random(9) });
    })();
    await all.to(on);
    const weight = place(floats([3, 7, 2], random(4)), on);
    await checkGradients(all, () => {
      const { outputs, states } = all.both.forward(x, { lengths, states: { forwards: state } });
      const above = all.gru.forward(outputs, { lengths });
      return add(add(sum(mul(above.outputs, weight)), sum(square(above.state))), sum(states.backwards));
    });
  });
});

test("a state is a mean of the one before and of what tanh gives: it stays within −1 and 1, however long the sequence is", async () => {
  const gru = await new GRU({ input, hidden, random: random1 }).to(on);
  const { outputs } = gru.forward(mul(ones([1, 50, input], on), 100));
  expect(Math.max(...(await read(outputs)).map(Math.abs))).toBeLessThanOrEqual(1);
});

test("two directions begin differently, and the same options give the same", async () => {
  const make = (seed: number): BidirectionalGRU => new BidirectionalGRU({ input, hidden, random: random(seed) });
  const [both, same, other] = [make(1), make(1), make(2)];
  const values = async (cell: GRUCell): Promise<number[]> => [...(await cell.gates.weight.host())];
  expect(await values(both.forwards)).not.toEqual(await values(both.backwards));
  expect(await values(same.backwards)).toEqual(await values(both.backwards));
  expect(await values(other.backwards)).not.toEqual(await values(both.backwards));
  expect(Math.max(...(await values(both.forwards)).map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(hidden));
});

test("its gates can be seen at each position", async () => {
  const gru = await new GRU({ input, hidden, random: random1 }).to(on);
  const { output, taps } = trace(gru, ["cell.*"], () => gru.forward(x));
  expect(Object.keys(taps).toSorted()).toEqual(["cell.candidate", "cell.reset", "cell.update"]);
  expect(taps["cell.update"]).toHaveLength(7);
  const [z, candidate] = [await read(taps["cell.update"]![0]!), await read(taps["cell.candidate"]![0]!)];
  const first = candidate.map((c, i) => (1 - z[i]!) * c); // the state before is zero
  expectNumbers(await read(slice(output.outputs, 1, 0, 1)), first, 1e-12, "the first output");
});

test("200 positions take reasonable time, forward and backward, and leave nothing behind", async () => {
  const fast = cpu();
  const gru = await new BidirectionalGRU({ input: 16, hidden: 32, random: random1 }).to(fast);
  const long = place(floats([2, 200, 16], random(2)), fast);
  const before = fast.memory().tensors;
  const begin = performance.now();
  const { value, gradients } = valueAndGrad(gru, () => mean(square(gru.forward(long).outputs)));
  expect((await value.read())[0]).toBeGreaterThan(0);
  expect(gradients.size).toBe(8);
  expect(performance.now() - begin).toBeLessThan(10_000); // 0.8 s on a busy machine of two cores
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
  expect(fast.memory().tensors).toBe(before);
});

test("without gradients the memory in use does not grow with what the steps need", async () => {
  const fast = cpu();
  const gru = await new GRU({ input: 4, hidden: 4, random: random1 }).to(fast);
  const long = place(floats([1, 128, 4], random(2)), fast);
  const held: number[] = [];
  const { output } = trace(gru, ["cell.candidate"], () => {
    const step = gru.cell.step.bind(gru.cell);
    gru.cell.step = (...inputs) => {
      held.push(fast.memory().tensors);
      return step(...inputs);
    };
    return gru.forward(long);
  });
  expect(output.outputs.shape).toEqual([1, 128, 4]);
  const traced = held.map((tensors, step) => tensors - step); // one is kept of each step
  expect(Math.max(...traced) - traced[0]!).toBeLessThan(20);
});

test("what does not fit is refused", async () => {
  expect(() => new GRU({ input: 0, hidden, random: random1 })).toThrow(
    "GRUCell: input must be a whole number from 1 up, got 0",
  );
  expect(() => new GRUCell({ input, hidden: 1.5, random: random1 })).toThrow("GRUCell: hidden must be");
  expect(() => new GRUCell({ input, hidden, reset: "never" as "after", random: random1 })).toThrow(
    'GRUCell: reset must be "before" or "after", got "never"',
  );
  const gru = await new GRU({ input, hidden, random: random1 }).to(on);
  expect(() => gru.forward(ones([3, input], on))).toThrow(
    "GRU: x must be [b, t, d] with at least one position, got [3, 3]",
  );
  expect(() => gru.forward(ones([1, 0, input], on))).toThrow("with at least one position, got [1, 0, 3]");
  expect(() => gru.forward(ones([3, 2, 5], on))).toThrow("the weight is [out, in]");
  expect(() => gru.forward(x, { state: ones([1, hidden], on) })).toThrow(
    "GRUCell: x must be [b, d] and the state [b, 4] with the same b, got x for [3] and the state [1, 4]",
  );
  expect(() => gru.forward(x, { lengths: ones([3], on) })).toThrow("GRU: lengths must be i32, got f32");
  expect(() => gru.forward(x, { lengths: tensor([1, 2], [2], on, "i32") })).toThrow(
    "GRU: lengths must be [3], one for each sequence, got [2]",
  );
});

import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { dropout } from "../ops/dropout.ts";
import { exp, sin, tanh } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { writeSliceOp } from "../ops/slice.ts";
import { random } from "../random.ts";
import { keep, scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import { differentiate } from "./differentiate.ts";
import { recomputed } from "./recomputed.ts";

const variable = (on: Backend, ...data: number[]): Variable => Variable.holding(tensor(data, [data.length], on));

describe("refuses", () => {
  const on = cpu();
  const w = variable(on, 3, -2);
  const differentiating = (loss: () => Tensor) => () => differentiate([w], loss);
  test("a body that gives another shape or count the second time", () => {
    let runs = 0;
    expect(
      differentiating(() => sum(recomputed([w.value], (x) => (runs++ === 0 ? exp(x) : reshape(exp(x), [2, 1]))))),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: the body did something else when it was run again for the gradients: it gave f32 [2], then f32 [2, 1]. It must do the same both times. If it passes modules with dropout or taps, use recompute() of @tenon/nn, which restores them.]`,
    );
    runs = 0;
    expect(
      differentiating(() => sum(recomputed([w.value], (x): Tensor[] => (runs++ === 0 ? [exp(x)] : []))[0]!)),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: the body did something else when it was run again for the gradients: it gave f32 [2], then nothing. It must do the same both times. If it passes modules with dropout or taps, use recompute() of @tenon/nn, which restores them.]`,
    );
  });
  test("a body that does other ops, or with other attributes", () => {
    let runs = 0;
    expect(
      differentiating(() => sum(recomputed([w.value], (x) => (runs++ === 0 ? sin(exp(x)) : sin(tanh(x)))))),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: the body did something else when it was run again for the gradients: its differentiated op 1 was exp {}, then tanh {}. It must do the same both times. If it passes modules with dropout or taps, use recompute() of @tenon/nn, which restores them.]`,
    );
    runs = 0;
    expect(
      differentiating(() => sum(recomputed([w.value], (x) => dropout(x, 0.5, random(1).key, runs++)))),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: the body did something else when it was run again for the gradients: its differentiated op 1 was dropout {"rate":0.5,"key":[1,0],"counter":0}, then dropout {"rate":0.5,"key":[1,0],"counter":1}. It must do the same both times. If it passes modules with dropout or taps, use recompute() of @tenon/nn, which restores them.]`,
    );
    runs = 0;
    expect(differentiating(() => sum(recomputed([w.value], (x) => (runs++ === 0 ? mul(exp(x), 2) : exp(x)))))).toThrow(
      "its differentiated op 2 was mul {}, then missing",
    );
  });
  test("a captured tensor that is freed by then, naming the remedy", () => {
    expect(
      differentiating(() =>
        sum(
          scoped(() => {
            const captured = exp(w.value);
            return recomputed([w.value], (x) => mul(x, captured));
          }),
        ),
      ),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: the body threw when it was run again for the gradients: mul: input 1 was already freed. It left its scope: return it from the scope, or keep() it. What the body reads must be alive until then: pass tensors as inputs, which are kept for it, instead of capturing them.]`,
    );
    expect(
      differentiating(() => sum(scoped(() => recomputed([w.value, exp(w.value)], (x, given) => mul(x, given))))),
    ).not.toThrow(); // an input is kept
  });
  test("a variable that is no longer lent in the second run", () => {
    const gradientsAfter = (body: (x: Tensor) => Tensor) => () => {
      const tape = autodiff(on);
      const x = tape.watch(w.value);
      const lend = (value: Tensor): Tensor => tape.watch(value);
      tape.gradients(
        Variable.lend([w], lend, () => sum(recomputed([x], body))),
        [x],
      );
    };
    expect(gradientsAfter((x) => mul(x, w.value))).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: when the body was run again for the gradients, it did not see all tracked tensors that it saw before. Variables must still be lent then: take the gradients inside Variable.lend()]`,
    );
    expect(gradientsAfter((x) => mul(x, exp(w.value)))).toThrow("its differentiated op 1 was exp {}, then mul {}");
  });
  test("a body that updates a variable while it is differentiated", async () => {
    const cell = variable(on, 0, 0);
    expect(
      differentiating(() =>
        sum(
          recomputed([w.value], (x) => {
            using one = tensor([1], [1], on);
            Variable.update(writeSliceOp, [cell], [one], { axis: 0, start: 0 });
            return exp(x);
          }),
        ),
      ),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: the body updates a variable, and would do it again when the gradients are taken; update variables outside]`,
    );
  });
  test("to differentiate through what the body made and did not return", () => {
    let inside: Tensor | undefined;
    const segment = (): Tensor => recomputed([w.value], (x) => sin((inside = keep(exp(x)))));
    expect(differentiating(() => sum(add(segment(), inside!)))).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: add: input 1 was made inside recomputed(), which keeps nothing of what its body makes; return it from the body to go on with it]`,
    );
    expect(differentiating(() => sum(recomputed([segment()], (y) => mul(y, inside!))))).toThrow(
      "mul: input 1 was made inside",
    );
    expect(
      differentiating(() => {
        recomputed([w.value], (x) => sin((inside = keep(sum(x)))));
        return inside!;
      }),
    ).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: the tensor to differentiate was made inside recomputed(), which keeps nothing of what its body makes; return it from the body to go on with it]`,
    );
  });
  test("a body that returns no tensor, or a promise, or frees its input", () => {
    const none = (() => 3) as unknown as () => Tensor;
    expect(() => recomputed([], none)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: recomputed: the body must return a tensor or a list of tensors, at once and not as a promise]`,
    );
    expect(() => recomputed([], (async () => w.value) as unknown as () => Tensor)).toThrow(
      "at once and not as a promise",
    );
    expect(
      differentiating(() =>
        sum(
          recomputed([mul(w.value, 2)], (x) => {
            const y = exp(x);
            x[Symbol.dispose]();
            return y;
          }),
        ),
      ),
    ).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: recomputed: the body freed its input 0, which its second run needs]`,
    );
  });
});

import { cpu, random, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { observeModules } from "./observe-modules.ts";

class Twice extends Module<[x: Tensor], Tensor> {
  readonly map: Linear = new Linear({ input: 2, output: 2, random: random(1) });
  protected override compute(x: Tensor): Tensor {
    return this.map.forward(this.map.forward(x));
  }
}

test("an observer is told of each module from its beginning to its end, and changes nothing", async () => {
  const model = await new Twice().to(cpu());
  const x = tensor([1, 2], [1, 2], model.map.weight.value.backend);
  const seen: string[] = [];
  const observed = observeModules(
    (module, run) => {
      seen.push(`${module.constructor.name} begins`);
      const result = run();
      seen.push(`${module.constructor.name} ends`);
      return result;
    },
    () => model.forward(x),
  );
  expect(seen.join(", ")).toBe("Twice begins, Linear begins, Linear ends, Linear begins, Linear ends, Twice ends");
  expect(await observed.read()).toEqual(await model.forward(x).read());
  expect(seen).toHaveLength(6); // nobody observes any more
});

test("an inner observer takes the place of the outer one, which is back after an error", async () => {
  const model = await new Twice().to(cpu());
  const x = tensor([1, 2], [1, 2], model.map.weight.value.backend);
  const seen: string[] = [];
  const observer = (name: string) => (_: object, run: () => unknown) => {
    seen.push(name);
    return run();
  };
  observeModules(observer("outer"), () => {
    const failing = () => observeModules(observer("inner"), () => model.forward(tensor([1], [1], x.backend)));
    expect(failing).toThrow();
    model.map.forward(x);
  });
  model.map.forward(x);
  expect(seen).toEqual(["inner", "inner", "outer"]);
});

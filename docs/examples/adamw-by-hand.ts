// AdamW on one parameter, step by step: by hand, and by Tenon. The loss is 50 (p − 3)², so the gradient is 100 (p − 3).
import { ones, Module, Parameter, valueAndGrad } from "@tenon/nn";
import { cpu, mul, square, sub, sum, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

class One extends Module<[], Tensor> {
  readonly p: Parameter = new Parameter([1, 1], ones); // two axes, as a weight; a bias, with one, would not decay
  protected override compute(): Tensor {
    return mul(sum(square(sub(this.p.value, 3))), 50);
  }
}
const model = await new One().to(cpu());
const [rate, beta1, beta2, epsilon, decay] = [0.1, 0.9, 0.999, 1e-8, 0.1];
const optimiser = new AdamW(model, { beta1, beta2, epsilon, decay });

let [p, m, v] = [1, 0, 0];
const cells = (...values: readonly (string | number)[]): void =>
  console.log(values.map((value) => (typeof value === "number" ? value.toFixed(4) : value).padStart(11)).join(""));
cells("step", "gradient", "mean m̂", "root v̂", "p by hand", "by AdamW");
for (let n = 1; n <= 5; n++) {
  const g = 100 * (p - 3);
  m = beta1 * m + (1 - beta1) * g; // a running mean of the gradient …
  v = beta2 * v + (1 - beta2) * g ** 2; // … and one of its square
  const mean = m / (1 - beta1 ** n); // both began at 0, and are too small for some time
  const root = Math.sqrt(v / (1 - beta2 ** n));
  p -= rate * decay * p; // the decay, which no gradient has a part in
  p -= (rate * mean) / (root + epsilon);

  const { value, gradients } = valueAndGrad(model, () => model.forward());
  optimiser.step(gradients, rate);
  for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
  cells(`${n}`, g, mean, root, p, (await model.p.value.read())[0]!);
}

// prints:
//        step   gradient    mean m̂    root v̂  p by hand   by AdamW
//           1  -200.0000  -200.0000   200.0000     1.0900     1.0900
//           2  -191.0000  -195.2632   195.5495     1.1790     1.1790
//           3  -182.1046  -190.4076   191.1686     1.2668     1.2668
//           4  -173.3234  -185.4398   186.8606     1.3533     1.3533
//           5  -164.6662  -180.3670   182.6290     1.4386     1.4386

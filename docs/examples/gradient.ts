// The gradient of a small function, by hand and by `differentiate`.
import { cpu, differentiate, mul, sum, Variable } from "@tenon/tensor";

const backend = cpu();
const weight = new Variable({ dtype: "f32", shape: [3] }, () => Float32Array.of(1, 2, 3));
await weight.place(backend);

// loss = Σ w², so its gradient is 2w.
const { value, gradients } = differentiate([weight], () => sum(mul(weight.value, weight.value)));
const [gradient] = gradients;

console.log("loss", (await value.read())[0]);
console.log("gradient", (await gradient!.read()).join(" "));

// prints:
// loss 14
// gradient 2 4 6

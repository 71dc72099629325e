import { greedy } from "../strategies/greedy.ts";
import { decide } from "./choose.ts";
import type { Search } from "./search.ts";

/** One token after the other: the strategy chooses from the transformed logits of all ids so far. What `generate` does without another search. */
export const stepByStep: Search = {
  name: "step by step",
  async *steps({ predictor, prompt, transform, strategy = greedy() }) {
    const ids = [...prompt];
    while (true) {
      const [prediction] = await predictor.predict([ids]);
      const step = decide(prediction!, transform, strategy, { ids, promptLength: prompt.length });
      ids.push(step.id);
      yield step;
    }
  },
};

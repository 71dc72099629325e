import { greedy } from "../strategies/greedy.ts";
import { choose, scoresOf } from "./choose.ts";
import type { Search } from "./search.ts";

/** One token after the other: the strategy chooses from the transformed logits of all ids so far. What `generate` does without another search. */
export const stepByStep: Search = {
  name: "step by step",
  async *steps({ predictor, prompt, transform, strategy = greedy() }) {
    const ids = [...prompt];
    while (true) {
      const [prediction] = await predictor.predict([ids]);
      const { logits, read } = prediction!;
      const context = { ids, promptLength: prompt.length };
      const scores = scoresOf(logits[0]!, transform, context);
      const id = choose(scores, strategy, context);
      ids.push(id);
      yield { id, logits: logits[0]!, scores, read };
    }
  },
};

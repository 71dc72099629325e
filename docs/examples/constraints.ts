// A decoder that was never trained writes noise, but what it writes has the form that was asked of it: a constraint says at each step which tokens may
// come, and counts how many are left, so that the answer is always complete.
import { assemble, gpt } from "@tenon/models";
import { choices, type Constraint, generate, jsonSchema, regex, sample } from "@tenon/sampling";
import { cpu, random } from "@tenon/tensor";
import { characterTokenizer, tokenPieces } from "@tenon/tokenizers";

const letters = 'abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:,-{}[]"';
const tokenizer = characterTokenizer(letters, { special: { end: "[END]" } });
const end = tokenizer.special["end"]!;
const size = { vocabulary: tokenizer.size, width: 32, layers: 2, heads: 2, context: 96 };
const model = await assemble(gpt(size), { seed: 1 }).to(cpu());

async function answer(constraint: Constraint, maxTokens: number): Promise<string> {
  const options = { constraint, maxTokens, strategy: sample(random(3)), stop: [end], decoder: tokenizer.decoder() };
  let text = "";
  for await (const token of generate(model, tokenizer.encode("Who is there: "), options)) text += token.text;
  return text;
}

const pieces = tokenPieces(tokenizer);
console.log(await answer(choices(pieces, ["yes", "no", "perhaps"]), 10));
console.log(await answer(regex(pieces, /[A-Z][a-z]{2,7}, \d{2}:\d{2}/), 20));

const person = jsonSchema(pieces, {
  type: "object",
  properties: {
    name: { type: "string", minLength: 2, maxLength: 8 },
    age: { type: "integer", minimum: 18, maximum: 99 },
    likes: { type: "array", items: { enum: ["tea", "rain", "chess"] }, minItems: 1, maxItems: 3 },
  },
  required: ["name", "age", "likes"],
});
const { name, age, likes } = JSON.parse(await answer(person, 70)) as { name: string; age: number; likes: string[] };
console.log(name.length >= 2, age >= 18 && age <= 99, likes.join(" and "));

// prints:
// perhaps
// Mqgyipft, 93:44
// true true tea and chess

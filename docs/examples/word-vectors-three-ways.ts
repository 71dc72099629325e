// The same text for three trainings of word vectors: word2vec predicts neighbours, GloVe
// explains counts of them, and fastText builds a word from its letters.
import { trainFastText, trainGlove, trainWord2Vec, WordQueries } from "@tenon/embeddings/static";
import { stories } from "@tenon/stories";

const text = stories({ seed: 1, count: 1000 })
  .toLowerCase()
  .replaceAll(/[^a-z\n ]/g, " ");

const [width, window] = [24, 4];
const word2vec = await trainWord2Vec({ text, width, window });
const glove = await trainGlove({ text, vectors: { width }, training: { epochs: 15 } });
const fastText = await trainFastText({ text, width, context: { window }, subwords: { buckets: 2000 } });

const asked = {
  word2vec: new WordQueries(word2vec.vectors),
  GloVe: new WordQueries(glove.vectors),
  fastText: new WordQueries(fastText.model.wordVectors(), { lookup: fastText.model }),
};
const nearest = (queries: WordQueries, word: string): string =>
  queries
    .nearest(word, 3)
    .map((found) => found.word)
    .join(", ");
for (const [name, queries] of Object.entries(asked))
  console.log(`${name}: cheese is near ${nearest(queries, "cheese")}; river is near ${nearest(queries, "river")}`);

// Differences of vectors mean something: he is to his what she is to …
const [answer] = asked.word2vec.analogy({ positive: ["his", "she"], negative: ["he"] }, 1);
console.log("his − he + she =", answer!.word);

// A word that does not stand in the text has no row in a table of words. Its letters have.
for (const word of ["rabbits", "carrotcake", "foxes"])
  console.log(word, text.includes(word), word2vec.vectors.row(word), "→", nearest(asked.fastText, word));

// prints:
// word2vec: cheese is near carrots, nuts, berries; river is near pond, beach, running
// GloVe: cheese is near honey, bread, carrots; river is near hill, pond, park
// fastText: cheese is near berries, cookie, honey; river is near beach, wind, rest
// his − he + she = her
// rabbits false undefined → rabbit, owl, bear
// carrotcake false undefined → carrots, cake, after
// foxes false undefined → sweet, she, sand

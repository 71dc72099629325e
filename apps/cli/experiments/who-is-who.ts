// A task that needs a story understood: is its ending told as it was, or with the two friends exchanged?
import type { Random } from "@tenon/tensor";
import { story } from "@tenon/stories";

/** A story and an ending. */
export interface Ending {
  /** Its sentences. */
  readonly beginning: readonly string[];
  readonly ending: string;
  /** 0: as it was told. 1: with the friends' names exchanged. */
  readonly label: 0 | 1;
}

/** A story's sentences. What follows a quotation and begins with a small letter belongs to it. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]"?)\s+(?=["A-Z])/);
}

// Endings without end, every other one wrong, each of a story of its own.
export function* endings(random: Random): Generator<Ending> {
  let label: 0 | 1 = 0;
  for (let i = 0; ; i++) {
    const ending = endingOf(story(random.fork(i)), label);
    if (ending === undefined) continue;
    yield ending;
    label = label === 0 ? 1 : 0;
  }
}

/** The last two sentences, if they name one of the story's two friends; undefined if they do not, or if there are not two. */
function endingOf(text: string, label: 0 | 1): Ending | undefined {
  const friends = [...new Set(Array.from(text.matchAll(/\b([A-Z][a-z]+) the [a-z]+/g), ([, name]) => name!))];
  const sentences = sentencesOf(text);
  const [beginning, ending] = [sentences.slice(0, -2), sentences.slice(-2).join(" ")];
  const [first, second] = friends;
  if (friends.length !== 2 || friends.every((name) => !ending.includes(name))) return undefined;
  if (friends.some((name) => !beginning.join(" ").includes(name))) return undefined;
  const exchanged = ending.replace(/[A-Z][a-z]+/g, (word) =>
    word === first ? second! : word === second ? first! : word,
  );
  return { beginning, ending: label === 0 ? ending : exchanged, label };
}

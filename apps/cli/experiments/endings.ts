// Two tasks that need a story remembered. Does the ending belong to it? Does a stranger stand in it in place of one of the two friends?
import { story } from "@tenon/stories";
import type { Random } from "@tenon/tensor";

/** What may be wrong with an ending: it is another story's, or it is the story's own, but one of the friends has the name of somebody else. */
export type Task = "another ending" | "a stranger";

/** A story and an ending. */
export interface Ending {
  /** Its sentences. */
  readonly beginning: readonly string[];
  readonly ending: string;
  /** 0: as it was told. 1: wrong. */
  readonly label: 0 | 1;
}

/** A story's sentences. What follows a quotation and begins with a small letter belongs to it. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]"?)\s+(?=["A-Z])/);
}

// Endings without end, every other one wrong, each of a story of its own.
export function* endings(task: Task, random: Random): Generator<Ending> {
  let label: 0 | 1 = 0;
  let last = toldOf(story(random.fork("first")));
  for (let i = 0; ; i++) {
    const stream = random.fork(i);
    const told = toldOf(story(stream));
    const wrong = task === "a stranger" ? withStranger(told, last, stream) : last.ending;
    last = told;
    if (wrong === undefined) continue;
    yield { beginning: told.beginning, ending: label === 0 ? told.ending : wrong, label };
    label = label === 0 ? 1 : 0;
  }
}

/** A story, its last two sentences apart, and everybody who is introduced in it: "Finn the fox". */
interface Told {
  readonly beginning: readonly string[];
  readonly ending: string;
  readonly friends: readonly string[];
}

function toldOf(text: string): Told {
  const sentences = sentencesOf(text);
  const introduced = Array.from(text.matchAll(/\b([A-Z][a-z]+) the [a-z]+/g), ([, name]) => name!);
  return {
    beginning: sentences.slice(0, -2),
    ending: sentences.slice(-2).join(" "),
    friends: [...new Set(introduced)],
  };
}

/** The ending with a name of another story; undefined where it names nobody, or where all others are friends, too. */
function withStranger({ beginning, ending, friends }: Told, other: Told, stream: Random): string | undefined {
  const named = friends.filter((name) => ending.includes(name) && beginning.some((each) => each.includes(name)));
  const strangers = other.friends.filter((name) => !friends.includes(name));
  if (named.length === 0 || strangers.length === 0) return undefined;
  return ending.replaceAll(stream.pick(named), stream.pick(strangers));
}

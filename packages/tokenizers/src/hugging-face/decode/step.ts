/**
 * One step from tokens to text, as a stream: takes tokens one at a time and gives those that are certain. The last step's tokens, one after
 * another, are the text.
 */
export interface Step {
  push(token: string): string[];
  /** What is held back; the step then starts afresh. */
  end(): string[];
}

/** Makes a step for one decoding, since a step remembers. */
export type MakeStep = () => Step;

/** A step that sees each token by itself, and whether it is the first. */
export function perToken(rewrite: (token: string, first: boolean) => string): MakeStep {
  return () => {
    let first = true;
    return {
      push(token) {
        const text = rewrite(token, first);
        first = false;
        return [text];
      },
      end() {
        first = true;
        return [];
      },
    };
  };
}

/** A step that must see all tokens, as one text, before it can say anything. */
export function whole(rewrite: (text: string) => string): MakeStep {
  return () => {
    let text = "";
    return {
      push(token) {
        text += token;
        return [];
      },
      end() {
        const done = rewrite(text);
        text = "";
        return [done];
      },
    };
  };
}

/** Steps one after another: what one gives, the next takes. */
export function chain(steps: readonly Step[]): Step {
  const through = (tokens: readonly string[], from: number): string[] =>
    steps.slice(from).reduce<string[]>((given, step) => given.flatMap((token) => step.push(token)), [...tokens]);
  return {
    push: (token) => through([token], 0),
    end: () => steps.flatMap((step, index) => through(step.end(), index + 1)),
  };
}

/** What sentence-transformers does with a text before the model sees it. */
export interface SentenceSettings {
  /** How many tokens of a text count, those that the tokenizer adds included. Default: as many as the model's context holds, and never more. */
  readonly maxTokens?: number | undefined;
  /** Are texts made lower-case before they are split? Default false: what the tokenizer does by itself is not told here. */
  readonly lowerCase?: boolean | undefined;
  /** What is put before a text, by the name of what the text is for, such as "query". */
  readonly prompts?: Readonly<Record<string, string>> | undefined;
  /** The name of the prompt that is taken unless another is asked for. Default: none. */
  readonly defaultPrompt?: string | undefined;
}

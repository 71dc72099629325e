import { Template } from "@huggingface/jinja";
import { ConfigError } from "@tenon/tensor";
import { checkKeys, kindOf } from "../check.ts";
import { chooseTemplate, specialTexts } from "./config.ts";

/** One turn of a conversation; templates may ask for more keys, such as `tool_calls` or `name`. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly [key: string]: unknown;
}

/** What {@link chatPrompt} takes. */
export interface ChatOptions {
  /** The template, in Jinja. Without it, `chat_template` of the config. */
  readonly template?: string;
  /** tokenizer_config.json: its template, and the texts of its special tokens, such as `bos_token`. */
  readonly config?: object;
  /** Ends the prompt where the answer begins; `false` by default. */
  readonly addGenerationPrompt?: boolean;
  /** Functions that the model may call, as JSON schemas. */
  readonly tools?: readonly object[];
  /** Texts that the model may quote. */
  readonly documents?: readonly object[];
  /** More variables for the template, such as `{ enable_thinking: false }`. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * The prompt that a model of conversations was trained to read: its chat template, filled with messages. It equals `apply_chat_template` of Hugging
 * Face transformers with `tokenize=False`. The prompt holds the special tokens as text, so encode it with `Tokenizer.encode`, which adds no others.
 *
 * Throws `ConfigError` where there is no template, where it is not sound Jinja, and where it stops at what it is given, with what it says:
 * many templates refuse two messages of one role in a row.
 *
 * @example
 * ```ts
 * const template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";
 * console.log(chatPrompt([{ role: "user", content: "Hi!" }], { template, addGenerationPrompt: true }));
 * // <|user|>Hi!
 * // <|assistant|>
 * ```
 */
export function chatPrompt(messages: readonly ChatMessage[], options: ChatOptions = {}): string {
  checkKeys(options, ["template", "config", "addGenerationPrompt", "tools", "documents", "variables"], "chatPrompt");
  checkMessages(messages);
  const { config, addGenerationPrompt = false, tools, documents, variables = {} } = options;
  const parsed = parse(options.template ?? chooseTemplate(config, tools !== undefined));
  const given = { ...specialTexts(config), ...variables, messages, add_generation_prompt: addGenerationPrompt };
  // The reference passes null for what there is none of, and templates ask for it in both ways.
  const all: Record<string, unknown> = { ...given, tools: tools ?? null, documents: documents ?? null };
  try {
    return parsed.render(all);
  } catch (error) {
    throw new ConfigError(
      `the chat template stops at these messages: ${messageOf(error)}`,
      { messages },
      { cause: error },
    );
  }
}

function parse(template: string): Template {
  if (typeof template !== "string") {
    throw new ConfigError(`the chat template is a string of Jinja, got ${kindOf(template)}`, { key: "template" });
  }
  try {
    return new Template(template);
  } catch (error) {
    throw new ConfigError(
      `the chat template is no sound Jinja: ${messageOf(error)}`,
      { key: "template" },
      { cause: error },
    );
  }
}

function checkMessages(messages: readonly ChatMessage[]): void {
  if (!Array.isArray(messages)) {
    throw new ConfigError(`messages are a list such as [{ role: "user", content: "Hi!" }], got ${kindOf(messages)}`, {
      key: "messages",
    });
  }
  for (const [index, message] of (messages as unknown[]).entries()) {
    if (typeof message === "object" && message !== null && typeof (message as ChatMessage).role === "string") continue;
    throw new ConfigError(
      `messages[${index}] is an object with a role, such as { role: "user", content: "Hi!" }, got ${kindOf(message)}`,
      { key: `messages[${index}]`, got: message },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

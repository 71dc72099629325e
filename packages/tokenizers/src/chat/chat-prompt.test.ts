import { ConfigError } from "@tenon/tensor";
import { expect, test } from "vitest";
import written from "../../goldens/chat.json" with { type: "json" };
import { chatPrompt, type ChatMessage, type ChatOptions } from "./chat-prompt.ts";

interface Case {
  readonly template: keyof typeof written.templates;
  readonly messages: readonly ChatMessage[];
  readonly generate: boolean;
  readonly tools?: readonly object[];
  readonly documents?: readonly object[];
  readonly enable_thinking?: boolean;
  readonly prompt?: string;
  readonly error?: string;
}

const config = { bos_token: "<s>", eos_token: { content: "</s>", lstrip: false }, pad_token: null };
const cases = written.cases as readonly Case[];

test.each(cases.map((one, index) => [`${one.template} ${index}`, one] as const))(
  "%s is what transformers gives",
  (_, one) => {
    const make = () =>
      chatPrompt(one.messages, {
        template: written.templates[one.template],
        config,
        addGenerationPrompt: one.generate,
        ...(one.tools && { tools: one.tools }),
        ...(one.documents && { documents: one.documents }),
        ...(one.enable_thinking !== undefined && { variables: { enable_thinking: one.enable_thinking } }),
      });
    if (one.error === undefined) expect(make()).toBe(one.prompt);
    else expect(make).toThrow(`the chat template stops at these messages: ${one.error}`);
  },
);

test("the goldens have prompts and refusals", () => {
  expect(cases.filter(({ prompt }) => prompt !== undefined).length).toBeGreaterThan(25);
  expect(cases.filter(({ error }) => error?.includes("alternate")).length).toBeGreaterThan(1);
});

const hi = [{ role: "user", content: "Hi!" }];
const several = {
  chat_template: [
    { name: "default", template: "plain {{ bos_token }}" },
    { name: "tool_use", template: "with tools" },
  ],
};

test("the config's template is taken, and of several the one for tools where there are tools", () => {
  expect(chatPrompt(hi, { config: { chat_template: "{{ messages[0].content }}" } })).toBe("Hi!");
  expect(chatPrompt(hi, { config: { ...several, ...config } })).toBe("plain <s>");
  expect(chatPrompt(hi, { config: several, tools: [{}] })).toBe("with tools");
});

test.each<[unknown, ChatOptions, string]>([
  [
    hi,
    {},
    "there is no chat template: pass template, or a config (tokenizer_config.json) that has a chat_template; newer models keep it",
  ],
  [hi, { config: {} }, "there is no chat template"],
  [
    hi,
    { config: { chat_template: [{ name: "rag", template: "" }] } },
    "is a string or a list with a template named default, got those named rag; pass the one",
  ],
  [hi, { config: { chat_template: 3 } }, "with a template named default, got the number 3"],
  [hi, { template: "{% if %}" }, "the chat template is no sound Jinja: "],
  [hi, { template: 3 as unknown as string }, "the chat template is a string of Jinja, got the number 3"],
  [hi, { template: "{{ nothing() }}" }, "the chat template stops at these messages: "],
  [
    hi,
    { template: "{{ raise_exception('No system role') }}" },
    "the chat template stops at these messages: No system role",
  ],
  [
    hi,
    { template: "", prompt: true } as ChatOptions,
    'chatPrompt knows the keys template, config, addGenerationPrompt, tools, documents, variables; got "prompt"',
  ],
  ["Hi!", { template: "" }, 'messages are a list such as [{ role: "user", content: "Hi!" }], got the string "Hi!"'],
  [
    ["Hi!"],
    { template: "" },
    'messages[0] is an object with a role, such as { role: "user", content: "Hi!" }, got the string "Hi!"',
  ],
])("%j with %j is refused", (messages, options, message) => {
  const make = () => chatPrompt(messages as ChatMessage[], options);
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(message);
});

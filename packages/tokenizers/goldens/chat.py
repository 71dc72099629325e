"""Makes chat.json beside this file: what apply_chat_template of transformers makes of conversations, with templates in the style of well-known ones.

    pip install transformers    # 5.24.0 made the file that is here
    python3 packages/tokenizers/goldens/chat.py
"""

import json
from pathlib import Path

from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

TEMPLATES = {
    "marks": """{%- if messages[0].role != 'system' -%}
    {{- '<|start|>system\\nYou help.<|stop|>\\n' -}}
{%- endif -%}
{% for message in messages %}
    {{- '<|start|>' + message['role'] + '\\n' + message['content'] + '<|stop|>' + '\\n' }}
{%- endfor %}
{% if add_generation_prompt %}{{ '<|start|>assistant\\n' }}{% endif %}""",
    "headers": """{% set loop_messages = messages %}{% for message in loop_messages %}
    {%- set content = '<|open|>' ~ message['role'] ~ '<|close|>\\n\\n' ~ message['content'] | trim ~ '<|over|>' %}
    {%- if loop.index0 == 0 %}{% set content = bos_token ~ content %}{% endif %}
{{ content }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|open|>assistant<|close|>\\n\\n' }}{% endif %}""",
    "turns": """{%- if messages[0]["role"] == "system" %}
    {%- set system = messages[0]["content"] %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set turns = messages %}
{%- endif %}
{{- bos_token }}
{%- for message in turns %}
    {%- if (message["role"] == "user") != (loop.index0 % 2 == 0) %}
        {{- raise_exception("After the optional system message, roles must alternate user/assistant/user/...") }}
    {%- endif %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system is defined %}
            {{- "[ASK] " + system + "\\n\\n" + message["content"] + "[/ASK]" }}
        {%- else %}
            {{- "[ASK] " + message["content"] + "[/ASK]" }}
        {%- endif %}
    {%- else %}
        {{- " " + message["content"] | trim + eos_token }}
    {%- endif %}
{%- endfor %}""",
    "tools": """{%- macro show(tool) -%}{{ tool.name }}: {{ tool.parameters | tojson }}{%- endmacro -%}
{%- set state = namespace(count=0) %}
{%- if tools %}
    {{- 'tools:\\n' }}
    {%- for tool in tools %}{{ show(tool) ~ '\\n' }}{% endfor %}
    {{- tools | tojson(indent=2) }}
{%- endif %}
{%- for message in messages %}
    {%- set state.count = state.count + 1 %}
    {%- if message.content is string %}
        {{- loop.index ~ '. ' ~ message.role | upper ~ ': ' ~ message.content ~ '\\n' }}
    {%- elif message.content is iterable %}
        {%- for part in message.content if part.type == 'text' %}{{- part.text | replace('a', 'A') }}{% endfor %}
    {%- endif %}
    {%- for call in message.tool_calls or [] %}{{ 'call ' ~ call.name ~ ' ' ~ call.arguments | tojson }}{% endfor %}
{%- endfor %}
{{- state.count }}{{ ' thinking' if enable_thinking | default(true) }}{% if documents %}{{ documents | length }}{% endif %}""",
}

CONVERSATIONS = [
    [{"role": "user", "content": "Hi!"}],
    [{"role": "system", "content": "Be  brief. "}, {"role": "user", "content": " What's \"up\"?\n"}, {"role": "assistant", "content": "The sky. 😀 "}, {"role": "user", "content": "é & <b>"}],
    [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}],
    [{"role": "assistant", "content": ""}],
]
TOOLS = [{"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string", "enum": ["Köln", "a'b"]}, "days": {"type": "number", "default": 1.5}}, "required": [], "x": None}}]

tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"<s>": 0, "</s>": 1}, unk_token="<s>")), bos_token="<s>", eos_token="</s>")


def case(name, messages, generate, **extra):
    try:
        prompt = tokenizer.apply_chat_template(messages, chat_template=TEMPLATES[name], add_generation_prompt=generate, tokenize=False, **extra)
        result = {"prompt": prompt}
    except Exception as error:
        result = {"error": str(error)}
    return {"template": name, "messages": messages, "generate": generate, **extra, **result}


cases = [case(name, messages, generate) for name in TEMPLATES for messages in CONVERSATIONS for generate in (True, False)]
calls = [{"role": "assistant", "content": None, "tool_calls": [{"name": "weather", "arguments": {"city": "Köln", "days": 2}}]}]
parts = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "a cat"}]}]
for messages in (CONVERSATIONS[0], calls, parts):
    cases.append(case("tools", messages, False, tools=TOOLS))
    cases.append(case("tools", messages, False, enable_thinking=False, documents=[{"title": "t"}]))

file = Path(__file__).parent / "chat.json"
file.write_text(json.dumps({"templates": TEMPLATES, "cases": cases}, separators=(",", ":")) + "\n")

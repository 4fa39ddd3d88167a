export type ScriptedLogprobs = readonly {
  readonly token: string;
  readonly logprob: number;
  readonly top: Readonly<Record<string, number>>;
}[];

interface Asked {
  readonly body: Readonly<Record<string, unknown>>;
  readonly promptName: string;
  readonly messages: readonly { readonly content: string }[];
}

/** One answer, before it is put into the words of a protocol. */
export interface ScriptedReply {
  readonly text: string;
  readonly finish: "stop" | "length" | "refusal";
  readonly logprobs?: ScriptedLogprobs;
}

/** A chat completion of the OpenAI protocol. */
export function openAiBody(request: Asked, { text, finish, logprobs }: ScriptedReply) {
  const refused = finish === "refusal";
  return {
    id: "chatcmpl-scripted",
    object: "chat.completion",
    model: request.body.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: refused ? null : text, refusal: refused ? text : null },
        finish_reason: finish === "length" ? "length" : "stop",
        logprobs: request.body.logprobs === true ? { content: logprobContent(text, logprobs) } : null,
      },
    ],
    usage: usageOf(request, text),
  };
}

function logprobContent(text: string, scripted: ScriptedLogprobs | undefined) {
  const tokens = scripted ?? [{ token: text, logprob: 0, top: { [text]: 0 } }];
  return tokens.map(({ token, logprob, top }) => ({
    token,
    logprob,
    top_logprobs: Object.entries(top).map(([other, value]) => ({ token: other, logprob: value })),
  }));
}

/** A message of the Anthropic protocol. */
export function anthropicBody(request: Asked, { text, finish }: ScriptedReply) {
  const { prompt_tokens, completion_tokens } = usageOf(request, text);
  const tool = Array.isArray(request.body.tools) && finish === "stop" && text.startsWith("{");
  return {
    id: "msg_scripted",
    type: "message",
    role: "assistant",
    model: request.body.model,
    content: tool
      ? [{ type: "tool_use", id: "toolu_1", name: request.promptName, input: JSON.parse(text) }]
      : [{ type: "text", text }],
    stop_reason:
      finish === "length" ? "max_tokens" : finish === "refusal" ? "refusal" : tool ? "tool_use" : "end_turn",
    usage: { input_tokens: prompt_tokens, output_tokens: completion_tokens },
  };
}

function usageOf(request: Asked, text: string) {
  const prompt_tokens = request.messages.reduce((sum, message) => sum + tokensOf(message.content), 0);
  const completion_tokens = tokensOf(text);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The scripted count of tokens: a quarter of the UTF-8 bytes, rounded up. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type ScriptedFailure, startScriptedLlm } from "./scripted-llm.ts";

/** The model server and the address at which tests in workerd, which can't call it in process, steer it. */
export interface ControlledLlm {
  readonly baseUrl: string;
  readonly controlUrl: string;
  close(): Promise<void>;
}

/** The key that the server takes; any other is refused with 401. */
export const scriptedKey = "sk-scripted-key";
export const scriptedModel = "gpt-4o-mini";
export const scriptedEmbeddingModel = "text-embedding-3-small";

/**
 * Starts the scripted model server with a second one beside it: `POST /fail` queues failures, `POST /reset` forgets
 * everything, `GET /requests` tells how many came for each model.
 */
export async function startControlledLlm(): Promise<ControlledLlm> {
  const models = [scriptedModel, scriptedEmbeddingModel, "gpt-4.1-nano"];
  const llm = await startScriptedLlm({ apiKey: scriptedKey, models });
  const control = createServer(async (request, response) => {
    const body = await bodyOf(request);
    if (request.url === "/fail") llm.fail(...(body as ScriptedFailure[]));
    if (request.url === "/reset") llm.reset();
    const requests = llm.requests.map(({ promptName, path, headers, body: asked }) => ({
      promptName,
      path,
      model: asked.model,
      authorization: headers.authorization,
    }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(requests));
  });
  await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));
  const { port } = control.address() as AddressInfo;
  return {
    baseUrl: llm.baseUrl,
    controlUrl: `http://127.0.0.1:${port}`,
    async close() {
      await llm.close();
      control.close();
      control.closeAllConnections();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text || "null");
}

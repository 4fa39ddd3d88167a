import { createServer } from "node:http";
import { type ScriptedLlmServer, startScriptedLlm } from "../../support/scripted-llm.ts";

export interface SlowModel {
  readonly host: string;
  readonly baseUrl: string;
  /** How long each answer takes. */
  delayMs: number;
  readonly scripted: ScriptedLlmServer;
  close(): Promise<void>;
}

/** The scripted model behind a server that takes its time, so that a job can be met while it runs. */
export async function startSlowModel(delayMs: number): Promise<SlowModel> {
  const scripted = await startScriptedLlm();
  const server = createServer(async (request, response) => {
    try {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(Buffer.from(part));
      await new Promise((resolve) => setTimeout(resolve, model.delayMs));
      const answer = await fetch(scripted.origin + request.url, {
        method: request.method ?? "GET",
        headers: { "content-type": "application/json", authorization: request.headers.authorization ?? "" },
        ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
      });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the model has no port");
  const host = `127.0.0.1:${address.port}`;
  const model: SlowModel = {
    host,
    baseUrl: `http://${host}/v1`,
    delayMs,
    scripted,
    async close() {
      server.closeAllConnections();
      server.close();
      await scripted.close();
    },
  };
  return model;
}

import { AppError } from "../../src/kernel/problem.ts";
import { consoleRefused, offline } from "../../src/modules/clusters/index.ts";
import type { AgentSession } from "./agent-session.ts";
import type { CallDesk } from "./call-desk.ts";
import { type ConsoleNote, consoleTag, openConsole } from "./consoles.ts";
import { defaultTimeoutMs, type RelayCall } from "./relay-call.ts";
import type { Signer } from "./signer.ts";

interface ConsoleHost {
  readonly ctx: DurableObjectState;
  readonly desk: CallDesk;
  readonly tenantId: string;
  readonly clusterId: string;
}

/** Opens a console for a user who asked for an upgrade: 101 only once the other side has accepted. @throws problems */
export async function answerConsole(
  host: ConsoleHost,
  session: AgentSession | undefined,
  signer: Signer,
  call: RelayCall,
): Promise<Response> {
  const now = Date.now();
  if (session === undefined) throw new AppError(offline(call));
  const { payload } = await signer.command(call, host.tenantId, host.clusterId, now);
  host.desk.begin(session, call, now);
  const { end, console, stream } = await openConsole(session, payload, call.timeoutMs ?? defaultTimeoutMs);
  const failure = host.desk.conclude(session, call, end, now);
  if (failure !== undefined) throw new AppError(failure);
  if (console === undefined || stream === undefined) {
    const [status, body] = end.kind === "answer" ? [end.status, end.body] : [500, ""];
    const said = body instanceof Uint8Array ? new TextDecoder().decode(body.subarray(0, 500)) : "";
    throw new AppError(consoleRefused(call, status, said));
  }
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  host.ctx.acceptWebSocket(server, [consoleTag]);
  const { agentId } = session;
  const note: ConsoleNote = {
    kind: "console",
    agentId,
    session: session.session,
    stream: stream.id,
    actor: call.actor,
  };
  server.serializeAttachment(note);
  console.join(server);
  return new Response(null, { status: 101, webSocket: client });
}

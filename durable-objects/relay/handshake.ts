import * as z from "zod";
import { AgentMessage, type Challenge, Hello, helloText } from "../../contracts/relay/hello.ts";
import { LinkError } from "../../contracts/relay/link.ts";
import { protocol } from "../../contracts/relay/protocol.ts";
import {
  type AgentRow,
  isSignedBy,
  judgeProtocol,
  type RefusedHello,
  type RelayFacts,
  refuseHello,
} from "../../src/modules/clusters/index.ts";
import { closeSocket } from "./consoles.ts";

const Spoken = z.looseObject({ type: z.string(), protocol: z.unknown() });

/** The question to a new socket. */
export function challengeOf(tenantId: string, clusterId: string, nonce: string, at: number): Challenge {
  return { type: "challenge", protocol, tenantId, clusterId, nonce, at };
}

/**
 * Whether a hello answers the challenge: of a known protocol version, by an agent that is enrolled and not revoked, signed
 * with its key, or with the one before while that is accepted.
 */
export async function judgeHello(
  text: string,
  challenge: Challenge,
  facts: RelayFacts | undefined,
  now: number,
): Promise<{ readonly hello: Hello; readonly agent: AgentRow } | RefusedHello> {
  const said = readJson(text);
  const spoken = Spoken.safeParse(said);
  const refused = judgeProtocol(spoken.data?.type === "hello" ? spoken.data.protocol : undefined, protocol);
  if (refused !== undefined) return refused;
  const hello = Hello.safeParse(said);
  if (!hello.success)
    return refuseHello("malformed", `The hello could not be read: ${z.prettifyError(hello.error)}`);
  if (facts === undefined)
    return refuseHello("removed", "This cluster was removed from Maru. Enrol the agent with another one.");
  const agent = facts.agents.get(hello.data.agentId);
  if (agent === undefined)
    return refuseHello("unauthenticated", "This agent is not enrolled here. Enrol it with a new token.");
  if (agent.status === "revoked")
    return refuseHello(
      "revoked",
      "This agent was revoked. Enrol it again with a new token if it is to come back.",
    );
  const signed = helloText(challenge, hello.data);
  const former = (agent.formerKeyUntil?.getTime() ?? 0) > now ? agent.formerKey : null;
  for (const key of [agent.publicKey, former])
    if (key !== null && (await isSignedBy(key, hello.data.signature, signed)))
      return { hello: hello.data, agent };
  return refuseHello(
    "unauthenticated",
    "The hello is not signed with the key that this agent was enrolled with.",
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Says why a socket is refused, and closes it. */
export function refuse(socket: WebSocket, { refusal, closeCode }: RefusedHello): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify(refusal));
  closeSocket(socket, closeCode, refusal.detail);
}

/** A word of an agent after its hello. @throws LinkError */
export function readMessage(text: string): Exclude<AgentMessage, Hello> {
  try {
    const message = AgentMessage.parse(JSON.parse(text));
    if (message.type !== "hello") return message;
  } catch {}
  throw new LinkError("a message that is none of an agent's");
}

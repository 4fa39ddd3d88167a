import { exports } from "cloudflare:workers";
import {
  Command,
  readAnswerHead,
  type StreamFailure,
  signatureBytes,
} from "../../../contracts/relay/command.ts";
import { type Frame, frameTypes, packHead, unpackHead } from "../../../contracts/relay/frame.ts";
import {
  Challenge,
  helloText,
  KeysChange,
  OutcomeQuestion,
  Refusal,
  Welcome,
} from "../../../contracts/relay/hello.ts";
import { u32 } from "../../../contracts/relay/link.ts";
import { LinkEnd } from "../../../contracts/relay/link-end.ts";
import type { LinkStream } from "../../../contracts/relay/link-stream.ts";
import { linkLimits, protocol } from "../../../contracts/relay/protocol.ts";
import type { Push } from "../../../contracts/relay/push.ts";
import { StreamBody, sendBody } from "../../../contracts/relay/stream-body.ts";
import { toBase64Url } from "../../../src/modules/clusters/relay/base64url.ts";
import { eventually, type World } from "./world.ts";

const fetcher = exports as unknown as { default: { fetch(request: Request): Promise<Response> } };
const encoder = new TextEncoder();

/** What a test's agent does with a command. A thrown `StreamFailure` refuses it. */
export type Handle = (
  command: Command,
  body: ReadableStream<Uint8Array> | undefined,
) => Response | Promise<Response>;

export interface AgentOptions {
  readonly handle?: Handle;
  /** Takes a console; what it returns hears what the user types. */
  readonly console?: (
    say: (message: string | Uint8Array) => void,
    close: (code: number) => void,
  ) => (message: string | Uint8Array) => void;
  readonly protocol?: number;
  readonly log?: { readonly seq: number; readonly hash: string };
  /** Named in the cluster row: those that the tenant may use. */
  readonly namespaces?: readonly string[] | null;
  /** Connects another agent to this cluster. */
  readonly clusterId?: string;
  /** What became of commands, when the relay asks. */
  readonly outcomes?: (id: string) => {
    readonly ran: "no" | "yes" | "unknown";
    readonly status: number | null;
  };
}

export type TestAgent = Awaited<ReturnType<typeof connectAgent>>;

/** A cluster of the world with an agent that is enrolled and connected. */
export async function connectAgent(world: World, options: AgentOptions = {}) {
  const agent = await enrollAgent(world, options);
  await agent.connect();
  return agent;
}

/** Registers a cluster and answers its id. */
export async function newCluster(world: World, more: object = {}): Promise<string> {
  const { body } = await world.ok("POST /v1/clusters", { json: { name: world.name("cluster"), ...more } });
  return body.id;
}

/** A key of an agent as it stands in requests. */
export async function newAgentKey() {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = (await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer;
  const sign = async (text: string) =>
    toBase64Url(await crypto.subtle.sign("Ed25519", pair.privateKey, encoder.encode(text)));
  return { publicKey: toBase64Url(raw), sign };
}

/** The body of an enrolment with a key of its own. */
export async function enrolmentOf(
  token: string,
  key: Awaited<ReturnType<typeof newAgentKey>>,
  more: object = {},
) {
  return {
    token,
    name: "test-agent",
    publicKey: key.publicKey,
    signature: await key.sign(`maru-agent-enroll\n${token}\n${key.publicKey}`),
    protocol: protocol.version,
    report: { version: "0.0.0-test", platform: "workerd", hostname: "test" },
    ...more,
  };
}

/** A cluster of the world with an agent that is enrolled; `connect` dials in. */
export async function enrollAgent(world: World, options: AgentOptions = {}) {
  const clusterId =
    options.clusterId ?? (await newCluster(world, { namespaces: options.namespaces ?? null }));
  const { token } = (await world.ok(`POST /v1/clusters/${clusterId}/enrolments`, { json: {} })).body;
  const key = await newAgentKey();
  const json = await enrolmentOf(token, key);
  const enrolment = (await world.ok("POST /agent/v1/enroll", { as: null, json })).body;
  const session = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const state = {
    socket: undefined as WebSocket | undefined,
    welcome: undefined as Welcome | undefined,
    refusal: undefined as Refusal | undefined,
    closed: undefined as { code: number; reason: string } | undefined,
    keys: undefined as ReturnType<typeof KeysChange.parse> | undefined,
    role: undefined as string | undefined,
    /** Bytes that are not put on the socket, as if it were cut in the middle. */
    mute: false,
  };
  const commands: Command[] = [];
  const failures: StreamFailure[] = [];
  const pushed: number[] = [];
  let pushId = 0;
  const handle: Handle = options.handle ?? (() => Response.json({ ok: true }));
  const report = {
    version: "0.0.0-test",
    platform: "workerd",
    hostname: "test",
    readOnly: false,
    drivers: [],
    policySha256: "0".repeat(64),
    log: options.log ?? { seq: 0, hash: "0".repeat(64) },
  };
  const end = new LinkEnd({
    side: "agent",
    write: (bytes) => {
      if (!state.mute && state.socket?.readyState === WebSocket.OPEN) state.socket.send(bytes);
    },
    opened: (stream, frame) => void take(stream, frame),
    told: ({ payload }) => void pushed.push(new DataView(payload.buffer, payload.byteOffset).getUint32(0)),
    later: (work, ms) => void setTimeout(work, ms),
  });

  async function take(stream: LinkStream, frame: Frame): Promise<void> {
    const { head, rest } = unpackHead(frame.payload.slice());
    const command = Command.parse(head);
    commands.push(command);
    if (frame.type === frameTypes.WS_OPEN) return takeConsole(stream);
    const body = new StreamBody(stream);
    let missing = command.bodyBytes ?? 0;
    const put = (bytes: Uint8Array, counted: boolean) => {
      body.put(bytes, counted);
      missing -= bytes.byteLength;
      if (command.bodyBytes !== undefined && missing <= 0) body.end();
    };
    stream.taker = {
      take(next) {
        if (next.type === frameTypes.REQ_DATA) put(next.payload.slice(), true);
        else if (next.type === frameTypes.REQ_END) body.end();
      },
      ended(failure) {
        failures.push(failure);
        body.fail(failure);
      },
    };
    put(rest.subarray(signatureBytes), false);
    try {
      const has = command.bodySha256 !== undefined;
      await answer(stream, await handle(command, has ? body.readable("plain", () => {}) : undefined));
    } catch (error) {
      const failure = error as Partial<StreamFailure>;
      stream.cancel({
        code: failure.code ?? "upstream_broken",
        detail: failure.detail ?? String(error),
        ran: failure.ran ?? "unknown",
      });
    }
  }

  function takeConsole(stream: LinkStream): void {
    if (options.console === undefined) {
      stream.finish(
        frameTypes.RES_FULL,
        packHead({ status: 404, headers: {} }, encoder.encode("no console here")),
      );
      return;
    }
    stream.send(frameTypes.RES, packHead({ status: 101, headers: {} }));
    const say = (message: string | Uint8Array) => {
      const data = typeof message === "string" ? encoder.encode(message) : message;
      const bytes = new Uint8Array(1 + data.byteLength);
      bytes[0] = typeof message === "string" ? 1 : 2;
      bytes.set(data, 1);
      void stream.writeWhole(frameTypes.WS_DATA, bytes);
    };
    const close = (code: number) =>
      stream.finish(frameTypes.WS_CLOSE, new Uint8Array([code >> 8, code & 255]));
    const hear = options.console(say, close);
    stream.taker = {
      take({ type, payload }) {
        if (type !== frameTypes.WS_DATA) return stream.close();
        const data = payload.slice(1);
        stream.consumed(payload.byteLength);
        hear(payload[0] === 1 ? new TextDecoder().decode(data) : data);
      },
      ended: (failure) => void failures.push(failure),
    };
  }

  async function hello(text: string): Promise<void> {
    const challenge = Challenge.parse(JSON.parse(text));
    const spoken = options.protocol ?? protocol.version;
    const facts = { agentId: enrolment.agentId, session, protocol: spoken };
    const signature = await key.sign(helloText(challenge, facts));
    const more = { epoch: end.epoch, got: end.got, report };
    state.socket?.send(JSON.stringify({ type: "hello", ...facts, ...more, signature }));
  }

  async function said(text: string): Promise<void> {
    const message = JSON.parse(text) as { type: string };
    if (message.type === "challenge") await hello(text);
    else if (message.type === "refusal") state.refusal = Refusal.parse(message);
    else if (message.type === "keys") state.keys = KeysChange.parse(message);
    else if (message.type === "role") state.role = (message as unknown as { role: string }).role;
    else if (message.type === "outcomes?") {
      const { ids } = OutcomeQuestion.parse(message);
      const told = options.outcomes ?? (() => ({ ran: "unknown" as const, status: null }));
      const outcomes = ids.map((id) => ({ id, ...told(id) }));
      state.socket?.send(JSON.stringify({ type: "outcomes", outcomes }));
    } else if (message.type === "welcome") {
      const welcome = Welcome.parse(message);
      state.role = welcome.role;
      if (welcome.resumed) end.resume(welcome.got);
      else end.begin(welcome.epoch, welcome.streams);
      state.welcome = welcome;
    }
  }

  const agent = {
    clusterId,
    agentId: enrolment.agentId as string,
    enrolment,
    key,
    commands,
    failures,
    pushed,
    end,
    state,
    /** Dials in and says hello; resolves once it was welcomed or refused. */
    async connect(): Promise<void> {
      state.welcome = state.refusal = state.closed = undefined;
      state.mute = false;
      const url = new URL(enrolment.connectUrl.replace(/^ws/, "http"));
      const request = new Request(url, { headers: { upgrade: "websocket" } });
      const { webSocket, status } = await fetcher.default.fetch(request);
      if (webSocket === null) throw new Error(`no WebSocket: ${status}`);
      state.socket = webSocket;
      (webSocket as unknown as { binaryType: string }).binaryType = "arraybuffer";
      webSocket.addEventListener("message", ({ data }) => {
        if (state.socket !== webSocket || state.mute) return;
        if (typeof data === "string") void said(data);
        else end.receive(new Uint8Array(data as ArrayBuffer));
      });
      webSocket.addEventListener("close", ({ code, reason }) => {
        if (state.socket === webSocket) state.closed = { code, reason };
      });
      webSocket.accept();
      await eventually("a welcome or a refusal", async () => state.welcome ?? state.refusal ?? state.closed);
    },
    /** The cable is pulled: nothing arrives any more in either direction, and the socket closes. */
    cut(): void {
      state.mute = true;
      state.socket?.close(1000, "cut");
    },
    tell(push: Push): number {
      pushId += 1;
      const json = encoder.encode(JSON.stringify(push));
      const payload = new Uint8Array(4 + json.byteLength);
      payload.set(u32(pushId));
      payload.set(json, 4);
      end.send(frameTypes.PUSH, 0, payload);
      return pushId;
    },
    say: (message: object) => state.socket?.send(JSON.stringify(message)),
  };
  return agent;
}

async function answer(stream: LinkStream, response: Response): Promise<void> {
  const head = readAnswerHead({
    status: response.status,
    headers: Object.fromEntries(response.headers),
  });
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  if (response.body === null || length <= linkLimits.fullAnswerBytes || !response.headers.has("x-stream")) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.byteLength <= linkLimits.fullAnswerBytes) {
      stream.finish(frameTypes.RES_FULL, packHead(head, bytes));
      return;
    }
    stream.send(frameTypes.RES, packHead(head));
    await stream.write(frameTypes.RES_DATA, bytes);
  } else {
    stream.send(frameTypes.RES, packHead(head));
    await sendBody(stream, frameTypes.RES_DATA, response.body);
  }
  stream.finish(frameTypes.RES_END);
}

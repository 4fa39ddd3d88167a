import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { newAgentKey, verifyEd25519 } from "../../../../agent/src/trust/ed25519.ts";
import {
  type AnswerHead,
  type Command,
  readAnswerHead,
  type StreamFailure,
} from "../../../../contracts/relay/command.ts";
import { frameTypes, packBytes, unpackHead } from "../../../../contracts/relay/frame.ts";
import {
  AgentMessage,
  type CommandKey,
  Hello,
  helloText,
  type Welcome,
} from "../../../../contracts/relay/hello.ts";
import { u32 } from "../../../../contracts/relay/link.ts";
import { LinkEnd } from "../../../../contracts/relay/link-end.ts";
import type { LinkStream } from "../../../../contracts/relay/link-stream.ts";
import { protocol } from "../../../../contracts/relay/protocol.ts";
import { Push } from "../../../../contracts/relay/push.ts";
import { StreamBody } from "../../../../contracts/relay/stream-body.ts";

export interface TestAnswer {
  readonly head: AnswerHead;
  /** For an answer in one frame it is there at once; else it comes. */
  readonly body: StreamBody;
  readonly stream: LinkStream;
}

/** A failure that the agent told. */
export class Refused extends Error {
  readonly failure: StreamFailure;
  constructor(failure: StreamFailure) {
    super(`${failure.code}: ${failure.detail}`);
    this.failure = failure;
  }
}

export interface TestRelay {
  readonly url: string;
  readonly identity: {
    tenantId: string;
    clusterId: string;
    agentId: string;
    connectUrl: string;
    keys: CommandKey[];
  };
  readonly hellos: Hello[];
  readonly pushes: Push[];
  readonly messages: AgentMessage[];
  agentPublicKey: string;
  welcome: Partial<Welcome>;
  protocol: { version: number; oldest: number };
  /** Whether the relay forgets the link between sockets. */
  forgetful: boolean;
  refuse:
    | { code: "revoked" | "incompatible" | "unauthenticated"; detail: string; retry: boolean }
    | undefined;
  online(): Promise<void>;
  say(message: object): void;
  command(change: Partial<Command>, body?: Uint8Array): { payload: Uint8Array; command: Command };
  send(change: Partial<Command>, body?: Uint8Array): Promise<TestAnswer>;
  sendRaw(payload: Uint8Array): Promise<TestAnswer>;
  open(type: number, payload: Uint8Array, take: Parameters<LinkEnd["start"]>[3]): LinkStream;
  /** Streams that go on when it forgets the link otherwise, as those of consoles do. */
  readonly survivors: Map<number, Parameters<LinkEnd["start"]>[3]>;
  find(stream: number): LinkStream | undefined;
  /** Cuts the socket without a word. */
  cut(): void;
  /** Sends bytes as they are, whether they are a frame or not. */
  sendBytes(bytes: Uint8Array): void;
  /** The codes with which the agent closed its sockets. */
  readonly closings: number[];
  close(code: number): void;
  stop(): Promise<void>;
}

/** The relay's side of the protocol on a real WebSocket server, as small as it can be. */
export async function startTestRelay(): Promise<TestRelay> {
  const key = newAgentKey();
  const server: Server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let socket: WebSocket | undefined;
  let session = "";
  let epoch = 0;
  let nextStream = 2;
  let online = Promise.withResolvers<void>();
  const newEnd = (): LinkEnd =>
    new LinkEnd({
      side: "relay",
      write: (bytes) => socket?.readyState === 1 && socket.send(bytes),
      opened: (stream) => stream.cancel({ code: "protocol", detail: "", ran: "no" }),
      told: (frame) => {
        relay.pushes.push(Push.parse(JSON.parse(Buffer.from(frame.payload.subarray(4)).toString())));
        end.send(
          frameTypes.PUSHED,
          0,
          u32(new DataView(frame.payload.buffer, frame.payload.byteOffset).getUint32(0)),
        );
      },
      later: (work, ms) => void setTimeout(work, ms).unref(),
    });
  let end = newEnd();

  sockets.on("connection", (incoming) => {
    const nonce = randomBytes(16).toString("base64url");
    const challenge = {
      type: "challenge" as const,
      protocol: relay.protocol,
      tenantId: "acme",
      clusterId: "cl_1",
      nonce,
      at: Date.now(),
    };
    incoming.send(JSON.stringify(challenge));
    let greeted = false;
    incoming.on("message", (data: Buffer, isBinary) => {
      if (isBinary) return void end.receive(data);
      const text = data.toString();
      if (text === "ping") return incoming.send("pong");
      if (greeted) return void relay.messages.push(AgentMessage.parse(JSON.parse(text)));
      greeted = true;
      const hello = Hello.parse(JSON.parse(text));
      relay.hellos.push(hello);
      const proof = Buffer.from(hello.signature, "base64url");
      const isProved = verifyEd25519(relay.agentPublicKey, Buffer.from(helloText(challenge, hello)), proof);
      const refusal =
        relay.refuse ??
        (isProved ? undefined : { code: "unauthenticated", detail: "not your key", retry: false });
      if (refusal !== undefined) return incoming.send(JSON.stringify({ type: "refusal", ...refusal }));
      const resumed = !relay.forgetful && hello.session === session && hello.epoch === epoch && epoch > 0;
      session = hello.session;
      socket = incoming;
      if (!resumed) {
        epoch++;
        end.fail();
        end = newEnd();
      }
      const welcome = {
        type: "welcome",
        epoch,
        resumed,
        got: end.got,
        role: "active",
        keys: [commandKey],
        rotateBy: null,
        ...(resumed ? {} : { streams: [...relay.survivors.keys()] }),
        ...relay.welcome,
      };
      incoming.send(JSON.stringify(welcome));
      if (resumed) end.resume(hello.got);
      else {
        end.begin(epoch);
        for (const [stream, taker] of relay.survivors) end.adopt(stream, taker);
      }
      online.resolve();
    });
    incoming.on("close", (code) => {
      relay.closings.push(code);
      if (socket !== incoming) return;
      socket = undefined;
      online = Promise.withResolvers();
    });
  });

  const commandKey: CommandKey = { id: "key_1", publicKey: key.publicKey, validFrom: 0, validUntil: null };
  const url = `ws://127.0.0.1:${port}`;
  let number = 0;
  const relay: TestRelay = {
    url,
    identity: { tenantId: "acme", clusterId: "cl_1", agentId: "ag_1", connectUrl: url, keys: [commandKey] },
    hellos: [],
    closings: [],
    pushes: [],
    messages: [],
    agentPublicKey: "",
    welcome: {},
    protocol,
    forgetful: false,
    refuse: undefined,
    online: () => online.promise,
    sendBytes: (bytes) => socket?.send(bytes),
    say: (message) => socket?.send(JSON.stringify(message)),
    command: (change, body) => {
      number++;
      const hash =
        body === undefined
          ? {}
          : { bodySha256: createHash("sha256").update(body).digest("hex"), bodyBytes: body.byteLength };
      const command = {
        v: 1 as const,
        id: `cmd_${`${process.pid}${number}`.padStart(26, "0")}`,
        keyId: "key_1",
        tenantId: "acme",
        clusterId: "cl_1",
        actor: "user:ann",
        operation: "test.call",
        driver: "kubernetes",
        verb: "GET" as const,
        path: "/version",
        headers: {},
        issuedAt: Date.now(),
        expiresAt: Date.now() + 60_000,
        deadlineMs: 30_000,
        nonce: randomBytes(16).toString("hex"),
        ...hash,
        ...change,
      };
      const text = JSON.stringify(command);
      const signed = Buffer.concat([Buffer.from(key.sign(text), "base64url"), body ?? new Uint8Array()]);
      return { payload: packBytes(Buffer.from(text), signed), command };
    },
    send: (change, body) => relay.sendRaw(relay.command(change, body).payload),
    sendRaw: (payload) =>
      new Promise((resolve, reject) => {
        let body: StreamBody | undefined;
        const stream = relay.open(frameTypes.REQ, payload, {
          take: (frame) => {
            if (frame.type === frameTypes.RES_DATA) body?.put(frame.payload.slice());
            else if (frame.type === frameTypes.RES_END) {
              body?.end();
              stream.close();
            } else {
              const { head, rest } = unpackHead(frame.payload);
              body = new StreamBody(stream);
              body.put(rest.slice(), false);
              if (frame.type === frameTypes.RES_FULL) {
                body.end();
                stream.close();
              }
              resolve({ head: readAnswerHead(head), body, stream });
            }
          },
          ended: (failure) => {
            body?.fail(failure);
            reject(new Refused(failure));
          },
        });
      }),
    open: (type, payload, taker) => {
      const id = nextStream;
      nextStream += 2;
      return end.start(id, type as 1, payload, taker);
    },
    survivors: new Map(),
    find: (stream) => end.find(stream),
    cut: () => socket?.terminate(),
    close: (code) => socket?.close(code, "test"),
    stop: async () => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}

/** The whole body as text. */
export async function textOf(answer: TestAnswer): Promise<string> {
  return Buffer.from(await answer.body.whole(200 * 1024 * 1024)).toString("utf8");
}

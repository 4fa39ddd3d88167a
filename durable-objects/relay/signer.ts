import { createHash } from "node:crypto";
import { type Command, signatureBytes } from "../../contracts/relay/command.ts";
import type { CommandKey } from "../../contracts/relay/hello.ts";
import { linkLimits } from "../../contracts/relay/protocol.ts";
import type { CipherPort } from "../../src/kernel/ports/cipher.ts";
import {
  commandKeyOf,
  type KeyRow,
  type LogSeal,
  openCommandKey,
  sealText,
  toBase64Url,
} from "../../src/modules/clusters/index.ts";
import { defaultTimeoutMs, type RelayCall } from "./relay-call.ts";

const encoder = new TextEncoder();
/** An agent refuses to begin a command that is older. */
const lifetimeMs = 60_000;
const mostPathCharacters = 8192;

/** Signs what goes to one cluster's agents. Keys are opened once and kept in memory. */
export class Signer {
  readonly #cipher: CipherPort;
  readonly #opened = new Map<string, Promise<CryptoKey>>();
  readonly keys: readonly KeyRow[];

  constructor(cipher: CipherPort, keys: readonly KeyRow[]) {
    this.#cipher = cipher;
    this.keys = keys;
  }

  /** The public keys, as agents are given them. */
  get publicKeys(): CommandKey[] {
    return this.keys.map(commandKeyOf);
  }

  /** The payload of a REQ or WS_OPEN: the signed command and the first bytes of its body; the rest follows as data. */
  async command(
    call: RelayCall,
    tenantId: string,
    clusterId: string,
    now: number,
  ): Promise<{ payload: Uint8Array; rest: Uint8Array | undefined }> {
    const key = this.#newest();
    if (call.path.length > mostPathCharacters)
      throw new RangeError(`a path of ${call.path.length} characters`);
    const command: Command = {
      v: 1,
      id: call.commandId,
      keyId: key.id,
      tenantId,
      clusterId,
      actor: call.actor,
      operation: call.operation,
      driver: call.driver,
      verb: call.method,
      path: call.path,
      headers: { ...call.headers },
      ...bodyFacts(call.body),
      issuedAt: now,
      expiresAt: now + lifetimeMs,
      deadlineMs: call.timeoutMs ?? defaultTimeoutMs,
      nonce: hex(crypto.getRandomValues(new Uint8Array(16))),
      ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: call.idempotencyKey }),
    };
    const head = encoder.encode(JSON.stringify(command));
    if (head.byteLength >= linkLimits.headBytes) throw new RangeError(`a head of ${head.byteLength} bytes`);
    const signature = await crypto.subtle.sign("Ed25519", await this.#open(key), head);
    const body = call.body instanceof Uint8Array ? call.body : undefined;
    const first = body?.subarray(0, linkLimits.chunkBytes);
    const payload = new Uint8Array(2 + head.byteLength + signatureBytes + (first?.byteLength ?? 0));
    new DataView(payload.buffer).setUint16(0, head.byteLength);
    payload.set(head, 2);
    payload.set(new Uint8Array(signature), 2 + head.byteLength);
    if (first !== undefined) payload.set(first, 2 + head.byteLength + signatureBytes);
    const more = body !== undefined && body.byteLength > linkLimits.chunkBytes;
    return { payload, rest: more ? body.subarray(linkLimits.chunkBytes) : undefined };
  }

  /** A head of the log of calls, signed. */
  async seal({ seq, hash }: Pick<LogSeal, "seq" | "hash">, at: number): Promise<LogSeal> {
    const key = this.#newest();
    const text = sealText(key.tenantId, key.clusterId, { seq, hash, at });
    const signed = await crypto.subtle.sign("Ed25519", await this.#open(key), encoder.encode(text));
    return { seq, hash, at, keyId: key.id, signature: toBase64Url(signed) };
  }

  /** The announcement of all keys, signed by the oldest of them: the one that most agents trust. */
  async announcement(): Promise<string> {
    const oldest = this.keys.at(-1) ?? this.#newest();
    const keys = this.publicKeys;
    const signed = await crypto.subtle.sign(
      "Ed25519",
      await this.#open(oldest),
      encoder.encode(JSON.stringify(keys)),
    );
    return JSON.stringify({ type: "keys", keys, signedBy: oldest.id, signature: toBase64Url(signed) });
  }

  #newest(): KeyRow {
    const [key] = this.keys;
    if (key === undefined) throw new Error("the cluster has no key that is valid");
    return key;
  }

  #open(key: KeyRow): Promise<CryptoKey> {
    const known = this.#opened.get(key.id);
    if (known !== undefined) return known;
    const opened = openCommandKey(this.#cipher, key);
    this.#opened.set(key.id, opened);
    return opened;
  }
}

function bodyFacts(body: RelayCall["body"]): Pick<Command, "bodySha256" | "bodyBytes"> {
  if (body === undefined || (body instanceof Uint8Array && body.byteLength === 0)) return {};
  if (!(body instanceof Uint8Array)) return { bodySha256: "stream" };
  return { bodySha256: createHash("sha256").update(body).digest("hex"), bodyBytes: body.byteLength };
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

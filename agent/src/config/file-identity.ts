import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { CommandKey } from "../../../contracts/relay/hello.ts";
import type { Identity, IdentityStore } from "../core/identity.ts";
import { type AgentKey, readAgentKey } from "../trust/ed25519.ts";

const StoredIdentity = z.object({
  tenantId: z.string(),
  clusterId: z.string(),
  agentId: z.string(),
  connectUrl: z.url(),
  keys: z.array(CommandKey).min(1),
});

/** The agent has no identity yet, or it can't be read. */
export class NoIdentity extends Error {}

/** Identity and keys as files that only their owner reads. */
export class FileIdentity implements IdentityStore {
  readonly #folder: string;
  #identity: Identity;
  #key: AgentKey;
  #next: AgentKey | undefined;

  /** @throws NoIdentity */
  constructor(folder: string) {
    this.#folder = folder;
    if (!isEnrolled(folder)) throw new NoIdentity(`${folder} holds no enrolment.`);
    try {
      this.#identity = StoredIdentity.parse(JSON.parse(readFileSync(identityFile(folder), "utf8")));
      this.#key = readAgentKey(readFileSync(keyFile(folder), "utf8"));
      const next = nextKeyFile(folder);
      this.#next = existsSync(next) ? readAgentKey(readFileSync(next, "utf8")) : undefined;
    } catch (error) {
      throw new NoIdentity(`The enrolment in ${folder} can't be read: ${(error as Error).message}`);
    }
  }

  identity(): Identity {
    return this.#identity;
  }

  trust(keys: readonly CommandKey[]): void {
    this.#identity = { ...this.#identity, keys };
    writeSecret(identityFile(this.#folder), JSON.stringify(this.#identity, null, 2));
  }

  key(): AgentKey {
    return this.#key;
  }

  nextKey(): AgentKey | undefined {
    return this.#next;
  }

  offer(key: AgentKey): void {
    this.#next = key;
    writeSecret(nextKeyFile(this.#folder), key.pem);
  }

  promote(): void {
    if (this.#next === undefined) return;
    this.#key = this.#next;
    this.#next = undefined;
    renameSync(nextKeyFile(this.#folder), keyFile(this.#folder));
  }
}

export function isEnrolled(folder: string): boolean {
  return existsSync(identityFile(folder)) && existsSync(keyFile(folder));
}

/** Keeps a new enrolment, in place of an older one. */
export function storeEnrolment(folder: string, identity: Identity, key: AgentKey): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  rmSync(nextKeyFile(folder), { force: true });
  writeSecret(keyFile(folder), key.pem);
  writeSecret(identityFile(folder), JSON.stringify(identity, null, 2));
}

/** The permission bits of the key's file; undefined when there is none. */
export function keyFileMode(folder: string): number | undefined {
  const file = keyFile(folder);
  return existsSync(file) ? statSync(file).mode & 0o777 : undefined;
}

export function keyFile(folder: string): string {
  return join(folder, "agent.key");
}

function nextKeyFile(folder: string): string {
  return join(folder, "agent.key.next");
}

function identityFile(folder: string): string {
  return join(folder, "identity.json");
}

// Written beside and renamed, so that a crash leaves the old file or the new one.
function writeSecret(file: string, text: string): void {
  rmSync(`${file}.new`, { force: true });
  const handle = openSync(`${file}.new`, "wx", 0o600);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.new`, file);
}

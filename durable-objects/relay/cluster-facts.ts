import type { KeyRotation } from "../../contracts/relay/hello.ts";
import { openSession, type Session, systemCtx } from "../../src/context.ts";
import type { Scope } from "../../src/kernel/scopes.ts";
import { stillMay } from "../../src/modules/access/index.ts";
import {
  isSignedBy,
  type RelayFacts,
  readRelayFacts,
  replaceAgentKey,
  unknownCluster,
} from "../../src/modules/clusters/index.ts";
import type { Env } from "../../src/platform/env.ts";
import { Signer } from "./signer.ts";

const keptMs = 60_000;

/** What the database says of a relay's cluster. What signs is kept in memory for a minute, or until it is read again. */
export class ClusterFacts {
  readonly #env: Env;
  readonly #after: (work: Promise<unknown>) => void;
  readonly tenantId: string;
  readonly clusterId: string;
  #known: { readonly signer: Signer; readonly at: number } | undefined;

  constructor(env: Env, tenantId: string, clusterId: string, after: (work: Promise<unknown>) => void) {
    this.#env = env;
    this.tenantId = tenantId;
    this.clusterId = clusterId;
    this.#after = after;
  }

  /** Without waiting where it is known. @throws not_found `clusters.unknown` */
  signer(): Signer | Promise<Signer> {
    const known = this.#known;
    if (known !== undefined && Date.now() - known.at < keptMs) return known.signer;
    return this.read().then((facts) => {
      if (facts === undefined || this.#known === undefined) throw unknownCluster(this.clusterId);
      return this.#known.signer;
    });
  }

  /** Who may connect and what signs, now. */
  read(): Promise<RelayFacts | undefined> {
    return this.#with(async ({ db, ports, now }) => {
      const facts = await readRelayFacts(db, this.tenantId, this.clusterId, now);
      this.#known = facts && { signer: new Signer(ports.cipher, facts.keys), at: now.getTime() };
      return facts;
    });
  }

  /** Whether the one who asked for a command earlier, `kind:id`, may still do it. */
  stillMay(actor: string, scope: Scope): Promise<boolean> {
    return this.#with(({ db, now }) => stillMay(db, this.tenantId, actor, scope, now));
  }

  /** Takes an agent's new key in; false when it is not proved by the old one and by itself. */
  async rotateKey(agentId: string, message: ReturnType<typeof KeyRotation.parse>): Promise<boolean> {
    const agent = (await this.read())?.agents.get(agentId);
    const text = `maru-agent-rotate\n${agentId}\n${message.publicKey}`;
    const isProved =
      agent !== undefined &&
      (await isSignedBy(agent.publicKey, message.signature, text)) &&
      (await isSignedBy(message.publicKey, message.newSignature, text));
    if (!isProved) return false;
    await this.#with((session) =>
      replaceAgentKey(
        systemCtx(session, this.tenantId, "clusters.agent.rotateKey"),
        agent,
        message.publicKey,
      ),
    );
    return true;
  }

  async #with<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = openSession(this.#env, new Date(), this.#after);
    try {
      return await work(session);
    } finally {
      this.#after(session.db.close());
    }
  }
}

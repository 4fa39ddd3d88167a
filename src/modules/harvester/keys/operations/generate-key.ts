import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { onlyOnce } from "../../../access/index.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { writeRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { keyPairObject, keyPointers } from "../key-pair-object.ts";
import { privateKeyText, publicKeyLine } from "../key-text.rules.ts";
import { keyOf } from "../read-key.rules.ts";
import { GenerateSshKey, SshKey } from "../schemas.ts";

const Generated = z
  .strictObject({
    commandId: z.string(),
    object: SshKey,
    /** As `ssh -i` reads it. It is kept nowhere and not shown again. */
    privateKey: z.string(),
  })
  .meta({ id: "GeneratedSshKey" });

export const generateKey = defineOperation({
  action: "harvester.ssh_key.generate",
  effect: "write",
  scope: "clusters:write",
  summary:
    "Make an SSH key (Ed25519): the cluster gets its public half, the answer shows the private one once",
  input: GenerateSshKey,
  output: Generated,
  raises: writeRaises,
  resource: ({ id, namespace, name }) => entityOf({ id, namespace, name }, "keypairs"),
  idempotency: "own",
  async run(ctx, asked) {
    const { id, namespace, name } = asked;
    const kube = await openNamespace(ctx, id, namespace);
    const holdKey = await onlyOnce(ctx);
    const key = await newKey();
    const publicKey = publicKeyLine(key.publicKey, name);
    const path = pathOf("harvester", "keypairs", { namespace });
    const pair = keyPairObject({ ...asked, publicKey });
    const { commandId, object } = await kube.create(path, pair, { pointers: keyPointers });
    if (object === undefined)
      throw problem("upstream_failed", "harvester.no_answer", "The cluster answered without the key.");
    const made = keyOf(object);
    const entity = entityOf(asked, "keypairs");
    await ctx.write({ entity, after: { commandId, object: made } }, (q) => [...holdKey(q, entity)]);
    const [check = 0] = crypto.getRandomValues(new Uint32Array(1));
    return { commandId, object: made, privateKey: privateKeyText(key, name, check) };
  },
});

/** The seed stands at the end of an Ed25519 key in PKCS #8 (RFC 8410, 7). */
async function newKey(): Promise<{ seed: Uint8Array; publicKey: Uint8Array }> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const [secret, open] = await Promise.all([
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
    crypto.subtle.exportKey("raw", pair.publicKey),
  ]);
  return {
    seed: new Uint8Array(secret as ArrayBuffer).slice(-32),
    publicKey: new Uint8Array(open as ArrayBuffer),
  };
}

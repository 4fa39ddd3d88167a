import { generateKeyPairSync } from "node:crypto";
import type { SimRequest, SimResponse } from "../../words.ts";
import { kindOf } from "../admission/look.ts";
import { textAt } from "../machines/fields.ts";
import { invalidBody } from "./action-fault.ts";
import { create, inputOf } from "./asking.ts";

const sized = (bytes: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A number as SSH writes it: big-endian, with a zero before a set first bit. */
function sshNumber(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, "base64url");
  return sized((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** A new RSA key: the private half as PEM, the public one as a line of `authorized_keys`. */
function newKey(): { readonly privateKey: string; readonly publicKey: string } {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n = "", e = "" } = pair.publicKey.export({ format: "jwk" });
  const encoded = Buffer.concat([sized(Buffer.from("ssh-rsa")), sshNumber(e), sshNumber(n)]);
  return {
    privateKey: pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    publicKey: `ssh-rsa ${encoded.toString("base64")}\n`,
  };
}

/** Makes a key pair; the private half goes out once and is kept nowhere. */
export async function generateKey(request: SimRequest): Promise<SimResponse> {
  const input = await inputOf({ request });
  const name = textAt(input, "name");
  const namespace = textAt(input, "namespace");
  if (name === undefined || namespace === undefined) {
    throw invalidBody("both name and namespace is required");
  }
  const { privateKey, publicKey } = newKey();
  await create(
    { request },
    { kind: kindOf(request.world, "keypairs") },
    namespace,
    { name },
    {
      spec: { publicKey },
    },
  );
  return {
    status: 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename=${name}.pem`,
    },
    body: Buffer.from(privateKey),
  };
}

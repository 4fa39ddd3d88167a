import type * as z from "zod";
import type { ImportSshKey } from "./schemas.ts";

/** Where in the input the fields of a key pair come from. */
export const keyPointers = { "spec.publicKey": "/publicKey", metadata: "/name" };

export function keyPairObject({ namespace, name, publicKey, labels }: z.output<typeof ImportSshKey>) {
  return {
    apiVersion: "harvesterhci.io/v1beta1",
    kind: "KeyPair",
    metadata: { namespace, name, ...(labels === undefined ? {} : { labels }) },
    spec: { publicKey: publicKey.trim() },
  };
}

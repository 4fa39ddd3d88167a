import { equalInConstantTime } from "../../kernel/hash.ts";
import type { PasswordPort } from "../../kernel/ports/passwords.ts";
import { type Argon2Cost, argon2idOf } from "./argon2id.ts";

const saltBytes = 16;
const hashBytes = 32;
const phc = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Argon2id at 19 MiB and two passes: the first choice of the OWASP password storage cheat sheet that fits a Worker. */
const cost: Argon2Cost = { memoryKib: 19_456, passes: 2 };

/** Passwords hashed by argon2id in wasm; the module is given, since a Worker can't compile one from bytes. */
export function argon2Passwords(module: WebAssembly.Module): PasswordPort {
  const argon2id = argon2idOf(module);
  const derive = (password: string, salt: Uint8Array, by: Argon2Cost): string =>
    toBase64(argon2id(new TextEncoder().encode(password.normalize("NFKC")), salt, by, hashBytes));
  return {
    async hash(password) {
      const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
      const hash = derive(password, salt, cost);
      return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=1$${toBase64(salt)}$${hash}`;
    },
    async verify(password, encoded) {
      const [, memory, passes, salt, hash] = phc.exec(encoded ?? "") ?? [];
      if (salt === undefined || hash === undefined) {
        derive(password, new Uint8Array(saltBytes), cost);
        return false;
      }
      const by = { memoryKib: Number(memory), passes: Number(passes) };
      return equalInConstantTime(derive(password, fromBase64(salt), by), hash);
    },
  };
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("=", "");
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

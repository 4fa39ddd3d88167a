import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The secrets of a local deployment: made once at random, kept in a file that only the user can read. */
export function localSecrets(file: string): Record<string, string> {
  if (existsSync(file)) return parseVars(readFileSync(file, "utf8"));
  const { privateKey } = generateKeyPairSync("ed25519");
  const signingKey = {
    ...privateKey.export({ format: "jwk" }),
    kid: randomBytes(6).toString("hex"),
    alg: "EdDSA",
  };
  const secrets = {
    MARU_KEK: `k1:${randomBytes(32).toString("base64")}`,
    MARU_SIGNING_KEYS: JSON.stringify({ keys: [signingKey] }),
    MARU_BOOTSTRAP_TOKEN: randomBytes(24).toString("hex"),
    MARU_METRICS_TOKEN: randomBytes(24).toString("hex"),
  };
  mkdirSync(dirname(file), { recursive: true });
  const lines = Object.entries(secrets).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  return secrets;
}

function parseVars(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [
        line.slice(0, line.indexOf("=")),
        line.slice(line.indexOf("=") + 1).replace(/^'|'$/g, ""),
      ]),
  );
}

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const yearMs = 365 * 86_400_000;

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const integer = (bytes: Uint8Array) => der(0x02, bytes);
const oid = (...bytes: readonly number[]) => der(0x06, Uint8Array.from(bytes));
const bits = (bytes: Uint8Array) => der(0x03, Uint8Array.of(0), bytes);
const octets = (bytes: Uint8Array) => der(0x04, bytes);
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

function instant(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14);
  return der(0x18, Buffer.from(`${text}Z`));
}

function name(commonName: string): Buffer {
  const attribute = sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(commonName)));
  return sequence(der(0x31, attribute));
}

/** Basic constraints (an authority, so that it can vouch for itself) and the address as subject alternative name. */
function extensions(address: string): Buffer {
  const yes = Uint8Array.of(0x01, 0x01, 0xff);
  const authority = sequence(oid(0x55, 0x1d, 0x13), yes, octets(sequence(yes)));
  const ip = der(0x87, Uint8Array.from(address.split(".").map(Number)));
  const names = sequence(oid(0x55, 0x1d, 0x11), octets(sequence(ip, der(0x82, Buffer.from("localhost")))));
  return der(0xa3, sequence(authority, names));
}

/**
 * A certificate that vouches for itself, for an IPv4 address and `localhost`, as PEM (RFC 5280, ECDSA P-256).
 * @param validMs from now on; a negative number makes one that has run out
 */
export function selfSignedCertificate(
  address: string,
  validMs = yearMs,
): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const serial = randomBytes(8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const until = now + validMs;
  const body = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    ecdsaWithSha256,
    name("harvester-sim"),
    sequence(instant(Math.min(now, until) - 86_400_000), instant(until)),
    name("harvester-sim"),
    publicKey.export({ type: "spki", format: "der" }),
    extensions(address),
  );
  const whole = sequence(body, ecdsaWithSha256, bits(sign("sha256", body, privateKey)));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

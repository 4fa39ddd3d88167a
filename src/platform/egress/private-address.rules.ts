/** Networks that are not the internet: iana.org, special-purpose address registries of IPv4 and IPv6. */
const notPublic4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
].map((text) => {
  const [network = "", bits = "32"] = text.split("/");
  return { network: number4(network) ?? 0, size: 2 ** (32 - Number(bits)) };
});

/**
 * Whether an address that a name resolved to is one of the public internet. Of IPv6 only the global unicast networks are,
 * and those that carry an IPv4 address (6to4, NAT64, mapped) are what that is.
 */
export function isPublicAddress(address: string): boolean {
  const four = number4(address);
  if (four !== undefined) return isPublic4(four);
  const parts = parts6(address);
  if (parts === undefined) return false;
  const [first = 0, second = 0, third = 0] = parts;
  const embedded = (at: number) => isPublic4((parts[at] ?? 0) * 65_536 + (parts[at + 1] ?? 0));
  const zeros = (from: number, to: number) => parts.slice(from, to).every((part) => part === 0);
  if (zeros(0, 5) && parts[5] === 0xffff) return embedded(6);
  if (first === 0x64 && second === 0xff9b && zeros(2, 6)) return embedded(6);
  if (first === 0x2002) return embedded(1);
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false;
  if (first === 0x3fff && third < 0x1000 && second < 0x1000) return false;
  return first >= 0x2000 && first < 0x4000;
}

function isPublic4(value: number): boolean {
  return !notPublic4.some(({ network, size }) => value >= network && value < network + size);
}

function number4(text: string): number | undefined {
  const bytes = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split(".").map(Number) : [];
  if (bytes.length === 0 || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** The eight parts of an IPv6 address; undefined when it is none. */
function parts6(text: string): number[] | undefined {
  const bare = text.replace(/%.*$/, "").replace(/(\d+\.\d+\.\d+\.\d+)$/, (dotted) => {
    const value = number4(dotted) ?? Number.NaN;
    return `${Math.floor(value / 65_536).toString(16)}:${(value % 65_536).toString(16)}`;
  });
  const halves = bare.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const parts = [...head, ...Array<string>(Math.max(0, missing)).fill("0"), ...tail];
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return parts.map((part) => Number.parseInt(part, 16));
}

import { blake2b } from "@noble/hashes/blake2.js";

export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
}

interface Argon2Exports {
  readonly memory: WebAssembly.Memory;
  Hash_SetMemorySize(bytes: number): number;
  Hash_GetBuffer(): number;
  Hash_Calculate(length: number, memoryKib: number): void;
}

const version = 0x13;
const argon2idType = 2;
const blockBytes = 1024;
const firstBytes = 512 * 1024;

/**
 * Argon2id (RFC 9106) with one lane. The filling of the memory runs in wasm, the hashing around it (H0 and H′ of section
 * 3) here. The memory is kept for the next password and wiped, so an isolate never holds more than one.
 */
export function argon2idOf(module: WebAssembly.Module) {
  let exports: Argon2Exports | undefined;
  let reserved = 0;
  return function argon2id(
    password: Uint8Array,
    salt: Uint8Array,
    cost: Argon2Cost,
    hashBytes: number,
  ): Uint8Array {
    exports ??= new WebAssembly.Instance(module).exports as unknown as Argon2Exports;
    const { memoryKib, passes } = cost;
    const bytes = (memoryKib + 1) * blockBytes;
    // The buffer is placed by its first reading; memory may only be asked for to grow.
    const start = exports.Hash_GetBuffer();
    if (bytes > reserved) {
      if (exports.Hash_SetMemorySize(Math.max(bytes, firstBytes)) !== 0)
        throw new RangeError("argon2id: no memory left");
      reserved = Math.max(bytes, firstBytes);
    }
    const memory = new Uint8Array(exports.memory.buffer, start, bytes);
    const parameters = words(1, hashBytes, memoryKib, passes, version, argon2idType);
    const seed = concat(
      blake2b(
        concat(parameters, words(password.length), password, words(salt.length), salt, words(0), words(0)),
      ),
      words(0, 0),
    );
    memory.set(parameters, memoryKib * blockBytes);
    memory.set(longHash(seed, blockBytes), 0);
    seed.set(words(1), 64);
    memory.set(longHash(seed, blockBytes), blockBytes);
    exports.Hash_Calculate(0, memoryKib);
    const hash = longHash(memory.slice(0, blockBytes), hashBytes);
    memory.fill(0);
    return hash;
  };
}

function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value, true);
  return new Uint8Array(view.buffer);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function longHash(input: Uint8Array, length: number): Uint8Array {
  const first = concat(words(length), input);
  if (length <= 64) return blake2b(first, { dkLen: length });
  const out = new Uint8Array(length);
  let block = blake2b(first);
  let at = 0;
  for (; length - at > 64; at += 32) {
    out.set(block.subarray(0, 32), at);
    block = blake2b(block, { dkLen: Math.min(64, length - at - 32) });
  }
  out.set(block, at);
  return out;
}

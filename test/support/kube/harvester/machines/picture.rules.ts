/** A picture of RGB bytes, three a pixel, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export const screenWidth = 320;
export const screenHeight = 200;

function fill(
  { width, pixels }: Picture,
  [left, top, wide, high]: readonly [number, number, number, number],
  [red, green, blue]: readonly [number, number, number],
): void {
  for (let y = top; y < top + high; y++)
    for (let x = left; x < left + wide; x++) pixels.set([red, green, blue], (y * width + x) * 3);
}

/**
 * The screen of a guest: a text console with one bar for each character of its name, and one cell for each key pressed.
 * @param keys how many keys were pressed since the screen was opened
 */
export function screenOf(name: string, running: boolean, keys: number): Picture {
  const picture: Picture = {
    width: screenWidth,
    height: screenHeight,
    pixels: new Uint8Array(screenWidth * screenHeight * 3),
  };
  fill(picture, [0, 0, screenWidth, screenHeight], running ? [16, 24, 48] : [40, 40, 40]);
  fill(picture, [0, 0, screenWidth, 18], [0, 120, 90]);
  [...name].slice(0, 36).forEach((character, index) => {
    const high = 2 + ((character.codePointAt(0) ?? 0) % 12);
    fill(picture, [6 + index * 8, 15 - high, 5, high], [230, 240, 235]);
  });
  for (let key = 0; key < Math.min(keys, 36 * 16); key++)
    fill(picture, [8 + (key % 36) * 8, 28 + Math.floor(key / 36) * 10, 6, 8], [200, 220, 160]);
  const cursor = Math.min(keys, 36 * 16 - 1);
  fill(picture, [8 + (cursor % 36) * 8, 35 + Math.floor(cursor / 36) * 10, 6, 2], [255, 255, 255]);
  return picture;
}

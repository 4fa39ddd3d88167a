import { quantityText, quantityOf as readQuantity } from "../../api-server/quantity.ts";

/** A quantity of Kubernetes ("500m", "8Gi", 4) as a number; 0 when it is absent or no quantity. */
export const quantityOf = (value: unknown): number => readQuantity(value) ?? 0;

/** Bytes as a quantity, in the largest binary unit that divides them. */
export const bytesText = (bytes: number): string => quantityText(Math.round(bytes));

/** Processors as a quantity: 2 -> "2", 0.25 -> "250m". */
export const processorsText = quantityText;

import { type ByteRange, ObjectStoreError } from "./object-store";

/**
 * Returns the bytes that a Range header such as `bytes=0-99`, `bytes=100-` or `bytes=-50` asks for. `null` stands for the whole
 * object: S3 ignores a Range that it cannot read, or that names several ranges.
 *
 * @param size in bytes
 * @throws ObjectStoreError `InvalidRange` if the range begins behind the end
 */
export function parseRange(range: string | undefined, size: number): ByteRange | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? "") ?? [];
  if (first === "" && last === "") return null;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < start) return null;
  if (start < size) return { start, end };
  throw new ObjectStoreError("InvalidRange", "The requested range is not satisfiable");
}

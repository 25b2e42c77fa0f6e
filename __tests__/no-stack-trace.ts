/** Replaces a module of cdktf and cdktn that records where each token was made. Jest would look up every line of that in source maps. */
export function captureStackTrace(): string[] {
  return [];
}

/** The name of the function in cdktn. */
export const captureCreationStack = captureStackTrace;

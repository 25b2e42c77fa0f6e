/** Describes failures of the file system and of starting programs. */

/** Faults of the machine and of permissions, by error code. They can meet any command, so `machineFault` expects them anywhere. */
const MACHINE_FAULTS: Readonly<Record<string, string>> = {
  E2BIG: "the arguments and the environment are too long",
  EACCES: "permission is denied",
  EAGAIN: "the system has no resources left",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is exceeded",
  EFBIG: "the file is too large",
  EIO: "the disk reports an error",
  ELOOP: "its symbolic links form a loop",
  EMFILE: "too many files are open in this process",
  ENAMETOOLONG: "the name is too long",
  ENFILE: "too many files are open on this machine",
  ENOMEM: "there is no memory left",
  ENOSPC: "no space is left on the disk",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ESTALE: "the network file system lost it",
};

/** Codes that concern one path. In any other place they are bugs of the program. */
const PATH_PROBLEMS: Readonly<Record<string, string>> = {
  EEXIST: "it exists already",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
  ENOTDIR: "part of its path is not a folder",
  ENXIO: "nothing answers at the other end",
  EPIPE: "the reader has gone",
};

/** Describes why an operation failed, such as "no space is left on the disk (ENOSPC)". */
export function whyItFailed(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const fault = MACHINE_FAULTS[code];
  return fault === undefined ? (PATH_PROBLEMS[code] ?? message) : `${fault} (${code})`;
}

/** Describes a fault of the machine in one line. Returns `null` for any other error. */
export function machineFault(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code = "", syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined || MACHINE_FAULTS[code] === undefined) return null;
  return `${path ?? `${syscall} failed`}: ${whyItFailed(error)}`;
}

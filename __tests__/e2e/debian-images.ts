/**
 * Images for the tests, made from Debian's packages. A machine that reaches no registry makes the two base images of the
 * examples, too. The engine keeps all of them, so they are made once.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LIBRARY = "public.ecr.aws/docker/library";
const DEBIAN = `${LIBRARY}/debian:trixie-slim`;
const PYTHON = `${LIBRARY}/python:3.13-slim`;

/** The certificates that this machine trusts. A package index in its network may need them. */
const TRUSTED = "/etc/ssl/certs/ca-certificates.crt";

/** Options that leave out caches, documents and translations. */
const SLIM = [
  '--aptopt=Dir::Cache::pkgcache ""',
  '--aptopt=Dir::Cache::srcpkgcache ""',
  '--aptopt=DPkg::Post-Invoke {"rm -f /var/cache/apt/archives/*.deb";}',
  ...["doc", "locale"].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
];

/** Gives the engine the base images of the examples. Returns what is missing for it, or `null`. */
export function ensureBaseImages(): string | null {
  if (!isThere(DEBIAN) && !isPulled(DEBIAN)) {
    const script = 'mmdebstrap --variant=minbase "$@" | docker import -c "CMD bash" - "$0"';
    const made = run("sh", ["-c", script, DEBIAN, ...SLIM, "trixie", "-", mirror()]);
    if (made.status !== 0 || !isThere(DEBIAN)) return `no mmdebstrap that makes ${DEBIAN}`;
  }
  if (!isThere(PYTHON) && !isPulled(PYTHON)) {
    const trust = existsSync(TRUSTED) ? `COPY trusted.crt ${TRUSTED}\nENV PIP_CERT=${TRUSTED}\n` : "";
    const free = "rm /usr/lib/python3*/EXTERNALLY-MANAGED";
    buildImage(PYTHON, `${withPackages("python3", "python3-pip")} && ${free}\n${trust}CMD ["python3"]\n`);
  }
  return null;
}

/**
 * Builds an image if the engine does not have it.
 * @throws Error with the output of the build
 */
export function buildImage(name: string, dockerfile: string): void {
  if (isThere(name)) return;
  const folder = mkdtempSync(join(tmpdir(), "e2e-image-"));
  try {
    writeFileSync(join(folder, "Dockerfile"), dockerfile);
    if (existsSync(TRUSTED)) copyFileSync(TRUSTED, join(folder, "trusted.crt"));
    const { status, stdout, stderr } = run("docker", ["build", "--quiet", "--tag", name, folder]);
    if (status !== 0) throw new Error(`${name} cannot be built:\n${stdout}${stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the start of a Dockerfile that installs Debian's packages. */
export function withPackages(...packages: string[]): string {
  const install = `apt-get install --yes --no-install-recommends ${packages.join(" ")}`;
  return `FROM ${DEBIAN}\nRUN apt-get update && ${install} && rm -rf /var/lib/apt/lists/*`;
}

// --- internal ---

function isThere(name: string): boolean {
  return run("docker", ["image", "inspect", name]).status === 0;
}

function isPulled(name: string): boolean {
  return run("docker", ["pull", "--quiet", name]).status === 0;
}

/** Returns the source of packages that this machine uses. */
function mirror(): string {
  const { stdout } = run("apt-get", ["indextargets", "--format", "$(SITE) $(COMPONENT)"]);
  const site = stdout
    ?.split("\n")
    .find((line) => line.endsWith("/debian main"))
    ?.split(" ")[0];
  return `deb ${site ?? "http://deb.debian.org/debian"} trixie main`;
}

function run(command: string, args: readonly string[]) {
  return spawnSync(command, args, { encoding: "utf8" });
}

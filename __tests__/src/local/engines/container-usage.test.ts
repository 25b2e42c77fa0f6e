import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ContainerUsage } from "../../../../src/local/engines/container-usage";

const ID = "39bb9282669d047b31639be87c6a301a";
let root: string;
let usage: ContainerUsage | null = null;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cgroups-test-"));
});
afterEach(() => {
  usage?.close();
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const version2 = () => write("cgroup.controllers", "cpu memory\n");
const version1 = () => write("memory/memory.max_usage_in_bytes", "1\n");

function measure() {
  usage = new ContainerUsage(root);
  return { usage, measured: usage.begin("train-1") };
}

test.each(["docker/ID", "system.slice/docker-ID.scope", "machine.slice/libpod-ID.scope"])(
  "reads the peak and the CPU time of a container in the group %s",
  (path) => {
    version2();
    const { usage: reader, measured } = measure();
    const group = path.replace("ID", ID);
    reader.read();
    writeFileSync(measured.idFile!, ID);
    reader.read();
    write(`${group}/memory.peak`, "1048577\n");
    write(`${group}/cpu.stat`, "usage_usec 1234567\nuser_usec 1\nsystem_usec 2\n");
    reader.read();
    // The group vanishes with the container.
    rmSync(join(root, group), { recursive: true });
    expect(measured.end()).toEqual({ peakMemoryMiB: 2, cpuSeconds: 1.23 });
    expect(existsSync(measured.idFile!)).toBe(false);
  },
);

test("reads version 1", () => {
  version1();
  const { measured } = measure();
  writeFileSync(measured.idFile!, ID);
  write(`memory/docker/${ID}/memory.max_usage_in_bytes`, "31670272\n");
  write(`cpuacct/docker/${ID}/cpuacct.usage`, "349251978\n");
  expect(measured.end()).toEqual({ peakMemoryMiB: 31, cpuSeconds: 0.35 });
});

test("an old kernel does not tell the peak", () => {
  version2();
  const { measured } = measure();
  writeFileSync(measured.idFile!, ID);
  write(`docker/${ID}/cpu.stat`, "usage_usec 500000\n");
  expect(measured.end()).toEqual({ peakMemoryMiB: null, cpuSeconds: 0.5 });
});

test.each<[string, (idFile: string) => void]>([
  ["that was never created", () => {}],
  ["of an engine elsewhere", (idFile) => writeFileSync(idFile, ID)],
  ["with an id of another form", (idFile) => writeFileSync(idFile, "../../etc")],
])("the use of a container %s is not known", (_, begin) => {
  version2();
  const { measured } = measure();
  begin(measured.idFile!);
  expect(measured.end()).toBeNull();
});

test("a machine without control groups asks Docker for nothing", () => {
  const { measured } = measure();
  expect([measured.idFile, measured.end()]).toEqual([null, null]);
});

test("after three containers that are not found, no more are looked for", () => {
  version2();
  const { usage: reader, measured } = measure();
  const others = ["b", "c"].map((name) => reader.begin(name));
  for (const { idFile, end } of [measured, ...others]) {
    writeFileSync(idFile!, ID);
    end();
  }
  expect(reader.begin("d").idFile).toBeNull();
});

test("leaves no file behind", () => {
  version2();
  const { usage: reader, measured } = measure();
  writeFileSync(measured.idFile!, ID);
  reader.close();
  expect(existsSync(dirname(measured.idFile!))).toBe(false);
  expect(readdirSync(root)).toEqual(["cgroup.controllers"]);
});
